"""New hires: how long to the first deal, with and without a mentor, and what people sell by how long they are on board."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd

from playbook.base.errors import NotAvailable
from playbook.base.formats import Formats, plural
from playbook.base.kpi import Kpi
from playbook.base.survival import Incidence, kaplan_meier
from playbook.base.uncertainty import Rate
from playbook.data.book import Book
from playbook.data.measures import people
from playbook.data.measures.credits import TICKS
from playbook.page import Action, Col, Figure, Result, Table, section, table

from . import figures_team as figures
from .history import History, history

BANDS = ((0, 3, "first 3 months"), (3, 6, "months 4-6"), (6, 12, "months 7-12"), (12, 24, "second year"), (24, None, "later"))
GROUPS = (("all new hires", None), ("with a mentor", True), ("without", False))


@dataclass(frozen=True)
class Ramp(Result):
    """Days from hire to the first deal of everyone hired since the data begin.

    hires: rep_id, rep, hired, left, days [to first deal or last day seen], won, mentored. table: group, n, judged, early, rate, low, high, median, median_low, median_high.
    curves: group → Kaplan-Meier. tenure: band, months [rep-months], per_month [currency a month].
    """

    section = "ramp"
    table: pd.DataFrame
    hires: pd.DataFrame
    curves: dict[str, Incidence]
    rates: dict[tuple[str, str], Rate]
    tenure: pd.DataFrame
    left_early: int
    ramp_days: int
    as_of: date
    fmt: Formats

    @property
    def where(self) -> str:
        return f"hired since the data begin · n = {plural(len(self.hires), 'hire')} · as of {self.fmt.text(self.as_of, 'date')}"

    def figure(self) -> Figure | None:
        return figures.first_deals(self)

    def tables(self) -> list[Table]:
        columns = [Col("group", "text", "New hires"), Col("n", "count", "Hired"), Col("early_of", "text", f"First deal within {self.ramp_days} days"), Col("interval", "text", "95 % interval"),
                   Col("median", "days", "Median days to first deal", low="median_low", high="median_high")]
        made = [table(self.table, columns, self.fmt, title="First deals of new hires", note=f"Share of those with at least {self.ramp_days} days on board; Kaplan-Meier median with its 95 % interval · {self.where}")]
        if len(self.tenure):
            months = [Col("band", "text", "On board for"), Col("months", "count", "Rep-months"), Col("per_month", "money", "Credited a month"), Col("relative", "share", "Of the longest-serving", decimals=0)]
            made.append(table(self.tenure, months, self.fmt, title="What people sell by how long they are on board", note=f"Trailing twelve months, months on board only, mean per rep and month · money in {self.fmt.currency} · as of {self.fmt.text(self.as_of, 'date')}"))
        return made

    def reading(self) -> str:
        f, total = self.fmt, self.table.iloc[0]
        text = f"{total.early_of} of new hires with enough time on board won a first deal within {self.ramp_days} days (95 % interval {total.interval})."
        pair = self.table[self.table["group"].isin([GROUPS[1][0], GROUPS[2][0]])]
        if len(pair) == 2 and pair["judged"].min() > 0:
            a, b = pair.iloc[0], pair.iloc[1]
            apart = "their intervals overlap, so chance could explain it" if a.low <= b.high and b.low <= a.high else "their intervals do not overlap"
            text += f" With a mentor {f.share(a.rate)}, without {f.share(b.rate)}: a difference of {f.text(a.rate - b.rate, 'pp')}; {apart}."
        if self.left_early:
            text += f" {plural(self.left_early, 'hire')} left without a deal before {self.ramp_days} days and {'is' if self.left_early == 1 else 'are'} not in the share."
        return text

    def headline(self) -> str:
        total = self.table.iloc[0]
        return f"First deal within {self.ramp_days} days: {total.early_of} of new hires; median {self.fmt.text(total['median'], 'days')}"

    def kpis(self) -> list[Kpi]:
        found = []
        for (group, window), rate in self.rates.items():
            found.append(Kpi.rate("ramp.first_deal_3m", window, rate, _by(group), why=f"no hire reached {self.ramp_days} days on board in this window"))
        for group, curve in self.curves.items():
            low, high = curve.median_interval
            found.append(Kpi("ramp.median_days", "all", curve.median, "days", _by(group), low, high, n=int(curve.n), method="Kaplan-Meier, log-log Greenwood", why="fewer than half have won a first deal"))
        return found

    def actions(self) -> list[Action]:
        """Hires on board for more than the ramp without a deal."""
        late = self.hires[~self.hires["won"] & self.hires["left"].isna() & (self.hires["days"] > self.ramp_days)].sort_values(["days", "rep_id"], ascending=[False, True])
        due = self.as_of + timedelta(days=14)
        return [Action(f"Sit in on three meetings of {r.rep}", r.mentor or "sales manager", due, f"{plural(int(r.days), 'day')} on board without a first deal" + ("" if r.mentored else ", and no mentor"), None)
                for r in late.head(5).itertuples(index=False)]

    def notes(self) -> list[str]:
        return [f"First deal = the rep's first won deal (without deals in the book, the first order that is not a renewal). Share = hires with at least {self.ramp_days} days on board whose first deal came within them. In the curve, people without a deal count until the as-of date or "
                "their leaving. Who gets a mentor is not decided by lot: the comparison shows a difference, not its cause."]


def _by(group: str) -> dict | None:
    return {GROUPS[0][0]: None, GROUPS[1][0]: {"mentored": "yes"}, GROUPS[2][0]: {"mentored": "no"}}[group]


@section("ramp")
def ramp(book: Book) -> Result:
    """New hires' first deals; needs reps.hired."""
    book.need("reps", "hired", gives="how long new hires take to their first deal, with and without a mentor")
    past = history(book)
    hires = hired(past)
    if not len(hires):
        raise NotAvailable({}, gives="how long new hires take to their first deal", because="no one was hired since the data begin")
    days = book.settings.incentives.ramp_days
    curves, rates, rows = {}, {}, []
    for name, mentored in GROUPS:
        part = hires if mentored is None else hires[hires["mentored"] == mentored]
        if not len(part):
            continue
        curve = curves[name] = kaplan_meier(part["days"], part["won"])
        for window in ("all", "trailing_12m"):
            rates[name, window] = early_rate(part, days, book.window(window), book.as_of)
        rate = rates[name, "all"]
        rows.append({"group": name, "n": len(part), "judged": rate.n, "rate": rate.value, "low": rate.interval[0], "high": rate.interval[1], "early_of": book.fmt.rate(rate.numerator, rate.denominator),
                     "interval": book.fmt.interval(*rate.interval, "share"), "median": curve.median, "median_low": curve.median_interval[0], "median_high": curve.median_interval[1]})
    early = hires[hires["left"].notna() & ~hires["won"] & (hires["days"] < days)]
    return Ramp(table=pd.DataFrame(rows), hires=hires, curves=curves, rates=rates, tenure=by_tenure(past), left_early=len(early), ramp_days=days, as_of=book.as_of, fmt=book.fmt)


def hired(past: History) -> pd.DataFrame:
    """Sellers hired since the first order, with days to their first deal or to the last day seen."""
    end = pd.Timestamp(past.book.as_of)
    sales = people.first_wins(past.book)
    rows = past.people[(past.people["hired"] >= past.orders["date"].min()) & (past.people["hired"] <= end) & past.people["rep_id"].isin(past.sellers)].copy()
    first = rows["rep_id"].map(sales)
    rows["won"] = (first >= rows["hired"]).to_numpy()
    last = rows["left"].fillna(end).clip(upper=end)
    rows["days"] = (first.where(rows["won"], last) - rows["hired"]).dt.days
    rows["mentored"] = rows["mentor_id"].notna()
    return rows.assign(rep=[past.name(r) for r in rows["rep_id"]], mentor=[past.name(m) if isinstance(m, str) else "" for m in rows["mentor_id"]]).reset_index(drop=True)


def early_rate(hires: pd.DataFrame, days: int, window, as_of: date) -> Rate:
    """Hires with at least ``days`` on board, reached in the window, and those of them whose first deal came within ``days``."""
    mark = hires["hired"] + pd.Timedelta(days=days)
    last = hires["left"].fillna(pd.Timestamp(as_of)).clip(upper=pd.Timestamp(as_of))
    stayed = hires[(mark <= last) & ((mark >= pd.Timestamp(window.start)) if window.start else True)]
    return Rate(int((stayed["won"] & (stayed["days"] <= days)).sum()), len(stayed))


def by_tenure(past: History) -> pd.DataFrame:
    """Credited amount a month in the trailing twelve months, by how long the rep had been on board."""
    known = past.people[past.people["hired"].notna() & past.people["rep_id"].isin(past.sellers)]
    months = pd.period_range(end=pd.Period(past.book.as_of, freq="M"), periods=12, freq="M")
    grid = known.assign(key=1).merge(pd.DataFrame({"month": months, "key": 1}), on="key")
    start, end = grid["month"].dt.start_time, grid["month"].dt.end_time
    grid = grid[(grid["hired"] <= start) & (grid["left"].isna() | (grid["left"] >= end.dt.normalize()))]
    if not len(grid):
        return pd.DataFrame()
    credit = past.orders.assign(month=past.orders["date"].dt.to_period("M")).groupby(["rep_id", "month"])["amount"].sum() / TICKS
    grid["amount"] = [float(credit.get(key, 0.0)) for key in zip(grid["rep_id"], grid["month"], strict=True)]
    on_board = (grid["month"].dt.year - grid["hired"].dt.year) * 12 + grid["month"].dt.month - grid["hired"].dt.month
    rows = []
    for low, high, name in BANDS:
        part = grid[(on_board >= low) & ((on_board < high) if high else True)]
        if len(part):
            rows.append({"band": name, "months": len(part), "per_month": float(part["amount"].mean())})
    frame = pd.DataFrame(rows)
    best = frame["per_month"].iloc[-1]
    return frame.assign(relative=frame["per_month"] / best if best > 0 else np.nan)


