"""The visit plan: visits promised and made per customer, and by when the next one is due."""

from __future__ import annotations

from datetime import date

import pandas as pd

from playbook.base import contracts as column
from playbook.base.settings import SegmentSettings
from playbook.data.book import Book
from playbook.data.measures import contacts
from playbook.segments.value.tiers import TieredCustomers
from playbook.segments.workdays import working_day

from .attention import per_tier


class VisitPlan(TieredCustomers):
    """One row per customer of a tier that is promised visits, next visit first."""

    promised = column.count("visits a year promised")
    made = column.count("visits in the trailing 12 months")
    called = column.count("calls in the trailing 12 months")
    last_visit = column.day("last visit in the trailing 12 months")
    next = column.day("by when the next visit is due")
    respond = column.number("hours in which a request is to be answered")
    solve = column.number("hours in which a request is to be solved")
    satisfaction = column.score("satisfaction, where the customer was asked")
    referrals = column.number("referrals a year the customer is asked for")


SOON = 5  # working days in which an overdue visit is to be made


def _with_contacts(customers: pd.DataFrame, log: pd.DataFrame, book: Book) -> pd.DataFrame:
    """Adds visits and calls of the log, and the satisfaction recorded in care_plan."""
    visits, calls = (
        log[log["kind"] == kind].groupby("customer_id")["date"] for kind in ("visit", "call")
    )
    asked = (
        contacts.care(book.table("care_plan")).set_index("customer_id")["satisfaction"]
        if book.has("care_plan", "satisfaction")
        else pd.Series(dtype=float)
    )
    ids = customers["customer_id"]
    return customers.assign(
        made=ids.map(visits.size()).fillna(0).astype(int),
        called=ids.map(calls.size()).fillna(0).astype(int),
        last_visit=visits.max().reindex(ids).to_numpy(),
        satisfaction=ids.map(asked).astype(float),
    )


def _next_visits(plan: pd.DataFrame, book: Book) -> list[date]:
    """Last visit plus the promised interval; for those never visited or overdue, SOON working days
    from the as-of date.
    """
    soon = working_day(book.as_of, SOON, book.calendar)
    interval = pd.to_timedelta((365 / plan["promised"]).round(), unit="D")
    return [
        soon if pd.isna(day) or day.date() < soon else day.date()
        for day in plan["last_visit"] + interval
    ]


def with_promises(
    customers: pd.DataFrame, log: pd.DataFrame, book: Book, settings: SegmentSettings
) -> pd.DataFrame:
    """Customers of all tiers with what they are promised and the contacts they had; the columns of
    ``VisitPlan`` but for next.
    """
    tier = customers["tier"]
    return _with_contacts(customers, log, book).assign(
        promised=per_tier(settings.tier_visits, tier, settings),
        respond=per_tier(settings.tier_response_hours, tier, settings),
        solve=per_tier(settings.tier_solving_hours, tier, settings),
        referrals=per_tier(settings.tier_referrals, tier, settings),
    )


def visit_plan(rows: pd.DataFrame, book: Book) -> pd.DataFrame:
    """A frame of ``VisitPlan`` from the customers of ``with_promises``."""
    plan = rows[rows["promised"] > 0]
    return (
        plan.assign(next=_next_visits(plan, book))
        .sort_values(["next", "net_year", "customer_id"], ascending=[True, False, True])
        .reset_index(drop=True)
    )
