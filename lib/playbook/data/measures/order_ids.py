"""What one order is: the one definition every chapter counts by.

An order is a distinct ``order_id``; refunds are none. Where numbers restart, an id seen with two
customers, or again after more than a year, is several orders, which are counted apart; checking
warns of such ids.
"""

from __future__ import annotations

from collections.abc import Sequence

import narwhals as nw
import pandas as pd

from playbook.data.book import Book
from playbook.data.memo import kept, once
from playbook.data.order_numbers import APART

from .customers import has_lines, is_order
from .days import days_since
from .frames import collect


def reused(book: Book) -> pd.DataFrame:
    """Ids that stand for several orders: order_id, customers [count], orders [count]; sorted."""
    return once(book, "reused_ids", lambda: _reused(book))


def with_order(book: Book, rows: nw.LazyFrame) -> nw.LazyFrame:
    """Rows of orders (order_id, customer_id, date) with ``order``, the key that orders are counted
    by: the order_id, made unique where one id stands for several orders.
    """
    if reused(book).empty:
        return rows.with_columns(order=nw.col("order_id"))
    keys = kept(book, "order_keys", lambda: _keys(book))
    keys = keys.rename({"order_id": "key_id", "customer_id": "key_customer", "date": "key_date"})
    named = rows.with_columns(
        key_id=nw.col("order_id"),
        key_customer=nw.coalesce(nw.col("customer_id"), nw.lit("")),
        key_date=nw.col("date").cast(nw.Date),
    )
    found = named.join(keys, on=["key_id", "key_customer", "key_date"], how="left")
    return found.with_columns(order=nw.coalesce(nw.col("order_key"), nw.col("order_id"))).drop(
        "key_id", "key_customer", "key_date", "order_key"
    )


def several_lines(book: Book) -> bool:
    """Whether an order_id repeats among the book's orders, so that rows are lines; looked up
    once.
    """
    return once(book, "has_lines", lambda: has_lines(book.table("orders")))


def keyed(book: Book, rows: nw.LazyFrame) -> nw.LazyFrame:
    """Rows of orders whose ``order_id`` counts orders right: as they are where no id stands for
    several orders.
    """
    if reused(book).empty:
        return rows
    names = rows.collect_schema().names()
    return with_order(book, rows).with_columns(order_id=nw.col("order")).select(*names)


def on_first_day(book: Book) -> nw.LazyFrame:
    """The rows of orders, each line of an order on the day of the order's first line; refunds keep
    their own day. As they are where no order has several lines.
    """
    rows = book.table("orders")
    if not several_lines(book):
        return rows
    names = rows.collect_schema().names()
    keyed_rows = with_order(book, rows)
    first = (
        keyed_rows.filter(is_order())
        .group_by("order", "customer_id")
        .agg(first_day=nw.col("date").min())
        .with_columns(customer_key=nw.coalesce(nw.col("customer_id"), nw.lit("")))
        .select("order", "customer_key", "first_day")
    )
    found = keyed_rows.with_columns(
        customer_key=nw.coalesce(nw.col("customer_id"), nw.lit(""))
    ).join(first, on=["order", "customer_key"], how="left")
    day = nw.when(is_order()).then(nw.col("first_day")).otherwise(nw.col("date"))
    return found.with_columns(date=day).select(*names)


def orders_by_month(book: Book, rows: nw.LazyFrame, by: Sequence[str] = ()) -> pd.DataFrame:
    """Distinct orders per month (its first day) and member: those with a line for that member in
    the month. month, *by, orders. Refunds are no orders.

    An order with lines in two months counts in both: a longer window is no sum of months, see
    ``repeats``. rows need order_id, customer_id, date, month and refund. Where ids are unique, rows
    are counted.
    """
    bought = rows.filter(~nw.col("refund"))
    if several_lines(book):
        bought = with_order(book, bought).select("order", "month", *by).unique()
    return collect(bought.group_by("month", *by).agg(orders=nw.len()), sort=["month", *by])


def across_months(book: Book) -> bool:
    """Whether some order has lines in two months, so that its months do not add up to its year;
    looked up once.
    """
    return once(book, "across_months", lambda: _across_months(book))


def repeats(book: Book, rows: nw.LazyFrame, by: Sequence[str] = ()) -> pd.DataFrame:
    """Orders of a month that had a line in an earlier month too: month, before (the last such
    month), both as first days, *by, orders; no rows where no order has lines in two months.

    The orders of months ``a`` to ``b`` are the sum of their months less the repeats whose month is
    not after ``b`` and whose ``before`` is not before ``a``: each order is left once. rows as for
    ``orders_by_month``.
    """
    if not across_months(book):
        return pd.DataFrame(columns=["month", "before", *by, "orders"]).astype({"orders": int})
    bought = with_order(book, rows.filter(~nw.col("refund"))).select("order", "month", *by).unique()
    earlier = nw.col("month").shift(1).over("order", *by, order_by="month")
    again = bought.with_columns(before=earlier).filter(~nw.col("before").is_null())
    keys = ["month", "before", *by]
    return collect(again.group_by(*keys).agg(orders=nw.len()), sort=keys)


def _across_months(book: Book) -> bool:
    if not book.has("orders", "order_id") or not several_lines(book):
        return False
    rows = with_order(book, book.table("orders").filter(is_order()))
    months = rows.select("order", month=nw.col("date").cast(nw.Date).dt.truncate("1mo"))
    spans = months.group_by("order").agg(first=nw.col("month").min(), last=nw.col("month").max())
    return bool(len(collect(spans.filter(nw.col("first") < nw.col("last")).head(1))))


def _reused(book: Book) -> pd.DataFrame:
    columns = ["order_id", "customers", "orders"]
    if not book.has("orders", "order_id") or not several_lines(book):
        return pd.DataFrame(columns=columns)
    odd = _odd(_rows(book))
    if not len(collect(odd.head(1))):
        return pd.DataFrame(columns=columns)
    counted = (
        _keyed(_rows(book), odd)
        .group_by("order_id")
        .agg(customers=nw.col("customer_id").n_unique(), orders=nw.col("order_key").n_unique())
        .filter(nw.col("orders") > 1)
    )
    return collect(counted, sort=["order_id"])[columns]


def order_keys(book: Book, rows: pd.DataFrame) -> pd.Series:
    """The key that orders are counted by, of rows (order_id, customer_id, date) already read."""
    if reused(book).empty:
        return rows["order_id"]
    keys = collect(kept(book, "order_keys", lambda: _keys(book)), sort=["order_id", "date"])
    keys = keys.assign(date=pd.to_datetime(keys["date"])).set_index(
        ["order_id", "customer_id", "date"]
    )["order_key"]
    asked = pd.MultiIndex.from_arrays(
        [
            rows["order_id"],
            rows["customer_id"].fillna(""),
            pd.to_datetime(rows["date"]).dt.normalize(),
        ]
    )
    found = pd.Series(keys.reindex(asked).to_numpy(), index=rows.index)
    return found.where(found.notna(), rows["order_id"])


def _keys(book: Book) -> nw.LazyFrame:
    """order_id, customer_id, date → order_key, of the ids in question."""
    rows = _rows(book)
    keyed_rows = _keyed(rows, _odd(rows))
    return keyed_rows.select("order_id", "customer_id", "date", "order_key").unique()


def _rows(book: Book) -> nw.LazyFrame:
    return (
        book.table("orders")
        .filter(is_order())
        .select(
            "order_id",
            customer_id=nw.coalesce(nw.col("customer_id"), nw.lit("")),
            date=nw.col("date").cast(nw.Date),
        )
    )


def _odd(rows: nw.LazyFrame) -> nw.LazyFrame:
    """Ids of two customers, or with rows more than a year apart, as ``odd_id``."""
    spans = rows.group_by("order_id").agg(
        customers=nw.col("customer_id").n_unique(),
        first=days_since(nw.col("date").min()),
        last=days_since(nw.col("date").max()),
    )
    apart = nw.col("last") - nw.col("first") > APART
    several = (nw.col("customers") > 1) | apart
    return spans.filter(several).select(odd_id=nw.col("order_id"))


def _keyed(rows: nw.LazyFrame, odd: nw.LazyFrame) -> nw.LazyFrame:
    """Rows of the ids in ``odd`` with their key: id, customer, and the how-manieth run of days."""
    mine = rows.join(odd, left_on="order_id", right_on="odd_id", how="inner")
    mine = mine.with_columns(n=days_since(nw.col("date")))
    one = ["order_id", "customer_id"]
    gap = nw.col("n") - nw.col("n").shift(1).over(*one, order_by="n")
    gaps = mine.with_columns(later=nw.when(gap > APART).then(nw.lit(1)).otherwise(nw.lit(0)))
    runs = gaps.with_columns(run=nw.col("later").cum_sum().over(*one, order_by="n"))
    key = nw.concat_str("order_id", "customer_id", nw.col("run").cast(nw.String), separator="\x1f")
    return runs.with_columns(order_key=key)
