"""Whom to call first: customers silent for longer than their own rhythm, by what they are worth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, ClassVar

import pandas as pd

from playbook.base import contracts as column
from playbook.base.formats import Formats, plural
from playbook.base.periods import Calendar
from playbook.data.book import Book
from playbook.page import (
    Action,
    Col,
    Missing,
    Result,
    Table,
    Worksheet,
    actions_sheet,
    section,
    table,
)
from playbook.segments.value.rfm import Rfm, rfm
from playbook.segments.workdays import working_day

LATE_GAPS = 2.0  # silent for more than this many of the customer's own gaps between orders


class CustomersToCall(column.Frame):
    """One row per customer to call, most valuable first."""

    customer_id = column.text("the customer")
    name = column.text("its name")
    owner = column.text("name of the rep in charge")
    owner_id = column.text("the rep in charge")
    segment = column.text("its segment")
    action = column.text("what to do, by segment")
    due = column.day("by when")
    worth = column.money("net amount of the RFM window per 365 days of data")
    recency_days = column.days("since the last order")
    why = column.text("the reason, in words")


@dataclass(frozen=True)
class Calls(Result):
    """Customers of segments at risk that are overdue by their own rhythm.

    in_rhythm: customers of the same segments that ordered within their usual rhythm; top: how many
    are shown.
    """

    section: ClassVar[str] = "who-to-call"
    table: Annotated[pd.DataFrame, CustomersToCall]
    in_rhythm: int
    top: int
    as_of: date
    fmt: Formats

    def tables(self) -> Sequence[Table]:
        columns = [
            Col("name", weight=2),
            Col("owner", weight=1.5),
            Col("segment", weight=1.2),
            Col("action", label="What to do", weight=3),
            Col("due", "date"),
            Col("worth", "money", "Worth a year"),
            Col("why", label="Why", weight=2),
        ]
        return [
            table(
                self.table,
                columns,
                self.fmt,
                title="Whom to call first",
                limit=self.top,
                note=(
                    "worth = net amount of the RFM window per 365 days of data · as of"
                    f" {self.fmt.text(self.as_of, 'date')}"
                ),
            )
        ]

    def reading(self) -> str:
        if self.table.empty:
            return (
                "No customer is silent for longer than its rhythm explains: nobody needs to be won"
                f" back. {self._kept_out()}".strip()
            )
        shown = self.table.head(self.top)
        unowned = int(shown["owner"].str.startswith(("–", "to assign")).sum())
        text = (
            f"{plural(len(self.table), 'customer')} of cooling or lapsed segments are overdue by"
            f" their own rhythm; the first {self.fmt.count(len(shown))} hold"
            f" {self.fmt.money(shown['worth'].sum(), compact=True)} of"
            f" {self.fmt.money(self.table['worth'].sum(), compact=True)} a year."
        )
        text += (
            f" {plural(unowned, 'of them has', 'of them have')} nobody in charge: assign first."
            if unowned
            else ""
        )
        return f"{text} {self._kept_out()}".strip()

    def _kept_out(self) -> str:
        return (
            f"{plural(self.in_rhythm, 'customer')} of the same segments ordered within their usual"
            " rhythm and are left out."
            if self.in_rhythm
            else ""
        )

    def notes(self) -> Sequence[str]:
        return (
            (
                "Overdue means silent for more than twice the customer's own average gap between"
                " orders; where a customer ordered only once, the median gap of all customers"
                " stands in."
            ),
        )

    def headline(self) -> str:
        if self.table.empty:
            return "Calls: nobody to win back."
        first = self.table.iloc[0]
        return (
            f"Calls: {plural(len(self.table), 'customer')} to win back or keep,"
            f" {self.fmt.money(self.table['worth'].sum(), compact=True)} a year; first"
            f" {first['name']} by {self.fmt.text(first['due'], 'date')}."
        )

    def worksheets(self) -> Sequence[Worksheet]:
        rows = self.table.to_dict("records")
        return [
            actions_sheet(
                "Calls",
                [
                    Action(
                        f"{r['name']}: {r['action']}",
                        r["owner"],
                        r["due"],
                        f"{r['segment']}; {r['why']}",
                        r["worth"],
                    )
                    for r in rows
                ],
            )
        ]


@section("who-to-call")
def calls(book: Book, top: int = 15) -> Calls:
    """Overdue customers of segments at risk, by yearly worth, equal worth by id; ``top`` are shown.
    Needs orders (customer_id, amount, date).
    """
    scored = rfm(book)
    if isinstance(scored, Missing):
        return scored
    return ranked(scored, book.calendar, top)


def ranked(scored: Rfm, calendar: Calendar, top: int) -> Calls:
    """The call list from segments: due days follow the segment's working days."""
    info = {s.name: s for s in scored.map.segments if s.save}
    risky = scored.customers[
        scored.customers["segment"].isin(list(info)) & (scored.customers["net"] > 0)
    ]
    gap = risky["gap_days"].fillna(scored.customers["gap_days"].median()).fillna(0.0)
    late = risky["recency_days"] > LATE_GAPS * gap
    frame = risky[late]
    frame = frame.assign(
        gap=frame["gap_days"]
    )  # its own column: a longer one would add rows to an empty frame
    due = {name: working_day(scored.as_of, each.days, calendar) for name, each in info.items()}
    frame = frame.assign(
        worth=frame["net"] * 365 / scored.observed_days,
        action=frame["segment"].map({n: s.action for n, s in info.items()}),
        due=frame["segment"].map(due),
        why=[
            _why(scored, *row)
            for row in frame[["recency_days", "orders", "gap"]].itertuples(index=False)
        ],
    )
    frame = frame.sort_values(["worth", "customer_id"], ascending=[False, True]).reset_index(
        drop=True
    )
    return Calls(frame[CustomersToCall.names()], int((~late).sum()), top, scored.as_of, scored.fmt)


def _why(scored: Rfm, silent: float, orders: float, gap: float) -> str:
    rhythm = f", usually every {scored.fmt.text(gap, 'days', decimals=0)}" if gap == gap else ""
    return f"silent {scored.fmt.text(silent, 'days')}{rhythm}, {plural(int(orders), 'order')}"
