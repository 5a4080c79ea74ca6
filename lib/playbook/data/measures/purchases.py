"""What each customer bought when: months with orders, deliveries, purchase days."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

import narwhals as nw
import pandas as pd

from playbook.base.periods import Window

from .customers import is_order
from .frames import collect


def monthly(orders: nw.LazyFrame, end: date) -> pd.DataFrame:
    """customer_id, month (first day), orders rows and net amount: the grain of cohorts and
    retention.
    """
    month = nw.col("date").dt.truncate("1mo").alias("month")
    rows = orders.filter(nw.col("date") <= end).with_columns(month, is_order().alias("is_order"))
    return collect(
        rows.group_by("customer_id", "month")
        .agg(
            nw.col("is_order").cast(nw.Int64).sum().cast(nw.Int64).alias("rows"),
            nw.col("amount").sum().alias("net"),
        )
        .with_columns(nw.col("month").cast(nw.Datetime("us"))),
        sort=["customer_id", "month"],
    )


def channel_sales(
    orders: nw.LazyFrame, span: Window, channels: Collection[str]
) -> tuple[float, int]:
    """Net amount [currency] and customers of the orders in a window by channels, named in any
    case.
    """
    inside = (
        (nw.col("date") <= span.end) & (nw.col("date") >= span.start)
        if span.start
        else nw.col("date") <= span.end
    )
    named = (
        nw.col("channel")
        .str.strip_chars()
        .str.to_lowercase()
        .is_in([name.casefold() for name in channels])
    )
    found = collect(
        orders.filter(inside & named).group_by("customer_id").agg(nw.col("amount").sum()),
        sort=["customer_id"],
    )
    return float(found["amount"].sum()), len(found)


def deliveries(orders: nw.LazyFrame, start: date, end: date) -> pd.DataFrame:
    """Orders that bring the customer something, between two days: customer_id, date, order_id and
    net amount; renewals and refunds are none.
    """
    inside = orders.filter(
        nw.col("date") >= start,
        nw.col("date") <= end,
        is_order(),
        ~(nw.col("kind") == "renewal").fill_null(False),
    )
    return collect(
        inside.group_by("customer_id", "order_id").agg(
            nw.col("date").max().cast(nw.Datetime("us")), nw.col("amount").sum()
        ),
        sort=["customer_id", "date", "order_id"],
    )


def purchases(orders: nw.LazyFrame, end: date) -> pd.DataFrame:
    """Purchase history per customer to ``end``: days with an order are one purchase each.

    Returns customer_id, days [purchase days], first, last [day], value and first_value [currency]
    of all and of the first purchase day, and squares [currency²], the sum of the days' squared
    values; refunds are left out. Sorted by customer_id.
    """
    named = orders.filter(nw.col("date") <= end, ~nw.col("customer_id").is_null()).with_columns(
        is_order().alias("is_order")
    )
    by_day = (
        named.filter(nw.col("is_order")).group_by("customer_id", "date").agg(nw.col("amount").sum())
    )
    size = nw.col("amount").cast(nw.Float64)
    by_day = by_day.with_columns((size * size).alias("square"))
    whole = by_day.group_by("customer_id").agg(
        nw.col("date").count().alias("days"),
        nw.col("date").min().alias("first"),
        nw.col("date").max().alias("last"),
        nw.col("amount").sum().alias("value"),
        nw.col("square").sum().alias("squares"),
    )
    start = by_day.drop("square").rename({"date": "first", "amount": "first_value"})
    joined = whole.join(start, on=["customer_id", "first"], how="left")
    return collect(
        joined.select(
            "customer_id",
            nw.col("days").cast(nw.Int64),
            nw.col("first", "last").cast(nw.Datetime("us")),
            "value",
            "first_value",
            "squares",
        ),
        sort=["customer_id"],
    )
