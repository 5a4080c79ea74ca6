"""Sales without a customer, over the counter: they count in sales and in no customer count."""

from __future__ import annotations

from datetime import date

import narwhals as nw

from playbook.data.book import Book

from .frames import collect
from .sales import between, order_rows


def without_customer(book: Book, start: date, end: date) -> tuple[float, float]:
    """Net sales between two days of rows that name no customer, and of all rows [currency]."""
    rows = between(order_rows(book), start, end).with_columns(
        nobody=nw.when(nw.col("customer_id").is_null()).then(nw.col("amount"))
    )
    found = collect(rows.select(nobody=nw.col("nobody").sum(), whole=nw.col("amount").sum()))
    nobody, whole = found.iloc[0].fillna(0.0)
    return float(nobody), float(whole)
