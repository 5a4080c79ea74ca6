"""Reasons for an action: a contract that ends, a deal to verify, a fresh order, a silent customer,
an overdue action, contacts without progress.
"""

from __future__ import annotations

from datetime import timedelta

import pandas as pd

from playbook.base import contracts as column
from playbook.data.book import Book
from playbook.data.measures import contacts
from playbook.data.measures import customers as measures
from playbook.page import Missing
from playbook.segments.care.follow_up import follow_up
from playbook.segments.stay.running_contracts import under_contract
from playbook.segments.workdays import workday, working_day

from .calls import calls

RENEWAL_DAYS = 30  # the value report comes this long before a contract's end
VERIFY_DAYS = 30  # the value check comes this long after a deal is won
SATISFACTION_DAYS = 2  # the satisfaction call comes this long after an order
HORIZON = 14  # days that the list looks ahead
NOBODY = "–"


class ReasonedActions(column.Frame):
    """One row per customer and action."""

    owner_id = column.text("rep in charge, or whoever agreed to act")
    owner = column.text("that person's name; a dash for nobody")
    customer_id = column.text("the customer, or the lead")
    name = column.text("its name")
    action = column.text("what to do")
    reason = column.text("why, in words")
    due = column.day("by when")
    worth = column.money("what the customer brings in a year, the contract's value, or the deal's")


def silent_customers(book: Book) -> pd.DataFrame:
    """Customers silent beyond their rhythm, without those under contract: for them the renewal is
    the reason.
    """
    late = calls(book)
    if isinstance(late, Missing) or late.table.empty:
        return ReasonedActions.make([])
    return late.table[~under_contract(book, late.table["customer_id"])].assign(
        reason=lambda f: f["segment"] + "; " + f["why"]
    )


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
        owner=ids.map(known["owner"]).fillna(NOBODY),
        action=action,
    )


def renewals_due(book: Book, people: pd.DataFrame) -> pd.DataFrame:
    """Customers whose contract ends soon and is not renewed: a value report RENEWAL_DAYS before."""
    contracts, today = measures.contracts(book.table("contracts")), pd.Timestamp(book.as_of)
    soon = contracts[
        (contracts["end"] > today)
        & (contracts["end"] <= today + pd.Timedelta(days=RENEWAL_DAYS + HORIZON))
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
        max(workday((end - pd.Timedelta(days=RENEWAL_DAYS)).date(), book.calendar), first)
        for end in ends["end"]
    ]
    reason = [f"contract ends {book.fmt.text(end.date(), 'date')}" for end in ends["end"]]
    return _for_customers(
        book,
        people,
        ends.assign(due=due, reason=reason),
        "Yearly value report, then the renewal talk",
    )


def deals_to_verify(book: Book, people: pd.DataFrame) -> pd.DataFrame:
    """Deals to check VERIFY_DAYS after they were won, where that day lies within the HORIZON."""
    deals, today = contacts.outcomes(book.table("opportunities")), pd.Timestamp(book.as_of)
    day = deals["closed"] + pd.Timedelta(days=VERIFY_DAYS)
    won = deals[
        (deals["outcome"] == "won")
        & deals["customer_id"].notna()
        & (day > today)
        & (day <= today + pd.Timedelta(days=HORIZON))
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
                workday((c + pd.Timedelta(days=VERIFY_DAYS)).date(), book.calendar)
                for c in grouped["closed"]
            ],
            reason=[f"deal won {book.fmt.text(c.date(), 'date')}" for c in grouped["closed"]],
        ),
        "Value check: has the deal kept its promise?",
    )


def fresh_orders(book: Book, people: pd.DataFrame) -> pd.DataFrame:
    """Customers with an order on the as-of date or the day before, to be called SATISFACTION_DAYS
    after it. Renewals are left out, for they deliver nothing.

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
            "due": [workday(d + timedelta(days=SATISFACTION_DAYS), book.calendar) for d in day],
            "reason": [f"order of {book.fmt.text(d, 'date')}" for d in day],
            "worth": fresh["customer_id"].map(people.set_index("customer_id")["net_year"]),
        }
    )
    return _for_customers(book, people, rows, "Satisfaction call")


def contacts_to_change(book: Book, people: pd.DataFrame) -> pd.DataFrame:
    """Agreed actions that are overdue, and subjects whose contacts moved nothing."""
    found = follow_up(book)
    if isinstance(found, Missing):
        return ReasonedActions.make([])
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
    return pd.concat(
        [late[ReasonedActions.names()], still[ReasonedActions.names()]], ignore_index=True
    )
