"""New customers: the one definition every chapter asks.

A customer is new on the day of its first order ever, or of its first won deal ever, whichever is
earlier. Refunds are no orders. Deals that name no customer make nobody new.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import narwhals as nw
import pandas as pd

from playbook.base.language import say
from playbook.base.periods import Month
from playbook.data.book import Book
from playbook.data.coverage import sales_coverage
from playbook.data.memo import kept

from . import sales
from .deal_counts import deal_rows
from .frames import collect

HISTORY = 12  # months of data before a span from which "first ever" can be told from "first seen"


def purchases(book: Book, by: Sequence[str] = ()) -> nw.LazyFrame:
    """Days on which a customer bought, by order or by won deal: customer_id, date, *by.

    by: ``region``, ``product_line``, ``customer_type``, ``rep`` or ``channel``. Raises NotAvailable
    where neither orders nor won deals name a customer.
    """
    parts = []
    if book.has("orders", "customer_id"):
        rows = sales.filled_rows(book) if "channel" in by else sales.order_rows(book)
        parts.append(rows.filter(~nw.col("refund")).select("customer_id", "date", *by))
    if book.has("opportunities", "customer_id") and book.has("opportunities", "closed"):
        won = deal_rows(book, by).filter(nw.col("outcome") == "won", ~nw.col("closed").is_null())
        day = nw.col("closed").cast(nw.Date).alias("date")
        parts.append(won.select("customer_id", day, *by))
    if not parts:
        gives = say("who bought for the first time, and when")
        book.need("orders", "customer_id", "date", gives=gives)
    every = parts[0] if len(parts) == 1 else nw.concat(parts)
    return every.filter(~nw.col("customer_id").is_null())


def first_purchases(book: Book) -> nw.LazyFrame:
    """One row per customer: customer_id, first (day of its first order or won deal ever)."""
    return kept(
        book,
        "first_purchases",
        lambda: purchases(book).group_by("customer_id").agg(first=nw.col("date").min()),
    )


def new_customers(book: Book, by: Sequence[str] = ()) -> pd.DataFrame:
    """New customers by the month of their first purchase: month [Month], *by, new_customers.

    With members, a customer counts for each member it bought from on its first day.
    """
    firsts = first_purchases(book)
    if by:
        firsts = (
            purchases(book, by)
            .unique()
            .join(firsts, on="customer_id", how="inner")
            .filter(nw.col("date") == nw.col("first"))
        )
    grouped = (
        firsts.with_columns(month=nw.col("first").dt.truncate("1mo"))
        .group_by("month", *by)
        .agg(new_customers=nw.col("customer_id").n_unique())
    )
    frame = collect(grouped, sort=["month", *by])
    frame["month"] = [Month.of(day) for day in frame["month"]]
    return frame


def new_between(book: Book, start: date, end: date) -> list[str]:
    """Customers whose first purchase ever lies between start and end, both inclusive; sorted."""
    firsts = first_purchases(book).filter((nw.col("first") >= start) & (nw.col("first") <= end))
    return list(collect(firsts, sort=["customer_id"])["customer_id"])


def short_history(book: Book, start: date) -> str:
    """A caveat for new customers since ``start``: how little data lie before; empty when enough."""
    covered = sales_coverage(book)
    before = covered.months_before(start)
    if covered.first is None or before >= HISTORY:
        return ""
    day = book.fmt.text(covered.first, "date")
    return say(
        "The data begin on {day}: a customer that bought before then and not since looks new here.",
        day=day,
    )


def months_of(first: Month, last: Month, frame: pd.DataFrame) -> int:
    """New customers of a frame of ``new_customers`` from month first to last, both inclusive."""
    return int(sales.within(frame, first, last)["new_customers"].sum())
