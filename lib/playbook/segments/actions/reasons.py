"""Reasons for an action: a contract that ends, a deal to verify, a fresh order, a silent customer,
an overdue action, contacts without progress.
"""

from __future__ import annotations

from datetime import timedelta

import pandas as pd

from playbook.base import contracts as column
from playbook.data.book import Book
from playbook.data.measures import contacts, purchases
from playbook.page import Missing
from playbook.segments.care.attention import attention
from playbook.segments.care.follow_up import follow_up
from playbook.segments.population import NOBODY, orders_of
from playbook.segments.running_contracts import contracts_of, under_contract
from playbook.segments.workdays import workday, working_day

from .calls import calls

RENEWAL_DAYS = 30  # the value report comes this long before a contract's end
VERIFY_DAYS = 30  # the value check comes this long after a deal is won
SATISFACTION_DAYS = 2  # the satisfaction call comes this long after an order
HORIZON = 45  # days the list looks ahead: a month to the next list, and the days until it is out
OVERDUE = 60  # days for which a value check that nobody made stays on the list
MONTH = 31  # days after an order in which a satisfaction call still makes sense


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
    """Customers silent beyond their rhythm: the list of ``calls``."""
    late = calls(book)
    if isinstance(late, Missing) or late.table.empty:
        return ReasonedActions.make([])
    return late.table.assign(reason=lambda f: f["segment"] + "; " + f["why"])


def _newest_contacts(book: Book) -> pd.Series | None:
    """customer_id → day of the newest contact; None where the book logs no contacts, so that
    nothing tells what has been done.
    """
    if not book.has("activities", "date", "kind"):
        return None
    log = attention(book).log
    return log.groupby("customer_id")["date"].max()


def _days(ids: pd.Series, newest: pd.Series) -> pd.Series:
    """Day of each customer's newest contact; missing where there is none."""
    return pd.to_datetime(ids.map(newest.to_dict()))


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
    """Customers whose contract ends soon and is not renewed: a value report RENEWAL_DAYS before;
    and those whose last one ended within ``[segments] renewal_days`` days and has no successor.
    """
    contracts, _ = contracts_of(book)
    today, first = pd.Timestamp(book.as_of), working_day(book.as_of, 2, book.calendar)
    free = contracts[~contracts["renewed"]]
    ahead = today + pd.Timedelta(days=RENEWAL_DAYS + HORIZON)
    soon = _by_customer(free[(free["end"] > today) & (free["end"] <= ahead)])
    due = [
        max(workday((end - pd.Timedelta(days=RENEWAL_DAYS)).date(), book.calendar), first)
        for end in soon["end"]
    ]
    reason = [f"contract ends {book.fmt.text(end.date(), 'date')}" for end in soon["end"]]
    since = today - pd.Timedelta(days=book.settings.segments.renewal_days)
    lapsed = free[(free["end"] <= today) & (free["end"] > since)]
    lapsed = _by_customer(lapsed[~under_contract(book, lapsed["customer_id"])])
    over = [f"contract ended {book.fmt.text(end.date(), 'date')}" for end in lapsed["end"]]
    parts = (
        (soon.assign(due=due, reason=reason), "Yearly value report, then the renewal talk"),
        (lapsed.assign(due=first, reason=over), "Contract lapsed: renew it or hear why not"),
    )
    made = [_for_customers(book, people, rows, action) for rows, action in parts if len(rows)]
    return pd.concat(made, ignore_index=True) if made else ReasonedActions.make([])


def _by_customer(contracts: pd.DataFrame) -> pd.DataFrame:
    """customer_id, the first end, and worth: the yearly value of all."""
    grouped = contracts.groupby("customer_id").agg(
        end=("end", "min"), worth=("annual_value", "sum")
    )
    return grouped.reset_index()


def deals_to_verify(book: Book, people: pd.DataFrame) -> pd.DataFrame:
    """Deals to check VERIFY_DAYS after they were won: those won in the last VERIFY_DAYS days, and
    for OVERDUE days longer those whose customer nobody has contacted since the check was due.
    """
    deals, today = contacts.outcomes(book.table("opportunities")), pd.Timestamp(book.as_of)
    day = deals["closed"] + pd.Timedelta(days=VERIFY_DAYS)
    won = deals[(deals["outcome"] == "won") & deals["customer_id"].notna()].assign(day=day)
    ahead = won[won["day"] >= today]
    late = won[(won["day"] < today) & (won["day"] >= today - pd.Timedelta(days=OVERDUE))]
    newest = _newest_contacts(book)
    if newest is not None:
        done = _days(late["customer_id"], newest) >= late["day"]
        ahead = pd.concat([late[~done], ahead])
    grouped = (
        ahead.groupby("customer_id")
        .agg(closed=("closed", "min"), day=("day", "min"), worth=("amount", "sum"))
        .reset_index()
    )
    first = working_day(book.as_of, 1, book.calendar)
    return _for_customers(
        book,
        people,
        grouped.assign(
            due=[max(workday(d.date(), book.calendar), first) for d in grouped["day"]],
            reason=[f"deal won {book.fmt.text(c.date(), 'date')}" for c in grouped["closed"]],
        ),
        "Value check: has the deal kept its promise?",
    )


def fresh_orders(book: Book, people: pd.DataFrame) -> pd.DataFrame:
    """Customers to be called SATISFACTION_DAYS after an order: those with one on the as-of date or
    the day before, and those with one in the last MONTH days whom nobody has contacted since.
    Renewals are left out, for they deliver nothing.

    The tables hold no day of delivery: the order's own day stands in for it.
    """
    newest = _newest_contacts(book)
    known = SATISFACTION_DAYS if newest is None else MONTH
    first = book.as_of - timedelta(days=known - 1)
    fresh = purchases.deliveries(orders_of(book), first, book.as_of).drop_duplicates(
        "customer_id", keep="last"
    )
    if newest is not None:
        fresh = fresh[~(_days(fresh["customer_id"], newest) > fresh["date"])]
    soon = working_day(book.as_of, 1, book.calendar)
    rows = pd.DataFrame(
        {
            "customer_id": fresh["customer_id"],
            "due": [
                max(workday(d + timedelta(days=SATISFACTION_DAYS), book.calendar), soon)
                for d in fresh["date"].dt.date
            ],
            "reason": [f"order of {book.fmt.text(d, 'date')}" for d in fresh["date"].dt.date],
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
