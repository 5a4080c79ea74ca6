"""What to do: one list from all sections of the chapter, with owner, due date and worth."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated, ClassVar

import pandas as pd

from playbook.base.contracts import (
    Frame,
    day,
    money,
    text,
)
from playbook.base.errors import NotAvailable
from playbook.base.formats import Formats, is_missing, plural
from playbook.base.language import english, later, say
from playbook.data.book import Book
from playbook.data.measures.action_log import done_lately
from playbook.page import (
    Action,
    Col,
    Result,
    Table,
    Worksheet,
    actions_sheet,
    section,
    still_to_do,
    table,
)

SHOWN = 15
SHEET = later("Goal actions")
NOBODY = later("to be named")


class GoalActions(Frame):
    """One row per action, most valuable first."""

    what = text("what to do")
    owner = text("who does it, or 'to be named'")
    due = day("by when")
    worth = money("what it is worth; missing where that cannot be said")
    why = text("why")


@dataclass(frozen=True)
class Actions(Result):
    """Actions of the chapter, most valuable first.

    items: the same as objects; sheets: worksheets of single owners.
    """

    section: ClassVar[str] = "actions"
    fmt: Formats
    as_of: date
    currency: str
    table: Annotated[pd.DataFrame, GoalActions]
    items: tuple[Action, ...]
    sheets: tuple[Worksheet, ...] = ()

    def tables(self) -> list[Table]:
        if self.table.empty:
            return []
        columns = [
            Col("what", label="What to do", weight=3),
            Col("owner"),
            Col("due", "date"),
            Col("worth", "money"),
            Col("why", label="Why", weight=3),
        ]
        return [
            table(
                self.table.assign(owner=[_named(owner) for owner in self.table["owner"]]),
                columns,
                self.fmt,
                title=say("Actions for the plan, most valuable first"),
                limit=SHOWN,
                note=(
                    say(
                        "worth: what is missing to the plan, in {currency}; rows that cut"
                        " the same money another way (region, line) do not add up · as of"
                        " {as_of}",
                        currency=self.currency,
                        as_of=self.fmt.text(self.as_of, "date"),
                    )
                ),
            )
        ]

    def reading(self) -> str:
        if not len(self.table):
            return say("Nothing in the plan asks for action today.")
        first = self.table.iloc[0]
        unnamed = int((self.table["owner"] == NOBODY).sum())
        text = say(
            "{actions}; the first: {what} ({owner}, by {due}).",
            actions=plural(len(self.table), "action"),
            what=first["what"],
            owner=_named(first["owner"]),
            due=self.fmt.text(first["due"], "date"),
        )
        return text + (
            say(
                " {unnamed} of them still {en_need} an owner.",
                unnamed=unnamed,
                en_need="needs" if unnamed == 1 else "need",
            )
            if unnamed
            else ""
        )

    def headline(self) -> str:
        return (
            say("{actions} for the plan.", actions=plural(len(self.table), "action"))
            if len(self.table)
            else say("No action for the plan.")
        )

    def worksheets(self) -> list[Worksheet]:
        return [actions_sheet(SHEET, self.items), *self.sheets]


def _named(owner: str) -> str:
    """The owner; what stands where none is named in the language spoken."""
    return say(NOBODY) if owner == NOBODY else owner


@section("actions")
def actions(book: Book, *results: Result) -> Actions:
    """The actions that the given results propose, most valuable first; a result that is not
    available proposes none.
    """
    if results and all(result.status != "ok" for result in results):
        raise NotAvailable(
            {},
            gives=say("the actions for the plan, most valuable first"),
            because=say("no section of the chapter has what an action would stand on"),
        )
    items = [
        item for result in results for item in getattr(result, "actions", lambda: None)() or []
    ]
    items = still_to_do(SHEET, items, done_lately(book))
    items.sort(
        key=lambda a: (
            -(0 if is_missing(a.worth) else float(a.worth or 0)),
            a.due or date.max,
            english(a.what),
        )
    )
    frame = GoalActions.make(
        {"what": a.what, "owner": a.owner or NOBODY, "due": a.due, "worth": a.worth, "why": a.why}
        for a in items
    )
    sheets = tuple(
        sheet for result in results for sheet in getattr(result, "own_sheets", lambda: None)() or []
    )
    return Actions(book.fmt, book.as_of, book.currency, frame, tuple(items), sheets)
