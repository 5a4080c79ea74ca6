"""What to do: one list from all sections of the chapter, with owner, due date and worth."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import ClassVar

import pandas as pd

from playbook.base.formats import Formats, is_missing, plural
from playbook.base.periods import Calendar, Month
from playbook.data.book import Book
from playbook.page import Action, Col, Result, Table, Worksheet, actions_sheet, section, table

SHOWN = 15
NOBODY = "to be named"


@dataclass(frozen=True)
class Actions(Result):
    """table: what, owner, due, worth [currency, None where it cannot be said], why; most valuable
    first.
    """

    section: ClassVar[str] = "actions"
    fmt: Formats
    as_of: date
    currency: str
    table: pd.DataFrame
    items: tuple[Action, ...]
    sheets: tuple[Worksheet, ...] = ()  # of single owners, behind everybody's

    def tables(self) -> list[Table]:
        columns = [
            Col("what", label="What to do", weight=3),
            Col("owner"),
            Col("due", "date"),
            Col("worth", "money"),
            Col("why", label="Why", weight=3),
        ]
        return [
            table(
                self.table,
                columns,
                self.fmt,
                title="Actions for the plan, most valuable first",
                limit=SHOWN,
                note=(
                    f"worth: what is missing to the plan's curve, in {self.currency}; rows that cut"
                    " the same money another way (region, line) do not add up · as of"
                    f" {self.fmt.text(self.as_of, 'date')}"
                ),
            )
        ]

    def reading(self) -> str:
        if not len(self.table):
            return "Nothing in the plan asks for action today."
        first = self.table.iloc[0]
        unnamed = int((self.table["owner"] == NOBODY).sum())
        text = (
            f"{plural(len(self.table), 'action')}; the first: {first['what']} ({first['owner']}, by"
            f" {self.fmt.text(first['due'], 'date')})."
        )
        return text + (f" {unnamed} of them still need an owner." if unnamed else "")

    def headline(self) -> str:
        return (
            f"{plural(len(self.table), 'action')} for the plan."
            if len(self.table)
            else "No action for the plan."
        )

    def worksheets(self) -> list[Worksheet]:
        return [actions_sheet("Goal actions", self.items), *self.sheets]


@section("actions")
def actions(book: Book, *results: Result) -> Actions:
    """The actions the given results propose, most valuable first; results that are not available
    propose none.
    """
    items = [
        item for result in results for item in getattr(result, "actions", lambda: None)() or []
    ]
    items.sort(
        key=lambda a: (-(0 if is_missing(a.worth) else float(a.worth)), a.due or date.max, a.what)
    )  # type: ignore[arg-type]
    frame = pd.DataFrame(
        [(a.what, a.owner or NOBODY, a.due, a.worth, a.why) for a in items],
        columns=["what", "owner", "due", "worth", "why"],
    )
    sheets = tuple(
        sheet for result in results for sheet in getattr(result, "own_sheets", lambda: None)() or []
    )
    return Actions(book.fmt, book.as_of, book.currency, frame, tuple(items), sheets)


def month_end(as_of: date, calendar: Calendar, months: int = 1) -> date:
    """Last working day of the month ``months`` after the as-of date."""
    month = Month.of(as_of) + months
    return (calendar.working_days(month.start, month.end) or [month.end])[-1]


def soon(as_of: date, calendar: Calendar, working_days: int = 5) -> date:
    """The working day that many working days after the as-of date."""
    ahead = calendar.working_days(as_of + timedelta(days=1), as_of + timedelta(days=60))
    return (
        ahead[working_days - 1]
        if len(ahead) >= working_days
        else as_of + timedelta(days=working_days)
    )
