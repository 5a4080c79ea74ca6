"""What each customer bought when: months with orders, deliveries, purchase days."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

import duckdb
import narwhals as nw
import pandas as pd

from playbook.base.periods import Window

from .customers import is_order
from .days import days_since
from .frames import collect


def newcomers(orders: nw.LazyFrame, end: date, listed: nw.LazyFrame | None = None) -> nw.LazyFrame:
    """One row per customer that is named: customer_id and first, the day of its first order to
    ``end``.

    listed: customer_id and since, the day a customer became one by the firm's own record. Whoever
    was one over a month before the month of the first order here is left out.
    """
    firsts = _bought(orders, end).group_by("customer_id").agg(first=nw.col("date").min())
    if listed is None:
        return firsts
    known = firsts.join(listed.select("customer_id", "since"), on="customer_id", how="left")
    month = days_since(nw.col("first").dt.truncate("1mo"))
    older = (days_since(nw.col("since")) < month - 31).fill_null(False)
    return known.filter(~older).select("customer_id", "first")


def first_month(
    orders: nw.LazyFrame, end: date, listed: nw.LazyFrame | None = None
) -> pd.Timestamp | None:
    """First day of the month in which the first of the ``newcomers`` came; None without any."""
    first = nw.col("first").min().dt.truncate("1mo").cast(nw.Datetime("us"))
    found = collect(newcomers(orders, end, listed).select(first))["first"].iloc[0]
    return None if pd.isna(found) else pd.Timestamp(found)


def cohort_counts(
    orders: nw.LazyFrame, end: date, unit: str, listed: nw.LazyFrame | None = None
) -> pd.DataFrame:
    """``newcomers`` by the period of their first order and each period in which they ordered:
    cohort, period (their first days), customers [count]. unit: 1mo or 1q.
    """
    # counted where the rows are: of millions of customers a row for each month is no small frame
    seen = _bought(orders, end).select("customer_id", period=nw.col("date").dt.truncate(unit))
    cohort = nw.col("first").dt.truncate(unit).alias("cohort")
    came = newcomers(orders, end, listed).select("customer_id", cohort)
    rows = seen.unique().join(came, on="customer_id", how="inner")
    days = nw.col("cohort", "period").cast(nw.Datetime("us"))
    counted = rows.group_by("cohort", "period").agg(customers=nw.len()).with_columns(days)
    return collect(counted, sort=["cohort", "period"])


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
    return histories(orders, [end])[end]


def first_purchase(orders: nw.LazyFrame, end: date) -> date | None:
    """Day of the first purchase of any customer named, to ``end``; None without one."""
    day = collect(_bought(orders, end).select(nw.col("date").cast(nw.Datetime("us")).min()))
    found = day["date"].iloc[0]
    return None if pd.isna(found) else pd.Timestamp(found).date()


def histories(orders: nw.LazyFrame, ends: Collection[date]) -> dict[date, pd.DataFrame]:
    """``purchases`` to each of several days, from one pass over the orders."""
    by_day = _bought(orders, max(ends)).group_by("customer_id", "date").agg(nw.col("amount").sum())
    size = nw.col("amount").cast(nw.Float64)
    by_day = by_day.with_columns((size * size).alias("square"))
    parts, latest = [nw.col("date").min().alias("first")], max(ends)
    given = dict(enumerate(ends))
    for i, end in given.items():
        day, amount, square = (
            nw.col(name) if end == latest else nw.when(nw.col("date") <= end).then(nw.col(name))
            for name in ("date", "amount", "square")
        )
        parts += [
            day.count().alias(f"days_{i}"),
            day.max().alias(f"last_{i}"),
            amount.sum().alias(f"value_{i}"),
            square.sum().alias(f"squares_{i}"),
        ]
    dated = ["first", *(f"last_{i}" for i in given)]
    whole = _with_first(by_day, parts).with_columns(nw.col(*dated).cast(nw.Datetime("us")))
    found = collect(whole, sort=["customer_id"])
    return {end: _to(found, i, end) for i, end in given.items()}


def _bought(orders: nw.LazyFrame, end: date) -> nw.LazyFrame:
    """Orders of customers that are named, to a day."""
    named = orders.filter(nw.col("date") <= end, ~nw.col("customer_id").is_null())
    return named.with_columns(is_order().alias("is_order")).filter(nw.col("is_order"))


def _with_first(by_day: nw.LazyFrame, parts: list[nw.Expr]) -> nw.LazyFrame:
    """``parts`` per customer, and first_value, the amount of the first day. DuckDB looks for it
    while it groups; other engines join the days once more.
    """
    grouped = by_day.group_by("customer_id")
    if isinstance(nw.to_native(by_day), duckdb.DuckDBPyRelation):
        return grouped.agg(*parts, nw.col("amount").first(order_by="date").alias("first_value"))
    start = by_day.drop("square").rename({"date": "first", "amount": "first_value"})
    return grouped.agg(*parts).join(start, on=["customer_id", "first"], how="left")


def _to(found: pd.DataFrame, i: int, end: date) -> pd.DataFrame:
    """The history to one of the days, of those who had bought by then."""
    mine = found[found["first"] <= pd.Timestamp(end)].reset_index(drop=True)
    return pd.DataFrame(
        {
            "customer_id": mine["customer_id"],
            "days": mine[f"days_{i}"].astype("int64"),
            "first": mine["first"],
            "last": mine[f"last_{i}"],
            "value": mine[f"value_{i}"],
            "first_value": mine["first_value"],
            "squares": mine[f"squares_{i}"],
        }
    )
