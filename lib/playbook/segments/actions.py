"""The action list: everything this chapter found that someone should do, ranked for each rep, with
reason, due date and worth.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import ClassVar

import pandas as pd

from playbook.base.formats import Formats, plural
from playbook.data.book import Book
from playbook.data.measures import contacts
from playbook.data.measures import customers as measures
from playbook.page import Col, Missing, Result, Table, Worksheet, section, table
from playbook.page.blocks import Turn
from playbook.segments.care.follow_up import follow_up
from playbook.segments.lists.calls import calls, working_day
from playbook.segments.stay.running_contracts import under_contract

from .population import population

RENEWAL_DAYS, VERIFY_DAYS, SATISFACTION_DAYS = (
    30,
    30,
    2,
)  # value report before renewal; value check after a deal; call after an order
AHEAD = 14  # days of the coming plan
NOBODY = "–"
LISTED, MOST_OWNERS = (
    25,
    80,
)  # actions of a rep, and reps, that the page carries; the workbook has them all
LIST = (
    Col("name", label="Customer", weight=2),
    Col("action", label="What to do", weight=3),
    Col("reason", label="Why", weight=2.5),
)
COLUMNS = ["owner_id", "owner", "customer_id", "name", "action", "reason", "due", "worth"]


@dataclass(frozen=True)
class ActionList(Result):
    """``table``: one row per customer and action: owner, rank within the owner, name, action,
    reason, due [day], worth [currency].
    """

    section: ClassVar[str] = "action-list"
    table: pd.DataFrame
    missing: tuple[str, ...]
    top: int
    as_of: date
    fmt: Formats

    def tables(self) -> Sequence[Table]:
        first = self.table.sort_values(
            ["worth", "due", "customer_id", "action"],
            ascending=[False, True, True, True],
            na_position="last",
        )
        by_rep = (
            self.table.groupby("owner")
            .agg(
                actions=("action", "size"),
                worth=("worth", "sum"),
                first=("due", "min"),
                late=(
                    "due",
                    lambda due: int(
                        (
                            pd.to_datetime(due)
                            <= pd.Timestamp(self.as_of) + pd.Timedelta(days=AHEAD)
                        ).sum()
                    ),
                ),
            )
            .reset_index()
        )
        by_rep = by_rep.sort_values(["worth", "owner"], ascending=[False, True])
        reps = [
            Col("owner", weight=2),
            Col("actions", "count", "Actions"),
            Col("late", "count", f"due within {AHEAD} days"),
            Col("worth", "money", "Worth together"),
            Col("first", "date", "First due"),
        ]
        note = (
            "worth = what the customer brings in a year, or the contract's yearly value · as of"
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
                note=note,
                limit=self.top,
            ),
        ]
        return [*found, self._lists(list(by_rep["owner"]), note)] if len(by_rep) > 2 else found

    def _lists(self, owners: list[str], note: str) -> Table:
        """Each rep's own ranked list, behind a switch of the page; on paper the workbook has it."""
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

    def reading(self) -> str:
        if self.table.empty:
            return "Nothing is due: no renewal, deal, order or silence asks for action."
        kinds = self.table["action"].value_counts()
        return (
            f"{self._many()}, ranked by worth within each; most frequent: {kinds.index[0].lower()}"
            f" ({self.fmt.count(kinds.iloc[0])})."
        )

    def _many(self) -> str:
        """How many actions for how many owners, and how many nobody is in charge of."""
        owners = self.table.loc[self.table["owner"] != NOBODY, "owner"].nunique()
        free = int((self.table["owner"] == NOBODY).sum())
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
                f"Reasons: a contract ends within {RENEWAL_DAYS + AHEAD} days (yearly value report"
                f" {RENEWAL_DAYS} days before), a deal was won about {VERIFY_DAYS} days ago (value"
                " check), an order other than a renewal came in the last days (satisfaction call"
                f" within {SATISFACTION_DAYS * 24} hours), a valuable customer is silent beyond its"
                " rhythm, an agreed action is overdue, or three contacts moved nothing. Orders"
                f" stand in for deliveries.{absent}"
            ),
        )


@section("action-list")
def actions(book: Book, top: int = 15) -> ActionList:
    """All actions of the chapter. Needs orders; contracts, deals and activities add their reasons."""
    book.need(
        "orders", "customer_id", "amount", "date", gives="one ranked list per rep of what to do"
    )
    people = population(book).frame
    people = people[people["customer_id"].notna()]
    found, missing = [_silent(book), _satisfaction(book, people)], []
    for name, needs, make in (
        ("renewals", ("contracts", "end", "annual_value"), _renewals),
        ("deals won", ("opportunities", "closed", "customer_id"), _verifications),
        ("contacts", ("activities", "date"), _contacts),
    ):
        if book.has(*needs):
            found.append(make(book, people))
        else:
            missing.append(name)
    every = (
        pd.concat([part[COLUMNS] for part in found if len(part)], ignore_index=True)
        if any(len(part) for part in found)
        else pd.DataFrame(columns=COLUMNS)
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
    )


def _silent(book: Book) -> pd.DataFrame:
    """Customers silent beyond their rhythm, but for those whose contract still runs: their renewal
    is the reason then.
    """
    late = calls(book)
    if isinstance(late, Missing) or late.table.empty:
        return pd.DataFrame(columns=COLUMNS)
    return late.table[~under_contract(book, late.table["customer_id"])].assign(
        reason=lambda f: f["segment"] + "; " + f["why"]
    )


def workday(day: date, book: Book) -> date:
    """The day itself, or the next working day."""
    return working_day(day - timedelta(days=1), 1, book.calendar)


def _for_customers(
    book: Book, people: pd.DataFrame, rows: pd.DataFrame, action: str
) -> pd.DataFrame:
    """Rows (customer_id, due, reason, worth) with the customer's name and owner."""
    known = people.set_index("customer_id")
    ids = rows["customer_id"]
    names = ids.map(known["name"])
    return rows.assign(
        name=names.where(names.notna(), ids),
        owner_id=ids.map(known["owner_id"]),
        owner=ids.map(known["owner"]).fillna("–"),
        action=action,
    )


def _renewals(book: Book, people: pd.DataFrame) -> pd.DataFrame:
    contracts, today = measures.contracts(book.table("contracts")), pd.Timestamp(book.as_of)
    soon = contracts[
        (contracts["end"] > today)
        & (contracts["end"] <= today + pd.Timedelta(days=RENEWAL_DAYS + AHEAD))
        & ~contracts["renewed"]
        & (contracts["end"] >= contracts["start"])
    ]
    ends = (
        soon.groupby("customer_id")
        .agg(end=("end", "min"), worth=("annual_value", "sum"))
        .reset_index()
    )
    first = working_day(book.as_of, 2, book.calendar)
    due = [
        max(workday((end - pd.Timedelta(days=RENEWAL_DAYS)).date(), book), first)
        for end in ends["end"]
    ]
    reason = [f"contract ends {book.fmt.text(end.date(), 'date')}" for end in ends["end"]]
    return _for_customers(
        book,
        people,
        ends.assign(due=due, reason=reason),
        "Yearly value report, then the renewal talk",
    )


def _verifications(book: Book, people: pd.DataFrame) -> pd.DataFrame:
    """Deals whose thirtieth day after winning lies in the coming fortnight."""
    deals, today = contacts.outcomes(book.table("opportunities")), pd.Timestamp(book.as_of)
    day = deals["closed"] + pd.Timedelta(days=VERIFY_DAYS)
    won = deals[
        (deals["outcome"] == "won")
        & deals["customer_id"].notna()
        & (day > today)
        & (day <= today + pd.Timedelta(days=AHEAD))
    ]
    grouped = (
        won.groupby("customer_id")
        .agg(closed=("closed", "min"), worth=("amount", "sum"))
        .reset_index()
    )
    return _for_customers(
        book,
        people,
        grouped.assign(
            due=[
                workday((c + pd.Timedelta(days=VERIFY_DAYS)).date(), book)
                for c in grouped["closed"]
            ],
            reason=[f"deal won {book.fmt.text(c.date(), 'date')}" for c in grouped["closed"]],
        ),
        "Value check: has the deal kept its promise?",
    )


def _satisfaction(book: Book, people: pd.DataFrame) -> pd.DataFrame:
    """Customers with a delivery in the 48 hours before the as-of date's end, due two days after it;
    a renewal delivers nothing.

    The tables hold no day of delivery: the order's own day stands in for it.
    """
    first = book.as_of - timedelta(days=SATISFACTION_DAYS - 1)
    fresh = measures.deliveries(book.table("orders"), first, book.as_of).drop_duplicates(
        "customer_id", keep="last"
    )
    day = fresh["date"].dt.date
    rows = pd.DataFrame(
        {
            "customer_id": fresh["customer_id"],
            "due": [workday(d + timedelta(days=SATISFACTION_DAYS), book) for d in day],
            "reason": [f"order of {book.fmt.text(d, 'date')}" for d in day],
            "worth": fresh["customer_id"].map(people.set_index("customer_id")["net_year"]),
        }
    )
    return _for_customers(book, people, rows, "Satisfaction call")


def _contacts(book: Book, people: pd.DataFrame) -> pd.DataFrame:
    """Overdue agreed actions and subjects whose contacts moved nothing."""
    found = follow_up(book)
    if isinstance(found, Missing):
        return pd.DataFrame(columns=COLUMNS)
    soon = working_day(book.as_of, 2, book.calendar)
    late = found.overdue.assign(
        customer_id=found.overdue["subject"],
        action="Do the overdue: " + found.overdue["next_action"].fillna("agreed action"),
        due=soon,
        reason=[f"{book.fmt.text(days, 'days')} overdue" for days in found.overdue["late"]],
    )
    still = found.stalled.assign(
        customer_id=found.stalled["subject"],
        action="Change the approach: another contact, another offer, or stop",
        due=working_day(book.as_of, 10, book.calendar),
        reason=[f"{n} contacts without progress" for n in found.stalled["touches"]],
    )
    return pd.concat([late[COLUMNS], still[COLUMNS]], ignore_index=True)
