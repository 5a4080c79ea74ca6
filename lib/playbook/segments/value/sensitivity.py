"""How firm the segments are: customers who change segment when thresholds move by a tenth, or the
as-of date by a week.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Annotated, Any, ClassVar

import pandas as pd

from playbook.base import contracts as column
from playbook.base.errors import NotAvailable
from playbook.base.formats import Formats, plural
from playbook.base.language import say
from playbook.data.book import Book
from playbook.page import Col, Missing, Result, Table, section, table
from playbook.segments.population import GIVES, SCORED, WEEK, population

from .rfm import Rfm, rfm
from .scores import AXES, AXIS_LABEL
from .segment_profile import assign

FIRM, LOOSE = 0.1, 0.3  # shares that change segment below which segments are firm, from which not
MOVED = 0.10  # share by which the thresholds of an axis are moved, up and down


class SegmentShifts(column.Frame):
    """One row per change that was tried."""

    change = column.text("what was changed")
    moved = column.count("customers who change segment")
    share = column.share("of scored customers")
    revenue = column.money("net amount of those customers in the RFM window")


@dataclass(frozen=True)
class Sensitivity(Result):
    """How many customers change segment under small changes. scored: customers with scores."""

    section: ClassVar[str] = "sensitivity"
    table: Annotated[pd.DataFrame, SegmentShifts]
    scored: int
    as_of: date
    fmt: Formats

    def tables(self) -> Sequence[Table]:
        columns = [
            Col("change", label="If", weight=3),
            Col("moved", "count", "Customers that change segment"),
            Col("share", "share", "of scored customers"),
            Col("revenue", "money", "Their revenue"),
        ]
        return [
            table(
                self.table,
                columns,
                self.fmt,
                title=say("How firm the segments are"),
                note=(
                    say(
                        "customers whose segment changes · RFM window · n = {scored} scored"
                        " customers · as of {as_of}",
                        scored=self.fmt.count(self.scored),
                        as_of=self.fmt.text(self.as_of, "date"),
                    )
                ),
            )
        ]

    def reading(self) -> str:
        if self.table.empty:
            return say("No customer is scored: nothing can move.")
        worst = self.table.loc[self.table["moved"].idxmax()]
        if not worst["moved"]:
            return say(
                "No customer changes segment by any of these changes: the segments"
                " are firm against them."
            )
        n = int(worst["moved"])
        return say(
            "The largest effect: {change}, and {customers} ({share}) {en_change}"
            " segment: {firmness}.",
            change=worst["change"].lower(),
            customers=plural(n, "customer"),
            share=self.fmt.share(worst["share"]),
            en_change="changes" if n == 1 else "change",
            firmness=_firmness(float(worst["share"])),
        )

    def notes(self) -> Sequence[str]:
        return (
            (
                say(
                    "A threshold that lies on a whole number of orders takes everyone"
                    " with exactly that number across when it is lowered; a small move"
                    " upwards then changes nobody."
                )
            ),
        )

    def headline(self) -> str:
        if self.table.empty:
            return ""
        worst = self.table.loc[self.table["moved"].idxmax()]
        if not worst["moved"]:
            return say("Firmness: no customer changes segment by the changes tried.")
        return say(
            "Firmness: at most {share} of customers change segment ({change}).",
            share=self.fmt.share(worst["share"]),
            change=worst["change"].lower(),
        )


def _firmness(share: float) -> str:
    """What the largest share of customers that change segment says about the segments."""
    if share < FIRM:
        return say("most segments are firm")
    if share < LOOSE:
        return say("read single customers near a boundary with care")
    return say("read the segment of a single customer as a hint, not as a fact")


@section("sensitivity")
def sensitivity(book: Book) -> Sensitivity:
    """Segments with the thresholds of one axis moved by ± 10 %, and with the as-of date a week
    earlier and thresholds as they are. Needs orders (customer_id, amount, date).
    """
    book.need("orders", "customer_id", "amount", "date", gives=GIVES)
    today = rfm(book)
    if isinstance(today, Missing):
        raise NotAvailable({}, GIVES, today.reason)
    if today.thresholds is None:
        return Sensitivity(SegmentShifts.make([]), 0, book.as_of, book.fmt)
    scored = today.customers[today.customers["state"] == SCORED]
    rows = [*_boundaries(today, scored), _week_earlier(book, today, scored)]
    return Sensitivity(
        SegmentShifts.make(rows),
        len(scored),
        book.as_of,
        book.fmt,
    )


def _boundaries(today: Rfm, scored: pd.DataFrame) -> list[dict[str, Any]]:
    rows = []
    for axis in AXES:
        if today.distinct[axis] < 2:
            continue  # all customers are alike here: moving the edge over them all parts nobody
        for factor in (1 - MOVED, 1 + MOVED):
            edges = tuple(edge * factor for edge in getattr(today.thresholds, axis))
            label = say(
                "{axis_label} thresholds {factor}",
                axis_label=say(AXIS_LABEL[axis][0]),
                factor=today.fmt.text(factor - 1, "share", decimals=0, sign=True),
            )
            moved = replace(today.thresholds, **{axis: edges})
            # the same customers in the same order
            other = assign(scored, moved, segment=today.map)["segment"]
            rows.append(_difference(label, scored, other))
    return rows


def _week_earlier(book: Book, today: Rfm, scored: pd.DataFrame) -> dict[str, Any]:
    then = population(book.at(book.as_of - timedelta(days=WEEK))).frame
    then = then[then["customer_id"].notna()]
    earlier = assign(then, today.thresholds, segment=today.map).set_index("customer_id")["segment"]
    other = earlier.reindex(scored["customer_id"]).set_axis(scored.index)
    return _difference(say("As-of date {week} days earlier", week=WEEK), scored, other)


def _difference(change: str, scored: pd.DataFrame, other: pd.Series) -> dict[str, Any]:
    differs = scored["segment"] != other
    return {
        "change": change,
        "moved": int(differs.sum()),
        "share": float(differs.mean()),
        "revenue": float(scored.loc[differs, "net"].sum()),
    }
