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
from playbook.data.measures.action_log import action_log
from playbook.page import Col, Missing, Result, Table, Worksheet, section, table
from playbook.page.blocks import Turn
from playbook.segments.care.open_actions import overdue_gap
from playbook.segments.population import in_charge, population

from .calls import calls
from .due_now import ActionCounts, counts_of, counts_table
from .events import (
    HORIZON,
    CustomerEvents,
    logs_contacts,
    remembered,
    satisfaction_calls,
    somebody,
    value_checks,
    within_reach,
)
from .promises import approaches, care_actions, care_gap, follow_ups, promised_contacts
from .renewal_talks import renewal_talks

CONTACTS = "contacts"
SOON = 14  # days within which actions are counted as due soon
LISTED = 25  # actions of a rep that the page shows; the workbook has them all
MOST_OWNERS = 80  # reps whose lists the page shows
LIST = (
    Col("name", label="Customer", weight=2),
    Col("action", label="What to do", weight=3),
    Col("reason", label="Why", weight=2.5),
)


class RankedActions(CustomerEvents):
    """One row per open action, by owner and rank."""

    listed = column.day("day of the pack that listed it first, as far as workbooks tell")
    age = column.days("from then to the as-of date")
    rank = column.count("place in the owner's list, most worth first")


@dataclass(frozen=True)
class ActionList(Result):
    """All actions of the chapter that are open.

    counts: what fell due in the report month and what became of it; missing: reasons not looked
    for, because their tables are not in the book; gap: why overdue actions are not known, empty
    where they are; logged: how many actions of earlier packs a filled workbook of the book names,
    and how many of them it says are over; rules: the days after and before which things are due.
    """

    section: ClassVar[str] = "action-list"
    table: Annotated[pd.DataFrame, RankedActions]
    counts: Annotated[pd.DataFrame, ActionCounts]
    missing: tuple[str, ...]
    top: int
    as_of: date
    fmt: Formats
    rules: str
    gap: str = ""
    care: str = ""
    logged: tuple[int, int] = (0, 0)

    def tables(self) -> Sequence[Table]:
        first = self.table.sort_values(
            ["worth", "due", "customer_id", "action"],
            ascending=[False, True, True, True],
            na_position="last",
        ).drop_duplicates("customer_id")
        by_rep = self._by_rep()
        reps = [
            Col("owner", weight=2),
            Col("actions", "count", "Actions"),
            Col("over", "count", "past their day"),
            Col("late", "count", f"due within {SOON} days"),
            Col("worth", "money", "Worth together"),
            Col("first", "date", "First due"),
        ]
        note = (
            "worth = what the customer brings in a year, the contract's yearly value or the deal's"
            " amount · as of"
            f" {self.fmt.text(self.as_of, 'date')}"
        )
        age = [Col("age", "count", "Days listed")] if any(self.logged) else []
        found = [
            table(
                first,
                [
                    *LIST,
                    Col("owner", weight=1.5),
                    Col("due", "date"),
                    Col("worth", "money"),
                    *age,
                ],
                self.fmt,
                title="What to do first",
                note=f"each customer once, with the action worth most · {note}",
                limit=self.top,
            ),
            counts_table(self.counts, self.as_of, self.fmt),
            table(
                by_rep,
                reps,
                self.fmt,
                title="Actions per rep; the whole list is a sheet of the workbook",
                note=f"each customer's worth counts once · {note}",
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
        due, today = pd.to_datetime(self.table["due"]), pd.Timestamp(self.as_of)
        found = self.table.assign(soon=(due <= soon) & (due >= today), over=due < today)
        by_rep = found.groupby("owner").agg(
            actions=("action", "size"),
            first=("due", "min"),
            late=("soon", "sum"),
            over=("over", "sum"),
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
        kinds = self.table["kind"].value_counts().sort_index().sort_values(ascending=False)
        late = self._past()
        text = (
            f"{self._many()}, ranked by worth within each; most frequent: {kinds.index[0]}"
            f" ({self.fmt.count(kinds.iloc[0])}). "
        )
        text += f"{plural(late, 'is', 'are')} past their day." if late else "None is past its day."
        return f"{text}{self._log_text()}"

    def _past(self) -> int:
        """Actions past their due day."""
        return int((pd.to_datetime(self.table["due"]) < pd.Timestamp(self.as_of)).sum())

    def _log_text(self) -> str:
        known, over = self.logged
        if not known:
            return ""
        return (
            f" The workbook of an earlier pack names {plural(known, 'action')}:"
            f" {self.fmt.count(over)} done or dropped, {self.fmt.count(known - over)} not."
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
        today = pd.Timestamp(self.as_of)
        week = int(((due >= today) & (due <= today + pd.Timedelta(days=7))).sum())
        return (
            f"Actions: {self._many()}, {self.fmt.count(week)} due within a week,"
            f" {self.fmt.count(self._past())} past their day."
        )

    def worksheets(self) -> Sequence[Worksheet]:
        columns = (
            ("owner", "Owner", "text"),
            ("rank", "Rank", "count"),
            ("name", "Customer", "text"),
            ("action", "Action", "text"),
            ("reason", "Reason", "text"),
            ("due", "Due", "date"),
            ("worth", "Worth", "money"),
            ("age", "Days listed", "count"),
            ("id", "Number", "text"),
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
        return (f"{self.rules}{absent}{self._undone()}{self.care}",)

    def _undone(self) -> str:
        """What cannot be listed for this month, and why."""
        return f" Overdue agreed actions are not listed: {self.gap}." if self.gap else ""


def _rules(book: Book) -> str:
    """What is listed, from when, and until when."""
    chosen = book.settings.segments
    stays = (
        f"until it is done, at most {remembered(book)} days past its day"
        if logs_contacts(book) or book.has("action_log", "action_id")
        else f"until {remembered(book)} days past its day, for the book logs no contacts and holds"
        " no filled workbook: nothing tells what was done"
    )
    nobody = (
        ""
        if somebody(book)
        else " The book names nobody who looks after customers: calls after orders are not listed."
    )
    return (
        f"Every action is listed from {HORIZON} days before its day (or from when it is known)"
        f" {stays}. Value check: {chosen.verify_days} days after a deal is won, done by the first"
        f" contact from then on. Satisfaction call: {chosen.satisfaction_days * 24} hours after an"
        " order that is no renewal (the tables hold no delivery), done by the first contact after"
        f" it. Renewal: value report {chosen.notice_days} days before a contract ends, done when a"
        " contract follows. The others: a customer silent beyond its rhythm, an agreed next step,"
        " three contacts that moved nothing, visits and calls promised to a tier, the care plan."
        f"{nobody} The number of an action stays the same; the first sheet of the workbook, filled"
        " in and put into the book's folder, tells the next pack what was done."
    )


@section("action-list")
def actions(book: Book, top: int = 15) -> ActionList:
    """All open actions of the chapter, ``top`` of them on the first table.

    Needs orders (customer_id, amount, date); contracts, deals and activities add their reasons, and
    a filled workbook of an earlier pack (table action_log) tells what was done.
    """
    book.need(
        "orders", "customer_id", "amount", "date", gives="one ranked list per rep of what to do"
    )
    every, missing = _events(book)
    log = action_log(book).set_index("action_id")
    marked = every["id"].map(log["done_on"].where(log["over"].astype(bool)).to_dict())
    marked = pd.to_datetime(marked).astype("datetime64[us]")
    over = every["id"].isin(set(log.index[log["over"].astype(bool)]))
    told = pd.to_datetime(every["done_on"]).astype("datetime64[us]")
    known = told.notna() | over
    counts = counts_of(every.assign(done_on=told.where(told.notna(), marked)), known, book.as_of)
    rows = every[~known]
    rows = _carried(rows, log, book)
    rows = rows.sort_values(
        ["owner", "worth", "due", "customer_id", "action"],
        ascending=[True, False, True, True, True],
        na_position="last",
    )
    rows = rows.assign(rank=rows.groupby("owner").cumcount() + 1).reset_index(drop=True)
    return ActionList(
        RankedActions.make([]) if rows.empty else rows[RankedActions.names()],
        counts,
        tuple(missing),
        top,
        book.as_of,
        book.fmt,
        _rules(book),
        overdue_gap(book) if book.has("activities", "date") else "",
        care_gap(book),
        (len(log), int(log["over"].astype(bool).sum())),
    )


def _events(book: Book) -> tuple[pd.DataFrame, list[str]]:
    """Every event within reach, open or done, and the reasons not looked for."""
    people = population(book).frame
    people = people[people["customer_id"].notna()]
    found, missing = [_silent(book), satisfaction_calls(book, people)], []
    for name, needs, make in (
        ("renewals", ("contracts", "end", "annual_value"), renewal_talks),
        ("deals won", ("opportunities", "closed", "customer_id"), value_checks),
    ):
        if book.has(*needs):
            found.append(make(book, people))
        else:
            missing.append(name)
    if book.has("activities", "date", "kind"):
        found += [follow_ups(book), approaches(book), promised_contacts(book, people)]
    else:
        missing.append(CONTACTS)
    found.append(care_actions(book, people))
    kept = [part[CustomerEvents.names()] for part in found if len(part)]
    every = pd.concat(kept, ignore_index=True) if kept else CustomerEvents.make([])
    every = every[within_reach(every, book.as_of)].drop_duplicates("id")
    return every.reset_index(drop=True), missing


def _silent(book: Book) -> pd.DataFrame:
    """Customers silent beyond their rhythm: the list of ``calls``."""
    late = calls(book)
    if isinstance(late, Missing) or late.table.empty:
        return CustomerEvents.make([])
    return late.table.assign(
        kind="win back", reason=late.table["segment"] + "; " + late.table["why"], done_on=pd.NaT
    )[CustomerEvents.names()]


def _carried(rows: pd.DataFrame, log: pd.DataFrame, book: Book) -> pd.DataFrame:
    """Open actions with the day they were first listed; a day that was only planned (a call to win
    back) stays the one that the earlier pack named.
    """
    listed = pd.to_datetime(rows["id"].map(log["listed"].to_dict()))
    listed = listed.fillna(pd.Timestamp(book.as_of))
    named = pd.to_datetime(rows["id"].map(log["due"].to_dict()))
    due = pd.to_datetime(rows["due"])
    due = due.where(~((rows["kind"] == "win back") & (named < due)), named)
    return rows.assign(
        listed=[day.date() for day in listed],
        age=(pd.Timestamp(book.as_of) - listed).dt.days,
        due=[day.date() for day in due],
    )
