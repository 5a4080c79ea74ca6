"""Every event of the chapter that asks for an action, and what is said about the list of them."""

from __future__ import annotations

import pandas as pd

from playbook.base.language import later, say, term
from playbook.data.book import Book
from playbook.data.measures import customer_list
from playbook.page import Missing
from playbook.segments.population import in_charge, population, rep_labels

from .calls import calls
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
from .greetings import greetings
from .promises import approaches, care_actions, follow_ups, promised_contacts
from .renewal_talks import renewal_talks

CONTACTS = later("contacts")
ORDERS = ("orders", "customer_id", "amount", "date")


def rules(book: Book) -> str:
    """What is listed, from when, and until when."""
    chosen = book.settings.segments
    stays = (
        say("until it is done, at most {remembered} days past its day", remembered=remembered(book))
        if logs_contacts(book) or book.has("action_log", "action_id")
        else say(
            "until {remembered} days past its day, for the book logs no contacts"
            " and holds no filled workbook: nothing tells what was done",
            remembered=remembered(book),
        )
    )
    nobody = (
        ""
        if somebody(book)
        else say(
            " The book names nobody who looks after customers: calls after orders are not listed."
        )
    )
    return say(
        "Every action is listed from {horizon} days before its day (or from"
        " when it is known) {stays}. Value check: {verify_days} days after a"
        " deal is won, done by the first contact from then on. Satisfaction"
        " call: {satisfaction_days} hours after an order that is no renewal"
        " (the tables hold no delivery), one for all orders of a customer in a week (Monday to"
        " Sunday), counted from the last, done by the first contact after it."
        " Renewal: value report {notice_days} days before a contract ends,"
        " done when a contract follows. The others: a customer silent beyond"
        " its rhythm, an agreed next step, three contacts that moved"
        " nothing, visits and calls promised to a tier, greetings of a tier before"
        " their day (never after it), the care"
        " plan.{nobody} The number of an action stays the same; the first"
        " sheet of the workbook, filled in and put into the book's folder,"
        " tells the next pack what was done.",
        horizon=HORIZON,
        stays=stays,
        verify_days=chosen.verify_days,
        satisfaction_days=chosen.satisfaction_days * 24,
        notice_days=chosen.notice_days,
        nobody=nobody,
    )


def every_event(book: Book) -> tuple[pd.DataFrame, list[str]]:
    """Every event within reach, open or done, and the reasons not looked for."""
    people = _people(book)
    found, missing = [], []
    if book.has(*ORDERS):
        found += [_silent(book), satisfaction_calls(book, people), greetings(book, people)]
    else:
        missing.append(later("orders"))
    for name, needs, make in (
        (later("renewals"), ("contracts", "end", "annual_value"), renewal_talks),
        (later("deals won"), ("opportunities", "closed", "customer_id"), value_checks),
    ):
        if book.has(*needs):
            found.append(make(book, people))
        else:
            missing.append(name)
    if book.has("activities", "date", "kind"):
        found += [follow_ups(book), approaches(book)]
        found += [promised_contacts(book, people)] if book.has(*ORDERS) else []
    else:
        missing.append(CONTACTS)
    found.append(care_actions(book, people))
    kept = [part[CustomerEvents.names()] for part in found if len(part)]
    every = pd.concat(kept, ignore_index=True) if kept else CustomerEvents.make([])
    every = every[within_reach(every, book.as_of)].drop_duplicates("id")
    return every.reset_index(drop=True), missing


def _people(book: Book) -> pd.DataFrame:
    """customer_id, name, owner_id, owner and net_year of the customers known; without orders those
    of the customer list.
    """
    if book.has(*ORDERS):
        people = population(book).frame
        return people[people["customer_id"].notna()]
    if not book.has("customers"):
        return pd.DataFrame(
            {c: pd.Series(dtype="object") for c in ("customer_id", "name", "owner_id", "owner")}
        ).assign(net_year=pd.Series(dtype=float))
    listed = customer_list.who(book.table("customers"))
    owners = rep_labels(book, listed["rep_id"])
    return pd.DataFrame(
        {
            "customer_id": listed["customer_id"],
            "name": listed["name"].fillna(listed["customer_id"]),
            "owner_id": listed["rep_id"].where(in_charge(owners)),
            "owner": owners,
            "net_year": float("nan"),
        }
    )


def _silent(book: Book) -> pd.DataFrame:
    """Customers silent beyond their rhythm: the list of ``calls``."""
    late = calls(book)
    if isinstance(late, Missing) or late.table.empty:
        return CustomerEvents.make([])
    return late.table.assign(
        kind="win back",
        reason=[
            say("{segment}; {why}", segment=term(segment), why=why)
            for segment, why in zip(late.table["segment"], late.table["why"], strict=True)
        ],
        done_on=pd.NaT,
    )[CustomerEvents.names()]


def carried(rows: pd.DataFrame, log: pd.DataFrame, book: Book) -> pd.DataFrame:
    """Open actions with the day they were first listed; a day that was only planned (a call to win
    back) stays the one that the earlier pack named.
    """
    listed = pd.to_datetime(rows["id"].map(log["listed"].to_dict()))
    listed = listed.fillna(pd.Timestamp(book.as_of))
    named = pd.to_datetime(rows["id"].map(log["due"].to_dict()))
    due = pd.to_datetime(rows["due"])
    due = due.where(~((rows["kind"] == "win back") & (named < due)), named)
    return rows.assign(
        listed=listed.dt.date.tolist(),
        age=(pd.Timestamp(book.as_of) - listed).dt.days,
        due=due.dt.date.tolist(),
    )
