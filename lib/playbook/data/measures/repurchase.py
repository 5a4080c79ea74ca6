"""Customers who came back: first order, next order on a later day."""

from __future__ import annotations

import narwhals as nw
import pandas as pd

from playbook.data.book import Book
from playbook.data.memo import once

from .days import day_in, day_number, month_in, packed
from .frames import collect


def repeat_counts(book: Book) -> pd.DataFrame:
    """Customers by month of their first order, whether they ordered again, and after how many days.

    Refunds and lines of no amount are no orders; a second order on the first day is the same visit.

    Returns
    -------
    month (number), status (advanced, open), days, again (month number of the second order), seen, n
    [customers]. Worked out once.
    """
    made = once(book, "repeats", lambda: counts_from(book.table("orders"), day_number(book.as_of)))
    return made.copy(deep=False)


def counts_from(orders: nw.LazyFrame, today: int) -> pd.DataFrame:
    """The same from order rows (customer_id, date, amount)."""
    bought = orders.filter(nw.col("amount") > 0).select("customer_id", at=packed("date"))
    first = bought.group_by("customer_id").agg(first=nw.col("at").min())
    later = (
        bought.join(first, on="customer_id")
        .filter(nw.col("at") > nw.col("first"))
        .group_by("customer_id")
        .agg(second=nw.col("at").min())
    )
    both = first.join(later, on="customer_id", how="left")
    back = ~nw.col("second").is_null()
    rows = both.select(
        month=month_in(nw.col("first")),
        again=month_in(nw.col("second")),
        status=nw.when(back).then(nw.lit("advanced")).otherwise(nw.lit("open")),
        days=nw.when(back).then(day_in(nw.col("second"))).otherwise(nw.lit(today))
        - day_in(nw.col("first")),
    )
    keys = ["month", "again", "status", "days"]
    return collect(rows.group_by(*keys).agg(n=nw.len()), sort=keys).assign(seen=1)
