"""Sales by month and any dimension the year is split by: kind of business, channel, deal size and
the firm's own among them.
"""

from __future__ import annotations

from collections.abc import Sequence

import narwhals as nw
import pandas as pd

from playbook.data.book import Book
from playbook.data.memo import once

from . import sales
from .order_ids import across_months, keyed, repeats
from .order_windows import as_months, monthly_again
from .sales import NOT_GIVEN, own_columns

PLAIN = (*sales.DIMENSIONS, "team", "industry")  # filled in every order row
SIZE = "deal_size"


def has_split(book: Book, dimension: str) -> bool:
    """Whether any sale of the book names a member of the dimension."""
    if not book.has("orders"):
        return False
    if dimension == SIZE:
        return bool(book.settings.goals.size_bands)
    if dimension not in (*PLAIN, "kind", "channel") and not _tables(book, dimension):
        return False
    return bool((split_months(book, (dimension,))[dimension] != NOT_GIVEN).any())


def split_months(book: Book, dimensions: Sequence[str]) -> pd.DataFrame:
    """Net sales and orders by month and member: month [Month], *dimensions, amount, orders, and
    customers; empty cells read ``not given``. By kind of business refunds are left out: they are
    none. Worked out once.

    Raises NotAvailable without orders, KeyError for a dimension the book does not have.
    """
    if set(dimensions) <= set(PLAIN):
        return sales.monthly(book, dimensions)
    key = ("split months", *dimensions)
    alone = not sales.several_lines(book)  # every row is an order of its own
    return once(
        book,
        key,
        lambda: sales.by_month(_rows(book, dimensions), list(dimensions), unique=alone),
    )


def split_again(book: Book, dimensions: Sequence[str]) -> pd.DataFrame:
    """What the orders of ``split_months`` count twice in a longer window; see
    ``order_windows.orders_in``.
    """
    if set(dimensions) <= set(PLAIN) or not across_months(book):
        return monthly_again(book, dimensions)
    key = ("split again", *dimensions)
    rows = _rows(book, dimensions)
    return once(book, key, lambda: as_months(repeats(book, rows, list(dimensions))))


def _rows(book: Book, dimensions: Sequence[str]) -> nw.LazyFrame:
    rows = keyed(book, sales.filled_rows(book))
    for dimension in dimensions:
        if dimension in (*PLAIN, "channel"):
            continue
        if dimension == "kind":
            rows = rows.filter(~nw.col("refund"))
        elif dimension == SIZE:
            rows = _sized(book, rows)
        else:
            rows = _own(book, rows, dimension)
    return rows.with_columns(
        **{d: nw.coalesce(nw.col(d).cast(nw.String), nw.lit(NOT_GIVEN)) for d in dimensions}
    )


def _own(book: Book, rows: nw.LazyFrame, dimension: str) -> nw.LazyFrame:
    """A dimension of the firm's own: the order's, else its customer's, else its deal's."""
    tables = _tables(book, dimension)
    if not tables:
        raise KeyError(dimension)
    parts = [nw.col(dimension)] if "orders" in tables else []
    for table, key in (("customers", "customer_id"), ("opportunities", "opportunity_id")):
        if table in tables:
            name = f"{dimension}_of_{table}"
            other = book.table(table).select(key, nw.col(dimension).alias(name))
            rows, parts = rows.join(other, on=key, how="left"), [*parts, nw.col(name)]
    return rows.with_columns((nw.coalesce(*parts) if len(parts) > 1 else parts[0]).alias(dimension))


def _sized(book: Book, rows: nw.LazyFrame) -> nw.LazyFrame:
    """The band of each order's amount, all its lines together."""
    whole = rows.group_by("order_id").agg(order_amount=nw.col("amount").sum())
    rows = rows.join(whole, on="order_id", how="left")
    bands = sorted(book.settings.goals.size_bands.items(), key=lambda item: item[1])
    band = nw.lit(bands[0][0])
    for name, lower in bands[1:]:
        band = nw.when(nw.col("order_amount") >= lower).then(nw.lit(name)).otherwise(band)
    return rows.with_columns(**{SIZE: band})


def _tables(book: Book, dimension: str) -> list[str]:
    return [
        table
        for table in ("orders", "customers", "opportunities")
        if dimension in own_columns(book, table)
    ]
