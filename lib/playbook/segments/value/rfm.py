"""RFM: how recently, how often and for how much each customer bought, as scores and segments."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated, ClassVar

import pandas as pd

from playbook.base.formats import Formats, joined, plural
from playbook.base.language import say, term
from playbook.base.periods import Window
from playbook.data.book import Book
from playbook.page import Figure, Result, Table, section, table
from playbook.page.kpi import Kpi
from playbook.segments.figures.value import segment_bars
from playbook.segments.population import Population, population
from playbook.segments.running_contracts import under_contract
from playbook.segments.states import BY_SCORE, NEVER, UNNAMED

from .maps import SOURCE, SegmentMap, maps_of, proof_of
from .rfm_texts import alike_text, outside_text, ties_text
from .rule import rule_table
from .scores import AXES, Thresholds, threshold_table
from .segment_profile import (
    PROFILE,
    ScoredCustomers,
    SegmentRows,
    assign,
    members_table,
    profile_of,
)

QUICK_DAYS = 30  # below this, days since the last order say more about chance than about leaving
OFTEN = 0.75  # share of customers within the longest recency threshold from which all buy often


@dataclass(frozen=True)
class Rfm(Result):
    """Customers scored and put into segments.

    thresholds: None where nobody can be scored; map: the leading segment map; active: customers
    with an order in the window; observed_days: days of the window that orders cover; short: a
    sentence where they do not cover all of it; bound: customers of cooling or lapsed segments whose
    contract runs; other: the map that stands beside the leading one.
    """

    section: ClassVar[str] = "rfm"
    table: Annotated[pd.DataFrame, SegmentRows]
    customers: Annotated[pd.DataFrame, ScoredCustomers]
    thresholds: Thresholds | None
    map: SegmentMap
    window: Window
    active: int
    observed_days: int
    as_of: date
    fmt: Formats
    currency: str
    short: str = ""
    bound: int = 0
    other: SegmentMap | None = None

    def figure(self) -> Figure:
        return segment_bars(self.table, self.note, self.fmt)

    @property
    def note(self) -> str:
        return say(
            "customers by segment · {label} · n = {known} customers · amounts"
            " net of refunds in {currency} · as of {as_of}",
            label=self.window.label,
            known=self.fmt.count(self.known),
            currency=self.currency,
            as_of=self.fmt.text(self.as_of, "date"),
        )

    @property
    def known(self) -> int:
        """Customers with a name; orders that name none are no customer."""
        return int(self.customers["customer_id"].notna().sum())

    def tables(self) -> Sequence[Table]:
        tables = [self.segment_table()]
        if self.thresholds:
            tables += [
                rule_table(self.customers, self.map, self.note, self.fmt),
                threshold_table(self.thresholds, self.distinct, self.note, self.fmt),
            ]
        if self.thresholds and self.other:
            tables.append(
                table(
                    profile_of(self.customers, self.other, by="other").query("customers > 0"),
                    PROFILE[:5],
                    self.fmt,
                    title=say("The same customers on the {name} map", name=term(self.other.name)),
                    note=self.note,
                )
            )
        return tables

    def segment_table(self) -> Table:
        """Segments of the leading map: customers, revenue, what to do."""
        total = {
            "segment": "All",
            "customers": self.table["customers"].sum(),
            "revenue": self.table["revenue"].sum(),
        }
        return table(
            self.table[(self.table["customers"] > 0) | (self.table["revenue"] != 0)],
            PROFILE,
            self.fmt,
            title=say("Segments of the {name} map", name=term(self.map.name)),
            note=self.note,
            total=total,
        )

    @property
    def distinct(self) -> dict[str, int]:
        """Number of different scores given on each axis; fewer than there are when many customers
        have the same value.
        """
        return {axis: int(self.customers[axis[0]].nunique()) for axis in AXES}

    def reading(self) -> str:
        inside = self.table[~self.table["outside"]]
        if not inside["customers"].sum():
            return say(
                "No customer has a positive net amount in the window: there is nobody to score."
            )
        if self.alike:
            return joined(
                filter(None, (alike_text(self.table), outside_text(self.table, self.fmt))), " "
            )
        best, risk = inside.loc[inside["revenue"].idxmax()], inside[inside["save"]]
        n, cooling = int(best["customers"]), int(risk["customers"].sum())
        text = say(
            "{many} in “{segment}” {en_bring} {revenue_share} of revenue. ",
            many=self._many(n),
            segment=term(best["segment"]),
            en_bring="brings" if n == 1 else "bring",
            revenue_share=self.fmt.share(best["revenue_share"]),
        )
        text += (
            say(
                "{many} with {revenue} of past revenue {en_are} in segments that are"
                " cooling or lapsed{bound}.",
                many=self._many(cooling),
                revenue=self.fmt.money(risk["revenue"].sum(), compact=True),
                en_are="is" if cooling == 1 else "are",
                bound=self._bound_text(),
            )
            if cooling
            else say("Nobody is in a segment that is cooling or lapsed.")
        )
        return joined(
            filter(
                None,
                (
                    text,
                    self._quick_text(),
                    outside_text(self.table, self.fmt),
                    ties_text(self.distinct, self.map.classes),
                ),
            ),
            " ",
        )

    @property
    def alike(self) -> bool:
        """Whether all scored customers have the same scores, so that segments tell nothing."""
        return all(n == 1 for n in self.distinct.values())

    def _bound_text(self) -> str:
        """How many of those who buy seldom are bound by a contract, and so not leaving."""
        if not self.bound:
            return ""
        return say("; {bound} of them under a running contract", bound=self.fmt.count(self.bound))

    def _quick_text(self) -> str:
        """A warning where a low recency score is no sign of leaving."""
        longest = self.thresholds.recency[-1]
        scored = self.customers["r"].notna()
        within = float((self.customers.loc[scored, "recency_days"] <= longest).mean())
        if longest >= QUICK_DAYS or within < OFTEN:
            return ""
        return say(
            "{within} of the scored customers ordered within {longest}: a low"
            " recency score is no sign of leaving here; the call list looks at"
            " each customer's own rhythm instead.",
            within=self.fmt.share(within, decimals=0),
            longest=self.fmt.text(int(longest), "days"),
        )

    def _many(self, n: float) -> str:
        return plural(int(n), "customer")

    def headline(self) -> str:
        inside = self.table[~self.table["outside"]]
        if not inside["customers"].sum():
            return say("Segments: no customer to score.")
        if self.alike:
            return say(
                "Segments: {active_customers}, which scores cannot tell apart.",
                active_customers=plural(self.active, "active customer"),
            )
        best, risk = inside.loc[inside["revenue"].idxmax()], inside[inside["save"]]
        cooling = int(risk["customers"].sum())
        at_risk = (
            say(
                "{cooling} cooling or lapsed with {revenue}{bound}",
                cooling=self.fmt.count(cooling),
                revenue=self.fmt.money(risk["revenue"].sum(), compact=True),
                bound=self._bound_text(),
            )
            if cooling
            else say("nobody cooling or lapsed")
        )
        return say(
            "Segments: {active_customers}; {segment} {customers} with"
            " {revenue_share} of revenue; {at_risk}.",
            active_customers=plural(self.active, "active customer"),
            segment=term(best["segment"]),
            customers=self.fmt.count(best["customers"]),
            revenue_share=self.fmt.share(best["revenue_share"]),
            at_risk=at_risk,
        )

    def kpis(self) -> Sequence[Kpi]:
        rows = self.table.to_dict("records")
        return [
            Kpi("customers.active", "rfm_window", self.active, "count", n=self.known),
            *(
                Kpi(
                    "rfm.customers",
                    "rfm_window",
                    int(row["customers"]),
                    "count",
                    {"segment": row["segment"]},
                    n=self.known,
                )
                for row in rows
                if row["segment"] != UNNAMED
            ),
            *(
                Kpi(
                    "rfm.revenue",
                    "rfm_window",
                    float(row["revenue"]),
                    self.currency,
                    {"segment": row["segment"]},
                    n=int(row["customers"]),
                )
                for row in rows
            ),
        ]

    def notes(self) -> Sequence[str]:
        shown = say(
            "“{by_score}”: customers who did order in the window, long ago, seldom and little.",
            by_score=term(BY_SCORE),
        )
        return (
            (
                say(
                    "Recency is days from the last order to the as-of date, frequency"
                    " the number of distinct orders, monetary the net amount, all in"
                    " {label}. Refunds lower the amount and are no orders. Customers"
                    " without an order in that window are dormant; customers whose"
                    " refunds took everything are listed apart; neither is scored, both"
                    " stay in the totals.{word}{short}",
                    label=self.window.label,
                    word=" " if self.short else "",
                    short=self.short,
                )
            ),
            f"{proof_of([each for each in (self.other, self.map) if each])}"
            f"{' ' + shown if SOURCE in (self.map, self.other) else ''}",
        )

    def members(self, segment: str, top: int = 15) -> Table:
        """The customers of one segment, largest net first."""
        return members_table(self.customers, segment, top, self.note, self.fmt)


@section("rfm")
def rfm(book: Book) -> Rfm:
    """Scores and segments of the customers on the as-of date. Needs orders (customer_id, amount,
    date).
    """
    people = population(book)
    thresholds = Thresholds.of(people.scored, book.settings.segments)
    found = segmented(people, thresholds, maps_of(book.settings.segments), book.currency)
    save = set(found.table.loc[found.table["save"], "segment"])
    risk = found.customers[found.customers["segment"].isin(save)]
    return replace(found, bound=int(under_contract(book, risk["customer_id"]).sum()))


def segmented(
    people: Population,
    thresholds: Thresholds | None,
    maps: Sequence[SegmentMap],
    currency: str,
) -> Rfm:
    """Scores and segments for given thresholds: quantiles of the day, those of the settings, of an
    earlier month or of a slider. maps: the leading one, and one to stand beside it.
    """
    leading, other = maps[0], maps[1] if len(maps) > 1 else None
    customers = assign(
        people.frame[people.frame["state"] != NEVER],
        thresholds,
        segment=leading,
        other=other or leading,
    )
    return Rfm(
        profile_of(customers, leading),
        customers,
        thresholds,
        leading,
        people.window,
        people.active,
        people.observed_days,
        people.as_of,
        people.fmt,
        currency,
        people.short_window,
        other=other,
    )
