"""Events that ask for an action: a deal won, an order, a contract that ends. Each is listed before
it falls due and until the tables, or the workbook of an earlier pack, say that it is done.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import numpy as np
import pandas as pd

from playbook.base import contracts as column
from playbook.base.action_ids import action_id
from playbook.base.formats import listing
from playbook.base.language import later, say
from playbook.base.periods import Calendar
from playbook.data.book import Book
from playbook.data.measures import contacts, purchases
from playbook.segments.care.attention import attention
from playbook.segments.population import NOBODY, in_charge, orders_of, rep_labels
from playbook.segments.workdays import workday

HORIZON = 45  # days the list looks ahead: a month to the next list, and the days until it is out
MONTH = 31  # days for which an action stays where nothing tells whether it was done
VALUE_CHECK = later("Value check: has the deal kept its promise?")
SATISFACTION = later("Satisfaction call")


class CustomerEvents(column.Frame):
    """One row per event, open or done."""

    id = column.text("number of the action, the same in every month")
    kind = column.text("kind of event")
    owner_id = column.text("rep in charge, or whoever agreed to act")
    owner = column.text("that person's name; a dash for nobody")
    customer_id = column.text("the customer, or the lead")
    name = column.text("its name")
    action = column.text("what to do")
    reason = column.text("why, in words")
    due = column.day("by when")
    worth = column.money("what the customer brings in a year, the contract's value, or the deal's")
    done_on = column.day("when the tables say it was done; missing while it is open")


def none() -> pd.DataFrame:
    """No event."""
    return CustomerEvents.make([])


def logs_contacts(book: Book) -> bool:
    """Whether contacts are logged, which tell what was done."""
    return book.has("activities", "date", "kind")


def somebody(book: Book) -> bool:
    """Whether the book names anybody who looks after customers."""
    return logs_contacts(book) or book.has("orders", "rep_id") or book.has("customers", "rep_id")


def remembered(book: Book) -> int:
    """Days for which an action past its due day stays on the list: ``[segments] actions_days``
    where contacts or a filled workbook tell what was done, else a month.
    """
    told = logs_contacts(book) or book.has("action_log", "action_id")
    return book.settings.segments.actions_days if told else MONTH


def due_on(days: pd.Series, shift: Callable[[date, Calendar], date], book: Book) -> list[date]:
    """The working day of each day by ``shift``: the next one, or the one before."""
    place, each = pd.factorize(days)
    found = [shift(day.date(), book.calendar) for day in each]
    return [found[number] for number in place.tolist()]


def first_contact(book: Book, rows: pd.DataFrame, since: str, *, same_day: bool) -> pd.Series:
    """Day of the first contact with each row's ``customer_id`` from the day in column ``since`` on;
    missing where there is none, or contacts are not logged.
    """
    if not logs_contacts(book) or rows.empty:
        return pd.Series(pd.NaT, index=rows.index, dtype="datetime64[us]")
    log = attention(book).log
    known = log.loc[log["customer_id"].notna(), ["customer_id", "date"]]
    right = known.assign(met=known["date"].astype("datetime64[us]"))
    right = right.drop(columns="date").sort_values("met", kind="stable")
    left = rows[["customer_id", since]].assign(place=rows.index)
    left[since] = left[since].astype("datetime64[us]")
    found = pd.merge_asof(
        left.sort_values(since, kind="stable"),
        right,
        left_on=since,
        right_on="met",
        by="customer_id",
        direction="forward",
        allow_exact_matches=same_day,
    )
    return found.set_index("place")["met"].reindex(rows.index)


def of_customers(
    book: Book, rows: pd.DataFrame, people: pd.DataFrame, kind: str, key: str, action: str
) -> pd.DataFrame:
    """``CustomerEvents`` from rows with customer_id, due, reason, worth and done_on; key: the
    column that tells the events apart. A customer without a rep of its own is looked after by the
    row's ``rep_id``.
    """
    if rows.empty:
        return none()
    known, ids = people.set_index("customer_id"), rows["customer_id"]
    names = ids.map(known["name"])
    found = ids.map(known["owner"])
    owners, reps = found.astype(object).fillna(NOBODY), ids.map(known["owner_id"])
    if "rep_id" in rows:
        free = owners == NOBODY
        owners = owners.where(~free, rep_labels(book, rows["rep_id"]))
        reps = reps.where(~free, rows["rep_id"])
    made = rows.assign(
        id=[action_id(kind, value) for value in rows[key]],
        kind=kind,
        name=names.where(names.notna(), ids),
        owner_id=reps.where(in_charge(owners)),
        owner=owners,
        action=rows.get("action", action),
    )
    return made[CustomerEvents.names()].reset_index(drop=True)


def value_checks(book: Book, people: pd.DataFrame) -> pd.DataFrame:
    """A check of every deal won, ``verify_days`` later; done by the first contact with the customer
    from that day on.
    """
    days = book.settings.segments.verify_days
    deals = contacts.outcomes(book.table("opportunities"))
    won = deals[(deals["outcome"] == "won") & deals["customer_id"].notna()]
    won = won[won["closed"].notna()].assign(day=lambda f: f["closed"] + pd.Timedelta(days=days))
    won = _recent(won, "day", book)
    rows = won.assign(
        due=due_on(won["day"], workday, book),
        reason=[
            say("deal won {date}", date=book.fmt.text(d.date(), "date")) for d in won["closed"]
        ],
        worth=pd.to_numeric(won["amount"]),
        done_on=first_contact(book, won, "day", same_day=True),
    )
    return of_customers(book, rows, people, "value check", "opportunity_id", VALUE_CHECK)


def satisfaction_calls(book: Book, people: pd.DataFrame) -> pd.DataFrame:
    """A call about a customer's orders of one week (Monday to Sunday), ``satisfaction_days`` after
    the last of them; done by the first contact with the customer after that. Renewals are left out,
    for they deliver nothing. The call is numbered by the week's first order.

    The tables hold no day of delivery: the order's own day stands in for it. In a book that names
    no rep and logs no contact nobody is there to call.
    """
    if not somebody(book):
        return none()
    days = book.settings.segments.satisfaction_days
    first = book.as_of - timedelta(days=remembered(book) + days)
    fresh = purchases.deliveries(orders_of(book), first, book.as_of)
    fresh = fresh[fresh["customer_id"].notna()].reset_index(drop=True)
    fresh = _by_week(fresh, book)
    fresh = fresh.assign(day=fresh["date"] + pd.Timedelta(days=days))
    fresh = _recent(fresh, "day", book)
    rows = fresh.assign(
        due=due_on(fresh["day"], workday, book),
        worth=fresh["customer_id"].map(people.set_index("customer_id")["net_year"]),
        done_on=first_contact(book, fresh, "date", same_day=False),
    )
    return of_customers(book, rows, people, "satisfaction call", "order_id", SATISFACTION)


def _by_week(orders: pd.DataFrame, book: Book) -> pd.DataFrame:
    """One row per customer and week with orders: customer_id, order_id of the first, date of the
    last, and reason, which lists them. orders: sorted by customer and date.
    """
    week = orders["date"] - pd.to_timedelta(orders["date"].dt.day_of_week, unit="D")
    groups = orders.groupby([orders["customer_id"], week], sort=True)
    rows = groups.agg(order_id=("order_id", "first"), date=("date", "last"), n=("date", "size"))
    rows = rows.reset_index(level="customer_id").reset_index(drop=True)
    fmt = book.fmt
    written = {day: fmt.text(day, "date") for day in orders["date"].dt.date.unique()}
    several = _listed(orders, groups.ngroup().to_numpy(), written)
    alone = {day: say("order of {date}", date=text) for day, text in written.items()}
    days = rows["date"].dt.date.tolist()
    return rows.assign(
        reason=[
            alone[day] if n == 1 else say("orders {orders}", orders=listing(several[number], 5))
            for number, (day, n) in enumerate(zip(days, rows["n"].tolist(), strict=True))
        ]
    )


def _listed(
    orders: pd.DataFrame, group: np.ndarray, written: dict[date, str]
) -> dict[int, list[str]]:
    """Number of each group of several orders → its orders with their days, as words."""
    many = np.bincount(group)[group] > 1
    found: dict[int, list[str]] = {}
    mine = orders[many]
    days = mine["date"].dt.date
    for number, order, day in zip(group[many], mine["order_id"], days, strict=True):
        found.setdefault(int(number), []).append(
            say("{order} ({date})", order=order, date=written[day])
        )
    return found


def _recent(rows: pd.DataFrame, day: str, book: Book) -> pd.DataFrame:
    """Events whose day is no longer past than ``remembered``."""
    first = pd.Timestamp(book.as_of) - pd.Timedelta(days=remembered(book))
    return rows[rows[day] >= first].reset_index(drop=True)


def within_reach(events: pd.DataFrame, as_of: date) -> np.ndarray:
    """Whether each event is due by HORIZON days after the as-of date: the lists before its due day
    have it from then on.
    """
    if events.empty:
        return np.zeros(0, dtype=bool)
    last = pd.Timestamp(as_of) + pd.Timedelta(days=HORIZON)
    return (pd.to_datetime(events["due"]) <= last).to_numpy()
