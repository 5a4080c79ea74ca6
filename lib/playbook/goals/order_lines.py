"""The lines that orders are counted by."""

from __future__ import annotations

import narwhals as nw

from playbook.data.book import Book
from playbook.data.measures import sales
from playbook.data.measures.order_ids import reused, with_order


def order_lines(book: Book) -> nw.LazyFrame:
    """Order lines of the book; ``order_id`` is the key that orders are counted by."""
    rows = sales.order_rows(book)
    if reused(book).empty:
        return rows
    return with_order(book, rows).with_columns(order_id=nw.col("order")).drop("order")
