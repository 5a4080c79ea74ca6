"""Segment sizes of twelve months, by the thresholds of today."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, ClassVar

import pandas as pd

from playbook.base import contracts as column
from playbook.base.errors import NotAvailable
from playbook.base.formats import Formats, joined, plural
from playbook.base.language import later, say, term
from playbook.base.periods import Month, months_between
from playbook.data.book import Book
from playbook.data.coverage import coverage
from playbook.data.measures import customers as measures
from playbook.page import Col, Figure, Missing, Result, Table, section, table
from playbook.segments.figures.course import size_lines
from playbook.segments.population import is_scored, lines_of, orders_of
from playbook.segments.states import DORMANT

from .maps import SegmentMap
from .rfm import rfm
from .scores import Thresholds

MONTHS = 12
GIVES = later("how the segments grew and shrank over twelve months")
CLOSE = later("near their rhythm")  # segments in which no revenue is at risk
COOLING = later("cooling or lapsed")


class SegmentSizes(column.Frame):
    """One row per month and segment, dormant customers last."""

    month = column.month("the month; sizes on its last day")
    segment = column.text("segment of the leading map, or dormant")
    customers = column.count("customers in it")
    revenue = column.money("their net amount in the RFM window that ends with the month")
    save = column.flag("revenue is at risk here")


@dataclass(frozen=True)
class Sizes(Result):
    """Segment sizes at the last twelve month ends, by today's thresholds.

    caveat: a sentence where the RFM window of the first months is not covered whole.
    """

    section: ClassVar[str] = "segment-sizes"
    table: Annotated[pd.DataFrame, SegmentSizes]
    months: tuple[Month, ...]
    as_of: date
    fmt: Formats
    caveat: str = ""

    @property
    def note(self) -> str:
        return say(
            "customers on the last day of each month, by today's thresholds · as of {as_of}",
            as_of=self.fmt.text(self.as_of, "date"),
        )

    def groups(self) -> pd.DataFrame:
        """Customers per month (rows) in segments near their rhythm, cooling or lapsed, dormant."""
        kind = self.table["save"].map({True: COOLING, False: CLOSE})
        kind = kind.where(self.table["segment"] != DORMANT, DORMANT)
        found = self.table.assign(kind=kind).pivot_table(
            index="month", columns="kind", values="customers", aggfunc="sum"
        )
        return found.reindex(columns=[CLOSE, COOLING, DORMANT]).reindex(
            [str(month) for month in self.months]
        )

    def figure(self) -> Figure | None:
        return size_lines(self.groups(), self.note, self.fmt) if len(self.months) > 1 else None

    def wide(self) -> pd.DataFrame:
        """Segments in rows, months in columns, customers in cells."""
        order = list(dict.fromkeys(self.table["segment"]))
        return self.table.pivot(index="segment", columns="month", values="customers").loc[order]

    def tables(self) -> Sequence[Table]:
        wide = self.wide()
        wide = wide[wide.sum(axis=1) > 0]
        columns = [
            Col("segment", "term", weight=2),
            *(Col(str(month), "count", str(month)[2:]) for month in self.months),
        ]
        return [
            table(
                wide.reset_index(),
                columns,
                self.fmt,
                title=say("Segment sizes of twelve months"),
                note=self.note,
            )
        ]

    def reading(self) -> str:
        wide = self.wide()
        if len(self.months) < 2:
            return say("The data reach back one month only: nothing to compare.")
        first, last = self.months[0], self.months[-1]
        change = (wide[str(last)] - wide[str(first)]).drop(DORMANT, errors="ignore")
        parts = [
            say(
                "“{idxmax}” grew most, by {many}",
                idxmax=term(change.idxmax()),
                many=self._many(change.max()),
            )
            if change.max() > 0
            else "",
            say(
                "“{idxmin}” shrank most, by {many}",
                idxmin=term(change.idxmin()),
                many=self._many(-change.min()),
            )
            if change.min() < 0
            else "",
        ]
        told = joined(filter(None, parts), "; ") or say("no segment changed its size")
        span = say(
            "{first} to {last}",
            first=self.fmt.text(first, "month"),
            last=self.fmt.text(last, "month"),
        )
        return say("From {span}, by the same thresholds, {told}.", span=span, told=told)

    def _many(self, n: float) -> str:
        return plural(int(n), "customer")

    def notes(self) -> Sequence[str]:
        return (
            (
                say(
                    "Every month end is judged by the thresholds of the as-of date, so a"
                    " segment grows by what customers did, not because others moved the"
                    " quantiles. Dormant: ordered before, but not in the window that"
                    " ends with the month.{caveat}",
                    caveat=self.caveat,
                )
            ),
        )


@section("segment-sizes")
def sizes(book: Book) -> Sizes:
    """Segment sizes at the last twelve month ends known to the data. Needs orders (customer_id,
    amount, date).
    """
    book.need("orders", "customer_id", "amount", "date", gives=GIVES)
    today = rfm(book)
    if isinstance(today, Missing):
        raise NotAvailable({}, GIVES, today.reason)
    if today.thresholds is None:
        raise NotAvailable({}, GIVES, say("nobody has a positive net amount in the window"))
    known = coverage(book, "orders")
    months = [
        month
        for month in months_between(book.month - (MONTHS - 1), book.month)
        if known.first is None or min(month.end, book.as_of) >= known.first
    ]
    ends = [min(month.end, book.as_of) for month in months]
    spans = {str(i): book.at(end).window("rfm_window") for i, end in enumerate(ends)}
    sums = measures.totals(orders_of(book), spans, lines=lines_of(book))
    rows = [
        row | {"month": str(month)}
        for i, (month, end) in enumerate(zip(months, ends, strict=True))
        for row in _on(sums, i, end, today.map, today.thresholds)
    ]
    return Sizes(
        SegmentSizes.make(rows),
        tuple(months),
        book.as_of,
        book.fmt,
        _caveat(book, ends[0]),
    )


def _on(
    sums: pd.DataFrame, i: int, end: date, leading: SegmentMap, thresholds: Thresholds
) -> list[dict]:
    """Rows of one month without the month, from sums per customer of all windows."""
    day = pd.Timestamp(end)
    frame = pd.DataFrame(
        {
            "customer_id": sums["customer_id"],
            "orders": sums[f"orders_{i}"],
            "net": sums[f"net_{i}"].fillna(0.0),
            "recency_days": (day - sums[f"last_{i}"]).dt.days.astype(float),
        }
    )
    scored = frame[is_scored(frame)]
    names, save = leading.names, {one.name: one.save for one in leading.segments}
    if len(scored):
        scores = thresholds.scores(scored)
        codes = leading.codes(*(scores[axis].to_numpy() for axis in "rfm"))
        scored = scored.assign(segment=pd.array(names, dtype="str").take(codes))
        grouped = scored.groupby("segment")["net"].agg(["size", "sum"])
    else:
        grouped = pd.DataFrame({"size": [], "sum": []})
    began = sums["customer_id"].notna() & (sums["first"] <= day)
    dormant = int((began & (sums[f"orders_{i}"] == 0)).sum())
    found = grouped.reindex(names).fillna(0)
    return [
        *(
            {
                "segment": name,
                "customers": int(found.loc[name, "size"]),
                "revenue": float(found.loc[name, "sum"]),
                "save": save[name],
            }
            for name in names
        ),
        {"segment": DORMANT, "customers": dormant, "revenue": 0.0, "save": False},
    ]


def _caveat(book: Book, first: date) -> str:
    """A sentence where orders do not reach back over the window of the first month."""
    window = book.at(first).window("rfm_window")
    known = coverage(book, "orders")
    if known.first is None or window.start is None or window.start >= known.first:
        return ""
    return say(
        " Orders begin on {first}, after the window of the first month"
        " begins: until they fill it, all sizes together grow for that alone.",
        first=book.fmt.text(known.first, "date"),
    )
