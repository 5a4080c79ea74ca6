"""The plan of visits and calls: promised and made per customer, and when the next is due."""

from __future__ import annotations

import numpy as np
import pandas as pd

from playbook.base import contracts as column
from playbook.base.formats import Formats
from playbook.base.language import say
from playbook.base.settings import SegmentSettings
from playbook.data.book import Book
from playbook.data.measures import contacts
from playbook.data.memo import once
from playbook.page import Worksheet
from playbook.segments.population import population
from playbook.segments.value.tiers import TieredCustomers, tiered
from playbook.segments.workdays import working_day

from .attention import attention, per_tier


class VisitPlan(TieredCustomers):
    """One row per customer of every tier, next visit or call first."""

    promised = column.count("visits a year promised")
    expected = column.count("of them promised by now: the share of the year it has been a customer")
    made = column.count("visits in the trailing 12 months")
    calls_promised = column.count("calls a year promised")
    calls_expected = column.count("of them promised by now")
    called = column.count("calls in the trailing 12 months")
    last_visit = column.day("last visit in the trailing 12 months")
    last_call = column.day("last call in the trailing 12 months")
    visit_due = column.day("by when the next visit was promised; missing where none is")
    call_due = column.day("by when the next call was promised; missing where none is")
    next = column.day(
        "by when the next visit or call is to be made; missing where none is promised"
    )
    what = column.text("visit or call")
    respond = column.number("hours in which a request is to be answered")
    solve = column.number("hours in which a request is to be solved")
    satisfaction = column.score("satisfaction, where the customer was asked")
    referrals = column.number("referrals a year the customer is asked for")


SOON = 5  # working days in which an overdue visit is to be made
YEAR = 365


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
        last_visit=pd.to_datetime(visits.max().reindex(ids).to_numpy()),
        last_call=pd.to_datetime(calls.max().reindex(ids).to_numpy()),
        satisfaction=ids.map(asked).astype(float),
    )


def _begun(customers: pd.DataFrame, book: Book) -> pd.Series:
    """Day from which each customer is promised anything: its first order or, where earlier, the day
    its record names; not before the trailing 12 months.
    """
    start = pd.Timestamp(book.as_of) - pd.Timedelta(days=YEAR - 1)
    days = pd.concat(
        [pd.to_datetime(customers["first"]), pd.to_datetime(customers["since"])], axis=1
    ).min(axis=1)
    return days.clip(lower=start)


def _due(begun: pd.Series, last: pd.Series, promised: pd.Series) -> pd.Series:
    """The last contact, or the day the promise began, plus a fair share of the year."""
    share = pd.to_timedelta((YEAR / promised.where(promised > 0)).round(), unit="D")
    return last.where(last.notna(), begun) + share


def with_promises(
    customers: pd.DataFrame, log: pd.DataFrame, book: Book, settings: SegmentSettings
) -> pd.DataFrame:
    """Customers of all tiers with what they are promised and the contacts they had; the columns of
    ``VisitPlan`` but for next and what. A customer of less than a year is promised by now its share
    of the year, whole visits and calls only.
    """
    tier = customers["tier"]
    rows = _with_contacts(customers, log, book)
    begun = _begun(customers, book)
    part = ((pd.Timestamp(book.as_of) - begun).dt.days + 1) / YEAR
    promises = {
        "promised": per_tier(settings.tier_visits, tier, settings),
        "calls_promised": per_tier(settings.tier_calls, tier, settings),
    }
    rows = rows.assign(**promises)
    return rows.assign(
        expected=np.floor(rows["promised"] * part + 1e-9).astype(int),
        calls_expected=np.floor(rows["calls_promised"] * part + 1e-9).astype(int),
        visit_due=_due(begun, rows["last_visit"], rows["promised"]),
        call_due=_due(begun, rows["last_call"], rows["calls_promised"]),
        respond=per_tier(settings.tier_response_hours, tier, settings),
        solve=per_tier(settings.tier_solving_hours, tier, settings),
        referrals=per_tier(settings.tier_referrals, tier, settings),
    )


def plan_of(book: Book) -> pd.DataFrame:
    """``VisitPlan`` of a book with orders and contacts; worked out once."""
    return once(book, "visit_plan", lambda: visit_plan(promises_of(book), book))


def promises_of(book: Book) -> pd.DataFrame:
    """``with_promises`` of the book's customers; worked out once."""

    def made() -> pd.DataFrame:
        settings = book.settings.segments
        customers = tiered(population(book), settings.tiers, book.currency).customers
        return with_promises(customers, attention(book).log, book, settings)

    return once(book, "promises", made)


def visit_plan(rows: pd.DataFrame, book: Book) -> pd.DataFrame:
    """A frame of ``VisitPlan`` from the customers of ``with_promises``: overdue visits and calls
    are to be made within SOON working days.
    """
    soon = pd.Timestamp(working_day(book.as_of, SOON, book.calendar))
    first = rows[["visit_due", "call_due"]].min(axis=1)
    call = rows["call_due"].notna() & ~(rows["visit_due"] <= rows["call_due"])
    return (
        rows.assign(
            next=[day.date() if day == day else pd.NaT for day in first.clip(lower=soon)],
            what=np.where(first.isna(), "", np.where(call, "call", "visit")),
        )
        .assign(order=first.clip(lower=soon))
        .sort_values(["order", "net_year", "customer_id"], ascending=[True, False, True])
        .drop(columns="order")
        .reset_index(drop=True)
    )


def plan_sheet(plan: pd.DataFrame, fmt: Formats) -> Worksheet:
    """The plan as a sheet of the workbook. plan: a frame of ``VisitPlan``."""
    columns = (
        ("name", say("Customer"), "text"),
        ("owner", say("Owner"), "name"),
        ("tier", say("Tier"), "text"),
        ("promised", say("Visits promised"), "count"),
        ("expected", say("of them by now"), "count"),
        ("made", say("Visits made"), "count"),
        ("last_visit", say("Last visit"), "date"),
        ("calls_promised", say("Calls promised"), "count"),
        ("calls_expected", say("of them by now"), "count"),
        ("called", say("Calls made"), "count"),
        ("last_call", say("Last call"), "date"),
        ("what", say("Next contact"), "term"),
        ("next", say("Next by"), "date"),
        ("respond", say("Answer in hours"), "count"),
        ("solve", say("Solve in hours"), "count"),
        ("satisfaction", say("Satisfaction"), "number"),
        ("referrals", say("Referrals asked"), "count"),
        ("net_year", say("Revenue"), "money"),
    )
    plan = plan.assign(tier=[fmt.text(name, "tier") for name in plan["tier"]])
    rows = plan[[key for key, _, _ in columns]].itertuples(index=False)
    return Worksheet(say("Relationship plan"), columns, tuple(tuple(row) for row in rows))
