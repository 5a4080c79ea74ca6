"""RFM: how recently, how often and for how much each customer bought, as scores and segments."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, ClassVar

import pandas as pd

from playbook.base.formats import Formats, plural
from playbook.base.periods import Window
from playbook.data.book import Book
from playbook.page import Col, Figure, Result, Table, section, table
from playbook.page.kpi import Kpi
from playbook.segments.figures.value import segment_bars
from playbook.segments.population import Population, population
from playbook.segments.states import BY_SCORE, NEVER

from .maps import MAPS, SegmentMap, proof_of
from .scores import AXES, AXIS_LABEL, Thresholds, threshold_table
from .segment_profile import PROFILE, ScoredCustomers, SegmentRows, assign, profile_of

QUICK_DAYS = 30  # below this, days since the last order say more about chance than about leaving


@dataclass(frozen=True)
class Rfm(Result):
    """Customers scored and put into segments.

    thresholds: None where nobody can be scored; map: the leading segment map; active: customers
    with an order in the window; observed_days: days of the window in which the book has orders.
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

    def figure(self) -> Figure:
        return segment_bars(self.table, self.note, self.fmt)

    @property
    def note(self) -> str:
        return (
            f"customers by segment · {self.window.label} · n ="
            f" {self.fmt.count(len(self.customers))} customers · amounts net of refunds in"
            f" {self.currency} · as of {self.fmt.text(self.as_of, 'date')}"
        )

    def tables(self) -> Sequence[Table]:
        other = MAPS["source" if self.map is MAPS["eleven"] else "eleven"]
        tables = [self.segment_table()]
        if self.thresholds:
            tables.append(threshold_table(self.thresholds, self.distinct, self.note, self.fmt))
            tables.append(
                table(
                    profile_of(self.customers, other, by="other").query("customers > 0"),
                    PROFILE[:5],
                    self.fmt,
                    title=f"The same customers on the {other.name} map",
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
            self.table[self.table["customers"] > 0],
            PROFILE,
            self.fmt,
            title=f"Segments of the {self.map.name} map",
            note=self.note,
            total=total,
        )

    @property
    def distinct(self) -> dict[str, int]:
        """Number of different scores given on each axis; fewer than five when many customers have
        the same value.
        """
        return {axis: int(self.customers[axis[0]].nunique()) for axis in AXES}

    def reading(self) -> str:
        inside = self.table[~self.table["outside"]]
        if not inside["customers"].sum():
            return "No customer has a positive net amount in the window: there is nobody to score."
        best, risk = inside.loc[inside["revenue"].idxmax()], inside[inside["save"]]
        text = (
            f"{self._many(best['customers'])} in “{best['segment']}” bring"
            f" {self.fmt.share(best['revenue_share'])} of revenue."
            f" {self._many(risk['customers'].sum())} with"
            f" {self.fmt.money(risk['revenue'].sum(), compact=True)} of past revenue are in"
            " segments that are cooling or lapsed. "
        )
        return " ".join(
            filter(
                None, (text.strip(), self._quick_text(), self._outside_text(), self._ties_text())
            )
        )

    def _quick_text(self) -> str:
        """A warning where all buy so often that a low recency score is no sign of leaving."""
        longest = self.thresholds.recency[-1]
        if longest >= QUICK_DAYS:
            return ""
        return (
            f"Four in five customers ordered within {self.fmt.text(longest, 'days')}: a low recency"
            " score is no sign of leaving here; the call list looks at each customer's own rhythm"
            " instead."
        )

    def _many(self, n: float) -> str:
        return plural(int(n), "customer")

    def _outside_text(self) -> str:
        parts = [
            f"{self._many(row['customers'])} {row['segment']}"
            f" ({self.fmt.money(row['revenue'], compact=True)})"
            for _, row in self.table[
                self.table["outside"] & (self.table["customers"] > 0)
            ].iterrows()
        ]
        return f"Listed apart: {', '.join(parts)}." if parts else ""

    def _ties_text(self) -> str:
        few = [f"{AXIS_LABEL[axis][0].lower()} {n}" for axis, n in self.distinct.items() if n < 5]
        return (
            f"Customers that are alike leave fewer than five scores in use: {', '.join(few)}."
            if few
            else ""
        )

    def headline(self) -> str:
        inside = self.table[~self.table["outside"]]
        if not inside["customers"].sum():
            return "Segments: no customer to score."
        best, risk = inside.loc[inside["revenue"].idxmax()], inside[inside["save"]]
        return (
            f"Segments: {plural(self.active, 'active customer')}; {best['segment']}"
            f" {self.fmt.count(best['customers'])} with {self.fmt.share(best['revenue_share'])} of"
            f" revenue; {self.fmt.count(risk['customers'].sum())} cooling or lapsed with"
            f" {self.fmt.money(risk['revenue'].sum(), compact=True)}."
        )

    def kpis(self) -> Sequence[Kpi]:
        rows = self.table.to_dict("records")
        return [
            Kpi("customers.active", "rfm_window", self.active, "count", n=len(self.customers)),
            *(
                Kpi(
                    "rfm.customers",
                    "rfm_window",
                    int(row["customers"]),
                    "count",
                    {"segment": row["segment"]},
                    n=len(self.customers),
                )
                for row in rows
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
        return (
            (
                "Recency is days from the last order to the as-of date, frequency the number of"
                f" distinct orders, monetary the net amount, all in {self.window.label}. Refunds"
                " lower the amount and are no orders. Customers without an order in that window"
                " are dormant; customers whose refunds took everything are listed apart; neither"
                " is scored, both stay in the totals."
            ),
            (
                f"{proof_of(list(MAPS.values()))} “{BY_SCORE}” is a segment of customers who did"
                " order in the window, long ago, seldom and little."
            ),
        )

    def members(self, segment: str, top: int = 15) -> Table:
        """The customers of one segment, largest net first."""
        rows = self.customers[self.customers["segment"] == segment].sort_values(
            ["net", "customer_id"], ascending=[False, True]
        )
        columns = [
            Col("name", weight=2),
            Col("owner", weight=1.5),
            Col("last", "date", "Last order"),
            Col("orders", "count", "Orders"),
            Col("net", "money", "Net amount"),
            Col("score", label="R F M"),
        ]
        rows = rows.assign(
            score=[
                f"{r} {f} {m}" if r == r else "–"
                for r, f, m in rows[["r", "f", "m"]].astype("Int64").astype(str).to_numpy()
            ]
        )
        return table(
            rows, columns, self.fmt, title=f"Customers in “{segment}”", note=self.note, limit=top
        )


@section("rfm")
def rfm(book: Book) -> Rfm:
    """Scores and segments of the customers on the as-of date. Needs orders (customer_id, amount,
    date).
    """
    people = population(book)
    thresholds = Thresholds.of(people.scored, book.settings.segments)
    return segmented(people, thresholds, MAPS[book.settings.segments.segment_map], book.currency)


def segmented(
    people: Population, thresholds: Thresholds | None, leading: SegmentMap, currency: str
) -> Rfm:
    """Scores and segments for given thresholds: quantiles of the day, those of the settings, of an
    earlier month or of a slider.
    """
    other = MAPS["source" if leading is MAPS["eleven"] else "eleven"]
    customers = assign(
        people.frame[people.frame["state"] != NEVER],
        thresholds,
        segment=leading,
        other=other,
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
    )
