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
from playbook.base.formats import Formats, joined, plural
from playbook.base.language import say, term
from playbook.data.book import Book
from playbook.data.measures.action_log import action_log
from playbook.page import Col, Result, Table, Worksheet, section, table
from playbook.page.blocks import Turn
from playbook.segments.care.open_actions import overdue_gap
from playbook.segments.population import in_charge

from .due_now import ActionCounts, counts_of, counts_table
from .events import CustomerEvents, logs_contacts
from .gather import ORDERS, carried, every_event, rules
from .promises import care_gap

TOLD = ("renewal", "win back")  # kinds of action that other tables tell as done
SOON = 14  # days within which actions are counted as due soon
LISTED = 25  # actions of a rep that the page shows; the workbook has them all
MOST_OWNERS = 80  # reps whose lists the page shows
LIST = (
    Col("name", label="Customer", weight=2),
    Col("action", "term", label="What to do", weight=3),
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
    and how many of them it says are over; rules: the days after and before which things are due;
    told: the book can tell what was done, by its contacts or a filled workbook.
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
    told: bool = True

    def tables(self) -> Sequence[Table]:
        first = self.table.sort_values(
            ["worth", "due", "customer_id", "action"],
            ascending=[False, True, True, True],
            na_position="last",
        ).drop_duplicates("customer_id")
        by_rep = self._by_rep()
        reps = [
            Col("owner", "name", weight=2),
            Col("actions", "count", "Actions"),
            Col("over", "count", "past their day"),
            Col("late", "count", say("due within {soon} days", soon=SOON)),
            Col("worth", "money", "Worth together"),
            Col("first", "date", "First due"),
        ]
        note = say(
            "worth = what the customer brings in a year, the contract's yearly"
            " value or the deal's amount · as of {as_of}",
            as_of=self.fmt.text(self.as_of, "date"),
        )
        age = [Col("age", "count", "Days listed")] if any(self.logged) else []
        found = [
            table(
                first,
                [
                    *LIST,
                    Col("owner", "name", weight=1.5),
                    Col("due", "date"),
                    Col("worth", "money"),
                    *age,
                ],
                self.fmt,
                title=say("What to do first"),
                note=say("each customer once, with the action worth most · {note}", note=note),
                limit=self.top,
            ),
            counts_table(self.counts, self.as_of, self.fmt),
            table(
                by_rep,
                reps,
                self.fmt,
                title=say("Actions per rep; the whole list is a sheet of the workbook"),
                note=say("each customer's worth counts once · {note}", note=note),
                limit=self.top,
            ),
        ]
        return [*found, self._lists(list(by_rep["owner"]), note)] if len(by_rep) > 2 else found

    def _lists(self, owners: list[str], note: str) -> Table:
        """Each rep's own list behind a switch of the page; not printed, the workbook has it."""
        columns = [Col("rank", "count", "Rank"), *LIST, Col("due", "date"), Col("worth", "money")]
        first = self.table.groupby("owner").head(LISTED)
        made = [
            table(
                first[first["owner"] == owner],
                columns,
                self.fmt,
                title=say("The ranked list of each rep"),
                note=note,
            )
            for owner in owners[:MOST_OWNERS]
        ]
        return replace(
            made[0],
            note=say("up to {listed} actions of a rep · {note}", listed=LISTED, note=note),
            choices=(Turn("", tuple(owners[:MOST_OWNERS])),),
            versions={str(i): one.rows for i, one in enumerate(made)},
            turn=say("The ranked list of each rep"),
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
            return say("Nothing is due: no renewal, deal, order or silence asks for action.")
        kinds = self.table["kind"].value_counts().sort_index().sort_values(ascending=False)
        late = self._past()
        text = say(
            "{many}, ranked by worth within each; most frequent: {kinds} ({kinds_2}). ",
            many=self._many(),
            kinds=term(kinds.index[0]),
            kinds_2=self.fmt.count(kinds.iloc[0]),
        )
        text += (
            say("{n} {en_are} past their day.", n=f"{late:,}", en_are="is" if late == 1 else "are")
            if late
            else say("None is past its day.")
        )
        if untold := self._untold():
            text += say(
                " Of {n} of them nothing in the book tells whether they are done.", n=f"{untold:,}"
            )
        return f"{text}{self._log_text()}"

    def _past(self) -> int:
        """Actions past their due day."""
        return int((pd.to_datetime(self.table["due"]) < pd.Timestamp(self.as_of)).sum())

    def _untold(self) -> int:
        """Actions past their day that only a contact or a filled workbook would tell as done; a
        contract that follows and an order since tell of the others.
        """
        due = pd.to_datetime(self.table["due"]) < pd.Timestamp(self.as_of)
        return 0 if self.told else int((due & ~self.table["kind"].isin(TOLD)).sum())

    def _log_text(self) -> str:
        known, over = self.logged
        if not known:
            return ""
        return say(
            " The workbook of an earlier pack names {actions}: {over} done or"
            " dropped, {known} not.",
            actions=plural(known, "action"),
            over=self.fmt.count(over),
            known=self.fmt.count(known - over),
        )

    def _many(self) -> str:
        """Number of actions and of owners, and of actions with nobody in charge."""
        there = in_charge(self.table["owner"])
        owners, free = self.table.loc[there, "owner"].nunique(), int((~there).sum())
        many = plural(len(self.table), "action")
        if not owners:
            return say("{many} with nobody in charge", many=many)
        return say("{many} for {owners}", many=many, owners=plural(owners, "owner")) + (
            say(" ({free} with nobody in charge)", free=self.fmt.count(free)) if free else ""
        )

    def headline(self) -> str:
        if self.table.empty:
            return say("Actions: none due.")
        due = pd.to_datetime(self.table["due"])
        today = pd.Timestamp(self.as_of)
        week = int(((due >= today) & (due <= today + pd.Timedelta(days=7))).sum())
        if self._untold():
            return say(
                "Actions: {many}, {week} due within a week; what was done is not known.",
                many=self._many(),
                week=self.fmt.count(week),
            )
        return say(
            "Actions: {many}, {week} due within a week, {past} past their day.",
            many=self._many(),
            week=self.fmt.count(week),
            past=self.fmt.count(self._past()),
        )

    def worksheets(self) -> Sequence[Worksheet]:
        columns = (
            ("owner", say("Owner"), "name"),
            ("rank", say("Rank"), "count"),
            ("name", say("Customer"), "text"),
            ("action", say("Action"), "term"),
            ("reason", say("Reason"), "text"),
            ("due", say("Due"), "date"),
            ("worth", say("Worth"), "money"),
            ("age", say("Days listed"), "count"),
            ("id", say("Number"), "text"),
        )
        return [
            Worksheet(
                say("Action list"),
                columns,
                tuple(
                    self.table[[key for key, _, _ in columns]].itertuples(index=False, name=None)
                ),
            )
        ]

    def notes(self) -> Sequence[str]:
        absent = (
            say(
                " Without their tables these reasons are not looked for: {missing}.",
                missing=joined(term(one) for one in self.missing),
            )
            if self.missing
            else ""
        )
        return (f"{self.rules}{absent}{self._undone()}{self.care}",)

    def _undone(self) -> str:
        """What cannot be listed for this month, and why."""
        return (
            say(" Overdue agreed actions are not listed: {gap}.", gap=self.gap) if self.gap else ""
        )


@section("action-list")
def actions(book: Book, top: int = 15) -> ActionList:
    """All open actions of the chapter, ``top`` of them on the first table.

    Needs orders (customer_id, amount, date), contracts, deals, activities or a care plan: each adds
    its reasons. A filled workbook of an earlier pack (table action_log) tells what was done.
    """
    sources = (("contracts", "end"), ("opportunities", "closed", "customer_id"), ("care_plan",))
    if not any(book.has(*source) for source in (*sources, ("activities", "date", "kind"))):
        book.need(*ORDERS, gives=say("one ranked list per rep of what to do"))
    every, missing = every_event(book)
    log = action_log(book).set_index("action_id")
    marked = every["id"].map(log["done_on"].where(log["over"].astype(bool)).to_dict())
    marked = pd.to_datetime(marked).astype("datetime64[us]")
    over = every["id"].isin(set(log.index[log["over"].astype(bool)]))
    told = pd.to_datetime(every["done_on"]).astype("datetime64[us]")
    known = told.notna() | over
    counts = counts_of(every.assign(done_on=told.where(told.notna(), marked)), known, book.as_of)
    rows = every[~known]
    rows = carried(rows, log, book)
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
        rules(book),
        overdue_gap(book) if book.has("activities", "date") else "",
        care_gap(book),
        (len(log), int(log["over"].astype(bool).sum())),
        logs_contacts(book) or bool(len(log)),
    )
