"""The customers of a book without orders, by what their contracts bring a year."""

from __future__ import annotations

from typing import Any

import pandas as pd

from playbook.base.periods import Window
from playbook.data.book import Book
from playbook.data.measures.names import customer_names
from playbook.data.measures.recurring import mrr
from playbook.segments.population import SCORED, CustomerRows, Population


def contract_customers(book: Book) -> Population:
    """Customers whose contracts run on the as-of date, sorted by customer_id; ``net_year`` is
    twelve times their recurring revenue of a month, what only orders tell is missing.
    """
    paying = mrr(book, book.as_of)
    ids = [str(one) for one in paying.index]
    names = customer_names(book, set(ids), set(ids))
    known: dict[str, Any] = {
        "customer_id": ids,
        "name": [names.get(one, one) for one in ids],
        "net_year": (12 * paying).to_numpy(float),
        "orders_year": 0,
        "orders": 0,
        "state": SCORED,
    }
    blank = {name: None for name in CustomerRows.names() if name not in known}
    year: Window = book.window("trailing_12m")
    frame = pd.DataFrame({**known, **blank})[CustomerRows.names()]
    return Population(
        frame.sort_values("customer_id", ignore_index=True),
        book.as_of,
        book.window("rfm_window"),
        year,
        book.fmt,
    )
