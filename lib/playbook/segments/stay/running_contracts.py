"""Who is under contract."""

from __future__ import annotations

import pandas as pd

from playbook.data.book import Book
from playbook.data.measures import customers as measures


def under_contract(book: Book, customer_ids: pd.Series) -> pd.Series:
    """Whether each customer has a contract that runs beyond the as-of date; False for all where the
    book has no contracts.
    """
    if not book.has("contracts", "customer_id", "start", "end"):
        return pd.Series(False, index=customer_ids.index)
    contracts = measures.contracts(book.table("contracts"))
    running = contracts[
        (contracts["end"] > pd.Timestamp(book.as_of)) & (contracts["end"] >= contracts["start"])
    ]
    return customer_ids.isin(set(running["customer_id"]))
