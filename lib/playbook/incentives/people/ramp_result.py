"""New hires' first deals as the page shows them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated

import pandas as pd

from playbook.base import contracts as c
from playbook.base.contracts import Frame
from playbook.base.formats import Formats, plural
from playbook.base.language import say
from playbook.incentives.figures import people as figures
from playbook.methods.intervals import Rate
from playbook.methods.survival import Incidence
from playbook.page import Action, Col, Figure, Result, Table, table
from playbook.page.kpi import Kpi

from .hires import ALL, ALONE, MENTORED, Hires, hires_said
from .tenure import TenureSales, band_said


class FirstDealRates(Frame):
    """One row per group of new hires: all, with a mentor, without."""

    group = c.text("group of hires")
    n = c.count("hires of the group")
    judged = c.count("hires with enough days on board to be judged")
    rate = c.share("judged hires with a first deal in time", low="low", high="high")
    low = c.share("lower end of the 95 % Wilson interval")
    high = c.share("upper end of the 95 % Wilson interval")
    early_of = c.text("the rate as the page writes it")
    interval = c.text("its interval as the page writes it")
    median = c.days("Kaplan-Meier median from hire to first deal; none when not reached")
    median_of = c.text("that median with its interval")
    full_of = c.text("Kaplan-Meier median to full productivity with its interval")


@dataclass(frozen=True)
class Ramp(Result):
    """Days from hire to the first deal of everyone hired since the data begin.

    curves: group → Kaplan-Meier incidence of the first deal; full: of full productivity. rates:
    (group, window) → share with a first deal within ``ramp_days``. left_early: hires who left
    without a deal before that.
    """

    section = "ramp"
    table: Annotated[pd.DataFrame, FirstDealRates]
    hires: Annotated[pd.DataFrame, Hires]
    curves: dict[str, Incidence]
    full: dict[str, Incidence]
    rates: dict[tuple[str, str], Rate]
    tenure: Annotated[pd.DataFrame, TenureSales]
    left_early: int
    ramp_days: int
    as_of: date
    fmt: Formats

    @property
    def where(self) -> str:
        return say(
            "hired since the data begin · n = {hires} · as of {as_of}",
            hires=plural(len(self.hires), "hire"),
            as_of=self.fmt.text(self.as_of, "date"),
        )

    def figure(self) -> Figure | None:
        return figures.first_deals(self.curves, ramp_days=self.ramp_days, where=self.where)

    def tables(self) -> list[Table]:
        columns = [
            Col("group", "text", "New hires"),
            Col("n", "count", "Hired"),
            Col(
                "early_of",
                "text",
                say("First deal within {ramp_days} days", ramp_days=self.ramp_days),
                align="r",
            ),
            Col("interval", "text", "95 % interval", align="r"),
            Col("median_of", "text", "Median to first deal", align="r"),
            Col("full_of", "text", "Median to full productivity", align="r"),
        ]
        made = [
            table(
                self.table.assign(group=[hires_said(group) for group in self.table["group"]]),
                columns,
                self.fmt,
                title=say("First deals of new hires"),
                note=(
                    say(
                        "Share of those whose first {ramp_days} days on board were over by"
                        " {as_of}, since the data begin; Kaplan-Meier medians in days with"
                        " their 95 % intervals; full productivity: three months' credit at"
                        " the median of those on board a year or longer · {where}",
                        ramp_days=self.ramp_days,
                        as_of=self.fmt.text(self.as_of, "date"),
                        where=self.where,
                    )
                ),
            )
        ]
        if len(self.tenure):
            months = [
                Col("band", "text", "On board for"),
                Col("reps", "count", "Reps"),
                Col("months", "count", "Rep-months"),
                Col("per_month", "money", "Credited a month", low="low", high="high"),
                Col("relative", "share", "Of the longest-serving", decimals=0),
            ]
            made.append(
                table(
                    self.tenure.assign(band=[band_said(band) for band in self.tenure["band"]]),
                    months,
                    self.fmt,
                    title=say("What people sell by how long they are on board"),
                    note=(
                        say(
                            "Trailing twelve months, full months on board only, mean per rep and"
                            " month with its 95 % interval (t, months of one rep taken together)"
                            " · money in {currency} · as of {as_of}",
                            currency=self.fmt.currency,
                            as_of=self.fmt.text(self.as_of, "date"),
                        )
                    ),
                )
            )
        return made

    def reading(self) -> str:
        f, total = self.fmt, self.table.iloc[0]
        text = say(
            "{early_of} of new hires with enough time on board won a first deal"
            " within {ramp_days} days (95 % interval {interval}).",
            early_of=total.early_of,
            ramp_days=self.ramp_days,
            interval=total.interval,
        )
        pair = self.table[self.table["group"].isin([MENTORED, ALONE])]
        if len(pair) == 2 and pair["judged"].min() > 0:
            a, b = pair.iloc[0], pair.iloc[1]
            rates = {
                "mentored": f.share(a.rate),
                "alone": f.share(b.rate),
                "difference": f.text(a.rate - b.rate, "pp"),
            }
            if a.low <= b.high and b.low <= a.high:
                text += say(
                    " With a mentor {mentored}, without {alone}: a difference of {difference};"
                    " their intervals overlap, so chance could explain it.",
                    **rates,
                )
            else:
                text += say(
                    " With a mentor {mentored}, without {alone}: a difference of {difference};"
                    " their intervals do not overlap.",
                    **rates,
                )
        if self.left_early:
            text += say(
                " {hires} left without a deal before {ramp_days} days and {en_are}"
                " not in the share.",
                hires=plural(self.left_early, "hire"),
                ramp_days=self.ramp_days,
                en_are="is" if self.left_early == 1 else "are",
            )
        return text

    def headline(self) -> str:
        total = self.table.iloc[0]
        return say(
            "First deal within {ramp_days} days: {early_of} of new hires; median {median}",
            ramp_days=self.ramp_days,
            early_of=total.early_of,
            median=self.fmt.text(total["median"], "days"),
        )

    def kpis(self) -> list[Kpi]:
        found = []
        for (group, window), rate in self.rates.items():
            found.append(
                Kpi.rate(
                    "ramp.first_deal_3m",
                    window,
                    rate,
                    _by(group),
                    why=say(
                        "no hire reached {ramp_days} days on board in this window",
                        ramp_days=self.ramp_days,
                    ),
                )
            )
        of = (
            ("ramp.median_days", self.curves, say("fewer than half have won a first deal")),
            (
                "ramp.productive_median_days",
                self.full,
                say("fewer than half have reached full productivity"),
            ),
        )
        for name, curves, why in of:
            for group, curve in curves.items():
                low, high = curve.median_interval
                found.append(
                    Kpi(
                        name,
                        "all",
                        curve.median,
                        "days",
                        _by(group),
                        low,
                        high,
                        n=int(curve.n),
                        method="Kaplan-Meier, log-log Greenwood",
                        why=why,
                    )
                )
        return found

    def actions(self) -> list[Action]:
        """Hires on board for more than the ramp without a deal."""
        late = self.hires[
            ~self.hires["won"] & self.hires["left"].isna() & (self.hires["days"] > self.ramp_days)
        ].sort_values(["days", "rep_id"], ascending=[False, True])
        due = self.as_of + timedelta(days=14)
        return [
            Action(
                say("Sit in on three meetings of {rep}", rep=r.rep),
                r.mentor or say("sales manager"),
                due,
                say("{days} on board without a first deal", days=plural(int(r.days), "day"))
                if r.mentored
                else say(
                    "{days} on board without a first deal, and no mentor",
                    days=plural(int(r.days), "day"),
                ),
                None,
            )
            for r in late.head(5).itertuples(index=False)
        ]

    def notes(self) -> list[str]:
        return [
            say(
                "First deal = the rep's first won deal (without deals in the book,"
                " the first order that is not a renewal). Share = hires with at"
                " least {ramp_days} days on board whose first deal came within them."
                " In the curve, people without a deal count until the as-of date or"
                " their leaving. Who gets a mentor is not decided by lot: the"
                " comparison shows a difference, not its cause.",
                ramp_days=self.ramp_days,
            )
        ]


def _by(group: str) -> dict | None:
    return {
        ALL: None,
        MENTORED: {"mentored": "yes"},
        ALONE: {"mentored": "no"},
    }[group]
