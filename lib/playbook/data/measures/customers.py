"""Customers from orders: one grouped row per customer, all windows in one pass; who they are and who looks after them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import narwhals as nw
import pandas as pd

from playbook.base.periods import Window

from .frames import collect


def is_order() -> nw.Expr:
    """Whether a row of orders is an order (a line of one): refunds and other negative rows only count as money."""
    return (nw.col("amount") >= 0) & ~(nw.col("kind") == "refund").fill_null(False)


def has_lines(orders: nw.LazyFrame) -> bool:
    """Whether an order_id repeats among orders (refunds aside), so that orders must be counted by id."""
    counted = orders.with_columns(is_order().alias("is_order")).filter(nw.col("is_order")).select(
        nw.len().alias("rows"), nw.col("order_id").n_unique().alias("ids")).collect()
    return int(counted["rows"][0]) > int(counted["ids"][0] or 0)


def totals(orders: nw.LazyFrame, spans: Mapping[str, Window], *, lines: bool | None = None) -> pd.DataFrame:
    """Orders and net amount per customer in several windows, in one pass over the orders.

    Parameters
    ----------
    orders : lazy frame of the orders table, one row per order or order line
    spans : name → window; all end on or before the newest order known
    lines : whether order_id repeats; None = looked up (costs one pass over the ids)

    Returns
    -------
    One row per customer_id (None = orders that name no customer), sorted: ``first`` order ever [day], and per span
    ``orders_<span>`` [distinct orders], ``net_<span>`` [currency, refunds netted], ``last_<span>`` [day of the last order].
    """
    rows = orders.with_columns(is_order().alias("is_order")).select(
        "customer_id", "order_id", nw.when(nw.col("is_order")).then(nw.col("date")).alias("first"),
        *(part for name, span in spans.items() for part in _parts(name, span)))
    if lines if lines is not None else has_lines(orders):
        rows = _orders_of_lines(rows, spans)
    grouped = rows.group_by("customer_id").agg(nw.col("first").min(), *(nw.col(name).sum() for name in _names(spans, "orders", "net")),
                                               *(nw.col(name).max() for name in _names(spans, "last")))
    days, counts = nw.col("first", *_names(spans, "last")), nw.col(*_names(spans, "orders"))
    return collect(grouped.with_columns(days.cast(nw.Datetime("us")), counts.fill_null(0).cast(nw.Int64)), sort=["customer_id"])


def _names(spans: Mapping[str, Window], *kinds: str) -> list[str]:
    return [f"{kind}_{name}" for name in spans for kind in kinds]


def _parts(name: str, span: Window) -> list[nw.Expr]:
    """What a row of orders adds to one window."""
    inside = nw.col("date") <= span.end
    if span.start is not None:
        inside = inside & (nw.col("date") >= span.start)
    order = inside & nw.col("is_order")
    return [nw.when(order).then(nw.lit(1)).alias(f"orders_{name}"), nw.when(inside).then(nw.col("amount")).alias(f"net_{name}"),
            nw.when(order).then(nw.col("date")).alias(f"last_{name}")]


def _orders_of_lines(rows: nw.LazyFrame, spans: Mapping[str, Window]) -> nw.LazyFrame:
    """Lines to orders: an order counts once in each window in which it has a line."""
    return rows.group_by("customer_id", "order_id").agg(
        nw.col("first").min(), *(nw.col(name).sum() for name in _names(spans, "net")),
        *(nw.col(name).max() for name in _names(spans, "orders", "last")))


def who(customers: nw.LazyFrame) -> pd.DataFrame:
    """Customers by name, owner and kind; sorted by customer_id. No personal contact data."""
    return collect(customers.select("customer_id", "name", "industry", "region", "customer_type", "rep_id", "strategic", "since"),
                   sort=["customer_id"])


def last_rep(orders: nw.LazyFrame) -> pd.DataFrame:
    """customer_id, rep_id of the customer's newest order that names one (largest order_id among the same day)."""
    named = orders.filter(~nw.col("rep_id").is_null(), is_order())
    newest = named.group_by("customer_id").agg(nw.col("date").max().alias("newest"))
    last = named.join(newest, on="customer_id").filter(nw.col("date") == nw.col("newest"))
    ids = last.group_by("customer_id").agg(nw.col("order_id").max().alias("order_id"))
    return collect(last.join(ids, on=["customer_id", "order_id"]).group_by("customer_id").agg(nw.col("rep_id").max()),
                   sort=["customer_id"])


def rep_names(reps: nw.LazyFrame) -> pd.DataFrame:
    """rep_id, name, team and the day the rep left; sorted by rep_id."""
    return collect(reps.select("rep_id", "name", "team", "left"), sort=["rep_id"])


def monthly(orders: nw.LazyFrame, end: date) -> pd.DataFrame:
    """customer_id, month (first day), orders rows and net amount: the grain of cohorts and retention."""
    month = nw.col("date").dt.truncate("1mo").alias("month")
    rows = orders.filter(nw.col("date") <= end).with_columns(month, is_order().alias("is_order"))
    return collect(rows.group_by("customer_id", "month").agg(
        nw.col("is_order").cast(nw.Int64).sum().cast(nw.Int64).alias("rows"), nw.col("amount").sum().alias("net"),
    ).with_columns(nw.col("month").cast(nw.Datetime("us"))), sort=["customer_id", "month"])


def contracts(book_contracts: nw.LazyFrame) -> pd.DataFrame:
    """One row per contract: contract_id, customer_id, start, end [days], annual_value [currency], renewed [bool]; sorted by id.

    Contracts are one row each and few (thousands), so nothing is grouped here.
    """
    rows = book_contracts.select("contract_id", "customer_id", nw.col("start", "end").cast(nw.Datetime("us")), "annual_value",
                                 (~nw.col("renewed_by").is_null()).alias("renewed"), "rep_id", "product_line")
    return collect(rows, sort=["contract_id"])


def purchases(orders: nw.LazyFrame, end: date) -> pd.DataFrame:
    """Purchase history per customer to ``end``: days with an order are one purchase each.

    Returns customer_id, days [purchase days], first, last [day], value and first_value [currency] of all and of the first
    purchase day; refunds are left out. Sorted by customer_id.
    """
    named = orders.filter(nw.col("date") <= end, ~nw.col("customer_id").is_null()).with_columns(is_order().alias("is_order"))
    by_day = named.filter(nw.col("is_order")).group_by("customer_id", "date").agg(nw.col("amount").sum())
    whole = by_day.group_by("customer_id").agg(nw.col("date").count().alias("days"), nw.col("date").min().alias("first"),
                                               nw.col("date").max().alias("last"), nw.col("amount").sum().alias("value"))
    start = by_day.rename({"date": "first", "amount": "first_value"})
    joined = whole.join(start, on=["customer_id", "first"], how="left")
    return collect(joined.select("customer_id", nw.col("days").cast(nw.Int64), nw.col("first", "last").cast(nw.Datetime("us")), "value", "first_value"),
                   sort=["customer_id"])
