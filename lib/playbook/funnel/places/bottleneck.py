"""What a narrow step costs: the revenue it would bring at the rate of the firm's own best quarter,
and the places where it is narrow.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated

import numpy as np
import pandas as pd

from playbook import page
from playbook.base.errors import NotAvailable
from playbook.base.formats import Formats, joined
from playbook.base.language import later, say
from playbook.data.book import Book
from playbook.data.measures.deals import (
    Deals,
    deals_of,
    outcome_counts,
)
from playbook.funnel.deal_lists import StoppedDeals, deals_at
from playbook.funnel.dimension_words import dimension_word
from playbook.funnel.figures.money import bottleneck_values
from playbook.funnel.steps.cohorts import rate_steps
from playbook.methods.comparisons import holm
from playbook.page import Col, Figure, Table, table
from playbook.page.kpi import Kpi

from .bottleneck_texts import bottleneck_notes
from .place import LaggingPlaces, began, places_table
from .search_steps import search_steps
from .step_value import SEED, StepValues, first_decided, step_value, values_table

OUTCOMES = (later("lost", context="deal"), later("open", context="deal"))


@dataclass(frozen=True)
class Bottleneck(page.Result):
    """What each step is worth in money, and the places that fall behind.

    searched: comparisons made in the search. small: fewest deals of a place. deals: place (its
    ``where``) → its largest deals that did not pass. looked, left_out: dimensions searched and
    not.
    """

    table: Annotated[pd.DataFrame, StepValues]
    places: Annotated[pd.DataFrame, LaggingPlaces]
    searched: int
    as_of: date
    currency: str
    fmt: Formats
    small: int
    deals: Annotated[dict[str, pd.DataFrame], StoppedDeals]
    looked: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    section = "bottleneck"

    @property
    def surest(self) -> dict | None:
        """The step of largest worth among those that lag their best quarter beyond chance."""
        rows = self.table[self.table.p <= 0.05]
        return None if rows.empty else rows.iloc[0].to_dict()

    def figure(self) -> Figure | None:
        return bottleneck_values(self.table, self.currency, self.fmt, self.as_of)

    def tables(self) -> list[Table]:
        first = values_table(self.table, self.currency, self.fmt, self.as_of)
        if self.places.empty:
            return [first]
        second = places_table(
            self.places, self.small, self.searched, self.currency, self.fmt, self.as_of
        )
        return [first, second]

    def reading(self) -> str:
        fmt = self.fmt
        rows = self.table.dropna(subset=["worth"])
        if rows.empty:
            return say(
                "No step has both mature deals in the last 12 months and a quarter"
                " with enough deals to compare with."
            )
        if self.surest is None:
            text = say(
                "No step passes fewer deals than in its best quarter by more than"
                " the luck of several quarters."
            )
        else:
            top = self.surest
            best, fair = fmt.share(top["best"]), fmt.share(top["benchmark"])
            less = (
                ""
                if best == fair
                else say(", about {fair} without the luck of being the best", fair=fair)
            )
            text = say(
                "{step} is worth most: its best quarter, {quarter}, passed"
                " {best}{less}; that instead of {rate} would bring about {worth} a"
                " year [{low} to {high}].",
                step=top["step"],
                quarter=top["quarter"],
                best=best,
                less=less,
                rate=fmt.share(top["rate"]),
                worth=fmt.money(top["worth"], compact=True),
                low=fmt.money(top["low"], compact=True),
                high=fmt.money(top["high"], compact=True),
            )
        if len(self.places):
            place = self.places.iloc[0].to_dict()
            text += say(
                " Furthest below what could be expected is {where} at {step}: {rate}"
                " pass instead of {expected}, {began}; that costs about {worth} in"
                " 12 months [{low} to {high}].",
                where=place["where"],
                step=place["step"],
                rate=fmt.share(place["rate"]),
                expected=fmt.share(place["expected"]),
                began=began(place, fmt),
                worth=fmt.money(place["worth"], compact=True),
                low=fmt.money(place["low"], compact=True),
                high=fmt.money(place["high"], compact=True),
            )
        elif self.searched:
            names = [dimension_word(d) for d in self.looked]
            some = (
                names[0]
                if len(names) == 1
                else say("{names} or {names_2}", names=joined(names[:-1]), names_2=names[-1])
            )
            text += say(" No {some} falls behind by more than chance.", some=some)
        return text

    def headline(self) -> str:
        rows = self.table.dropna(subset=["worth"])
        if rows.empty:
            return ""
        fmt, top = self.fmt, self.surest
        where = (
            say(
                "; first place to look: {where}, {step}",
                where=self.places["where"].iloc[0],
                step=self.places.step.iloc[0],
            )
            if len(self.places)
            else ""
        )
        if top is None:
            return say(
                "Bottleneck: no step lags its own best quarter by more than luck{where}",
                where=where,
            )
        return say(
            "Bottleneck: {step}, worth {worth} a year at its best quarter less"
            " luck [{low} to {high}]{where}",
            step=top["step"],
            worth=fmt.money(top["worth"], compact=True),
            low=fmt.money(top["low"], compact=True),
            high=fmt.money(top["high"], compact=True),
            where=where,
        )

    def notes(self) -> list[str]:
        return bottleneck_notes(self.small, self.left_out)

    def kpis(self) -> list[Kpi]:
        kpis = []
        for row in self.table.to_dict("records"):
            missing = row["worth"] != row["worth"]
            kpis.append(
                Kpi(
                    "bottleneck.value",
                    "trailing_12m",
                    None if missing else row["worth"],
                    self.currency,
                    {"step": row["step"]},
                    row["low"],
                    row["high"],
                    n=int(row["rate_n"]),
                    method="bootstrap 95 %",
                    why=say("no quarter with enough mature deals to compare with")
                    if missing
                    else None,
                )
            )
        for row in self.places.to_dict("records"):
            kpis.append(
                Kpi(
                    "bottleneck.value",
                    "trailing_12m",
                    row["worth"],
                    self.currency,
                    {"step": row["step"], **row["by"]},
                    row["low"],
                    row["high"],
                    n=int(row["n"]),
                    method="bootstrap 95 %",
                )
            )
        return kpis

    def table_of_deals(self, rank: int = 0, top: int = 10) -> Table | None:
        """The largest deals lost or still waiting at the place of that rank; None without one."""
        if rank >= len(self.places):
            return None
        place = self.places.iloc[rank]
        rows = self.deals[place["where"]]
        rows = rows.assign(outcome=[say(o, context="deal") for o in rows.outcome])
        columns = [
            Col("opportunity_id", "text", "Deal"),
            Col("customer", "name", "Customer", weight=2),
            Col("owner", "name", "Owner"),
            Col("outcome", "text", "Outcome"),
            Col("expected", "money", "Amount"),
            Col("reason", "name", "Reason"),
        ]
        return table(
            rows,
            columns,
            self.fmt,
            title=say(
                "Deals behind it: {where}, not past {step}", where=place["where"], step=place.step
            ),
            limit=top,
            note=(
                say(
                    "Entered in the last 12 months, largest first; as of {as_of}",
                    as_of=self.fmt.text(self.as_of, "date"),
                )
            ),
        )


@page.section("bottleneck")
def bottleneck(book: Book) -> Bottleneck:
    """Each step's worth in money against the firm's own best quarter, ranked, and the places that
    fall behind.

    Needs opportunities with dated stages; amounts of won deals for the money.
    """
    return bottleneck_of(deals_of(book), book)


def bottleneck_of(deals: Deals, book: Book) -> Bottleneck:
    """The same from deals made ready before."""

    steps = rate_steps(deals, book)
    if not steps:
        raise NotAvailable(
            {"stage_events": ("stage", "entered_at")},
            say("what each step is worth in money"),
            say("no two stages carry a day"),
        )
    wins = outcome_counts(deals).query("outcome == 'won'")
    if (
        wins.n.sum() and not wins.amounts.sum()
    ):  # wins worth nothing would make every step worth nothing
        raise NotAvailable(
            {"opportunities": ("amount",)},
            say("what each step is worth in money"),
            say("no won deal carries an amount"),
        )
    rng = np.random.default_rng(SEED)
    rows = [step_value(step, first_decided(deals), book, rng) for step in steps]
    table_of_steps = StepValues.make(rows)
    found = (
        table_of_steps.assign(p=holm(table_of_steps.p))
        .sort_values(["worth", "step"], ascending=[False, True], na_position="last", kind="stable")
        .reset_index(drop=True)
    )
    spots, searched, looked, left = search_steps(
        steps, {r["step"]: r for r in rows}, deals, book, rng
    )
    frame = LaggingPlaces.make(s.row() for s in spots)
    small = book.settings.funnel.min_group
    listed = {s.where: deals_at(deals, book, s.k, s.to, s.by) for s in spots[:3]}
    return Bottleneck(
        found, frame, searched, book.as_of, book.currency, book.fmt, small, listed, looked, left
    )
