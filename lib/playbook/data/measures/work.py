"""Contacts made, actions agreed, and what the channels cost, by month and person."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import narwhals as nw
import pandas as pd

from playbook.base.language import say
from playbook.base.periods import Month
from playbook.data.book import Book

from .as_given import plain_days
from .frames import collect
from .sales import NOT_GIVEN
from .touches import customer_contacts


def costs_by_month(book: Book) -> pd.DataFrame:
    """Cost of all channels by month: month [Month], cost [currency]."""
    book.need("channel_costs", "month", "cost", gives=say("channel cost against its target"))
    rows = book.table("channel_costs").with_columns(
        month=nw.col("month").cast(nw.Date).dt.truncate("1mo")
    )
    frame = collect(rows.group_by("month").agg(cost=nw.col("cost").sum()), sort=["month"])
    return frame.assign(month=[Month.of(day) for day in frame["month"]])


def contacts(
    book: Book, start: date, end: date, by: Sequence[str] = ("rep_id", "kind")
) -> pd.DataFrame:
    """Contacts between start and end, both inclusive: *by, contacts, days (distinct days with
    one).
    """
    book.need(
        "activities",
        "rep_id",
        gives=say("capacity and rhythm from the contacts the team really makes"),
    )
    rows = customer_contacts(book).filter((nw.col("date") >= start) & (nw.col("date") <= end))
    rows = rows.with_columns(**{d: nw.coalesce(nw.col(d), nw.lit(NOT_GIVEN)) for d in by})
    return collect(
        rows.group_by(*by).agg(contacts=nw.len(), days=nw.col("date").n_unique()), sort=list(by)
    )


def open_actions(book: Book, until: date) -> pd.DataFrame:
    """Agreed next actions not done yet and due by ``until``: owner (the next owner, else the rep),
    due, next_action, customer_id, lead_id, opportunity_id.

    What became of an action due after the as-of date is not known yet: it is still to be done.
    """
    book.need("activities", "due", gives=say("each person's follow-ups of the week"))
    rows = book.table("activities").filter(
        (nw.col("due") <= until)
        & (
            (nw.col("status") == "open")
            | (nw.col("status").is_null() & (nw.col("due") > book.as_of))
        )
    )
    rows = rows.with_columns(owner=nw.coalesce(nw.col("next_owner"), nw.col("rep_id")))
    columns = [
        "owner",
        "due",
        "next_action",
        "customer_id",
        "lead_id",
        "opportunity_id",
        "activity_id",
    ]
    return plain_days(collect(rows.select(*columns), sort=["owner", "due", "activity_id"]), "due")
