"""The action list: everything this chapter found that somebody should do, ranked for each rep, with
reason, due day and worth.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated, ClassVar

import pandas as pd

from playbook.base import contracts as column
from playbook.base.formats import Formats, plural
from playbook.data.book import Book
from playbook.page import Col, Result, Table, Worksheet, section, table
from playbook.page.blocks import Turn
from playbook.segments.care.open_actions import overdue_gap
from playbook.segments.population import in_charge, population

from .reasons import (
    HORIZON,
    OVERDUE,
    RENEWAL_DAYS,
    SATISFACTION_DAYS,
    VERIFY_DAYS,
    ReasonedActions,
    contacts_to_change,
    deals_to_verify,
    fresh_orders,
    renewals_due,
    silent_customers,
)

CONTACTS = "contacts"
SOON = 14  # days within which actions are counted as due soon
LISTED = 25  # actions of a rep that the page shows; the workbook has them all
MOST_OWNERS = 80  # reps whose lists the page shows
LIST = (
    Col("name", label="Customer", weight=2),
    Col("action", label="What to do", weight=3),
    Col("reason", label="Why", weight=2.5),
)


class RankedActions(ReasonedActions):
    """One row per customer and action, by owner and rank."""

    rank = column.count("place in the owner's list, most worth first")


@dataclass(frozen=True)
class ActionList(Result):
    """All actions of the chapter. missing: reasons not looked for, because their tables are not in
    the book; gap: why overdue actions are not known, empty where they are.
    """

    section: ClassVar[str] = "action-list"
    table: Annotated[pd.DataFrame, RankedActions]
    missing: tuple[str, ...]
    top: int
    as_of: date
    fmt: Formats
    gap: str = ""

    def tables(self) -> Sequence[Table]:
        first = self.table.sort_values(
            ["worth", "due", "customer_id", "action"],
            ascending=[False, True, True, True],
            na_position="last",
        )
        by_rep = self._by_rep()
        reps = [
            Col("owner", weight=2),
            Col("actions", "count", "Actions"),
            Col("late", "count", f"due within {SOON} days"),
            Col("worth", "money", "Worth together"),
            Col("first", "date", "First due"),
        ]
        note = (
            "worth = what the customer brings in a year, the contract's yearly value or the deal's"
            " amount · as of"
            f" {self.fmt.text(self.as_of, 'date')}"
        )
        found = [
            table(
                first,
                [*LIST, Col("owner", weight=1.5), Col("due", "date"), Col("worth", "money")],
                self.fmt,
                title="What to do first",
                note=note,
                limit=self.top,
            ),
            table(
                by_rep,
                reps,
                self.fmt,
                title="Actions per rep; the whole list is a sheet of the workbook",
                note=f"each customer counts once · {note}",
                limit=self.top,
            ),
        ]
        return [*found, self._lists(list(by_rep["owner"]), note)] if len(by_rep) > 2 else found

    def _lists(self, owners: list[str], note: str) -> Table:
        """Each rep's own list behind a switch of the page; not printed, the workbook has it."""
        columns = [Col("rank", "count", "Rank"), *LIST, Col("due", "date"), Col("worth", "money")]
        made = [
            table(
                self.table[self.table["owner"] == owner],
                columns,
                self.fmt,
                title="The ranked list of each rep",
                note=note,
                limit=LISTED,
            )
            for owner in owners[:MOST_OWNERS]
        ]
        return replace(
            made[0],
            note=f"up to {LISTED} actions of a rep · {note}",
            choices=(Turn("", tuple(owners[:MOST_OWNERS])),),
            versions={str(i): one.rows for i, one in enumerate(made)},
            turn="The ranked list of each rep",
            folded=True,
        )

    def _by_rep(self) -> pd.DataFrame:
        """Per owner: actions, worth (each customer once, at its most), first due day and actions
        due soon; most worth first.
        """
        soon = pd.Timestamp(self.as_of) + pd.Timedelta(days=SOON)
        found = self.table.assign(soon=pd.to_datetime(self.table["due"]) <= soon)
        by_rep = found.groupby("owner").agg(
            actions=("action", "size"),
            first=("due", "min"),
            late=("soon", "sum"),
        )
        once = found.groupby(["owner", "customer_id"])["worth"].max().groupby("owner").sum()
        return (
            by_rep.assign(worth=once)
            .reset_index()
            .sort_values(["worth", "owner"], ascending=[False, True])
        )

    def reading(self) -> str:
        if self.table.empty:
            return "Nothing is due: no renewal, deal, order or silence asks for action."
        kinds = self.table["action"].str.split(":").str[0].value_counts()
        return (
            f"{self._many()}, ranked by worth within each; most frequent: {kinds.index[0].lower()}"
            f" ({self.fmt.count(kinds.iloc[0])})."
        )

    def _many(self) -> str:
        """Number of actions and of owners, and of actions with nobody in charge."""
        there = in_charge(self.table["owner"])
        owners, free = self.table.loc[there, "owner"].nunique(), int((~there).sum())
        return f"{plural(len(self.table), 'action')} for {plural(owners, 'owner')}" + (
            f" ({self.fmt.count(free)} with nobody in charge)" if free else ""
        )

    def headline(self) -> str:
        if self.table.empty:
            return "Actions: none due."
        due = pd.to_datetime(self.table["due"])
        week = int((due <= pd.Timestamp(self.as_of) + pd.Timedelta(days=7)).sum())
        return f"Actions: {self._many()}, {self.fmt.count(week)} due within a week."

    def worksheets(self) -> Sequence[Worksheet]:
        columns = (
            ("owner", "Owner", "text"),
            ("rank", "Rank", "count"),
            ("name", "Customer", "text"),
            ("action", "Action", "text"),
            ("reason", "Reason", "text"),
            ("due", "Due", "date"),
            ("worth", "Worth", "money"),
        )
        return [
            Worksheet(
                "Action list",
                columns,
                tuple(
                    tuple(row)
                    for row in self.table[[key for key, _, _ in columns]].itertuples(index=False)
                ),
            )
        ]

    def notes(self) -> Sequence[str]:
        absent = (
            f" Without their tables these reasons are not looked for: {', '.join(self.missing)}."
            if self.missing
            else ""
        )
        return (
            (
                f"Reasons: a contract ends within {RENEWAL_DAYS + HORIZON} days (yearly value"
                f" report {RENEWAL_DAYS} days before) or has lapsed, a deal was won (value check"
                f" {VERIFY_DAYS} days later), an order other than a renewal came in (satisfaction"
                f" call within {SATISFACTION_DAYS * 24} hours), a valuable customer is silent"
                " beyond its rhythm, an agreed action is overdue, or three contacts moved nothing."
                f"{self._stays()} Orders stand in for deliveries.{absent}{self._undone()}"
            ),
        )

    def _stays(self) -> str:
        """How long an action stays on the list."""
        if CONTACTS in self.missing:
            return (
                " The book logs no contacts, so nothing tells what was done: checks and calls whose"
                " day has passed are not listed."
            )
        return (
            " A check or call stays on the list until a contact with the customer is logged, at"
            f" most {OVERDUE} days."
        )

    def _undone(self) -> str:
        """What cannot be listed for this month, and why."""
        return f" Overdue actions are not listed: {self.gap}." if self.gap else ""


@section("action-list")
def actions(book: Book, top: int = 15) -> ActionList:
    """All actions of the chapter, ``top`` of them on the first table.

    Needs orders (customer_id, amount, date); contracts, deals and activities add their reasons.
    """
    book.need(
        "orders", "customer_id", "amount", "date", gives="one ranked list per rep of what to do"
    )
    people = population(book).frame
    people = people[people["customer_id"].notna()]
    found, missing = [silent_customers(book), fresh_orders(book, people)], []
    for name, needs, make in (
        ("renewals", ("contracts", "end", "annual_value"), renewals_due),
        ("deals won", ("opportunities", "closed", "customer_id"), deals_to_verify),
        (CONTACTS, ("activities", "date"), contacts_to_change),
    ):
        if book.has(*needs):
            found.append(make(book, people))
        else:
            missing.append(name)
    every = (
        pd.concat([part[ReasonedActions.names()] for part in found if len(part)], ignore_index=True)
        if any(len(part) for part in found)
        else ReasonedActions.make([])
    )
    every = every.sort_values(
        ["owner", "worth", "due", "customer_id", "action"],
        ascending=[True, False, True, True, True],
        na_position="last",
    ).drop_duplicates(["customer_id", "action"])
    return ActionList(
        every.assign(rank=every.groupby("owner").cumcount() + 1).reset_index(drop=True),
        tuple(missing),
        top,
        book.as_of,
        book.fmt,
        overdue_gap(book) if book.has("activities", "date") else "",
    )
