"""RFM: how recently, how often and for how much each customer bought, scored by value and named by
a proved map.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

import pandas as pd

from playbook.base.formats import Formats, plural
from playbook.base.periods import Window
from playbook.data.book import Book
from playbook.page import Col, Figure, Result, Table, section, table
from playbook.page.kpi import Kpi
from playbook.segments.figures.value import segment_bars
from playbook.segments.population import Population, population
from playbook.segments.states import BY_SCORE, DORMANT, NET_NEGATIVE, OUTSIDE, UNNAMED

from .maps import MAPS, SegmentMap, proof_of
from .scores import AXES, Thresholds

AXIS_LABEL = {
    "recency": ("Recency", "days since the last order"),
    "frequency": ("Frequency", "orders"),
    "monetary": ("Monetary", "net amount"),
}
QUICK_DAYS = 30  # below this, days since the last order say more about chance than about leaving
PROFILE = (
    Col("segment", weight=2),
    Col("customers", "count"),
    Col("customer_share", "share", "of customers"),
    Col("revenue", "money"),
    Col("revenue_share", "share", "of revenue"),
    Col("recency_days", "days", "Median recency"),
    Col("orders", "count", "Orders each", decimals=1),
    Col("action", label="What to do", weight=3),
)
OUTSIDE_ACTION = {
    DORMANT: "Wake-up mailing only; no visits until it answers",
    NET_NEGATIVE: "Find out why everything came back before selling again",
    UNNAMED: "Name the customer in the order system",
}


@dataclass(frozen=True)
class Rfm(Result):
    """Customers scored and segmented.

    ``table``: one row per segment of the leading map, then those outside it (customers [n], revenue
    [currency, RFM window]).
    ``customers``: one row per customer with scores r, f, m and both maps' segments (customers
    outside the grid have none).
    """

    section: ClassVar[str] = "rfm"
    table: pd.DataFrame
    customers: pd.DataFrame
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
            tables.append(self._threshold_table())
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
        """The leading map's segments: how many, what they brought, what to do."""
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

    def _threshold_table(self) -> Table:
        unit = {"recency": "days", "frequency": "count", "monetary": "money"}
        rows = [
            {
                "axis": AXIS_LABEL[axis][0],
                "unit": AXIS_LABEL[axis][1],
                **{
                    f"t{i}": self.fmt.text(edge, unit[axis])
                    for i, edge in enumerate(getattr(self.thresholds, axis), 1)
                },
                "origin": (
                    "settings" if axis in self.thresholds.fixed else "20/40/60/80 % quantiles"
                ),
                "distinct": self.distinct[axis],
            }
            for axis in AXES
        ]
        columns = [
            Col("axis", label="Axis"),
            Col("unit", label="in"),
            *(Col(f"t{i}", label=f"Threshold {i}") for i in range(1, 5)),
            Col("origin", label="From"),
            Col("distinct", "count", "Scores in use"),
        ]
        return table(
            pd.DataFrame(rows),
            columns,
            self.fmt,
            title="Thresholds in raw units",
            note=(
                "score = 1 + thresholds strictly below the value; for recency 5 − thresholds"
                f" strictly below · {self.note}"
            ),
        )

    @property
    def distinct(self) -> dict[str, int]:
        """Number of different scores really given on each axis; fewer than five when many customers
        are alike.
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
        """A warning where all buy so often that a low recency score says nothing."""
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
    """Score and segment the customers of a book on its as-of date. Needs orders (customer_id,
    amount, date).
    """
    people = population(book)
    thresholds = Thresholds.of(people.scored, book.settings.segments)
    return segmented(people, thresholds, MAPS[book.settings.segments.segment_map], book.currency)


def segmented(
    people: Population, thresholds: Thresholds | None, leading: SegmentMap, currency: str
) -> Rfm:
    """The result for given thresholds: quantiles of the day, fixed ones, an earlier month's or a
    slider's.
    """
    other = MAPS["source" if leading is MAPS["eleven"] else "eleven"]
    customers = assign(
        people.frame[people.frame["state"] != "never ordered"],
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


def assign(
    customers: pd.DataFrame, thresholds: Thresholds | None, **maps: SegmentMap
) -> pd.DataFrame:
    """Customers with scores r, f, m and, per named map, the segment; outside the grid the state
    takes the segment's place.
    """
    scored = customers[customers["state"] == "scored"]
    if thresholds is None or scored.empty:
        return customers.assign(
            r=pd.NA, f=pd.NA, m=pd.NA, **{column: customers["state"] for column in maps}
        )
    scores = thresholds.scores(scored)
    columns = {}
    for column, each in maps.items():
        names = pd.Series(
            pd.array(each.names, dtype="str").take(
                each.codes(*(scores[axis].to_numpy() for axis in "rfm"))
            ),
            index=scored.index,
        )
        columns[column] = names.reindex(customers.index).fillna(customers["state"])
    return customers.assign(**scores.reindex(customers.index).astype("Int8"), **columns)


def profile_of(customers: pd.DataFrame, segments: SegmentMap, by: str = "segment") -> pd.DataFrame:
    """One row per segment in the map's order, then those outside it; parts sum to all customers and
    all revenue.
    """
    grouped = customers.groupby(by).agg(
        customers=("net", "size"),
        revenue=("net", "sum"),
        recency_days=("recency_days", "median"),
        orders=("orders", "mean"),
    )
    names = [*segments.names, *OUTSIDE]
    table = grouped.reindex(names).rename_axis("segment").reset_index()
    table = table.assign(
        customers=table["customers"].fillna(0).astype(int), revenue=table["revenue"].fillna(0.0)
    )
    whole, money = table["customers"].sum(), table["revenue"].sum()
    info = {s.name: (s.action, s.save) for s in segments.segments}
    return table.assign(
        customer_share=table["customers"] / whole if whole else None,
        revenue_share=table["revenue"] / money if money > 0 else None,
        action=[info[n][0] if n in info else OUTSIDE_ACTION[n] for n in names],
        save=[n in info and info[n][1] for n in names],
        outside=[n not in info for n in names],
    )
