"""The deals behind a number: names, owners, amounts and reasons of the largest ones."""

from __future__ import annotations

import pandas as pd

from playbook.data.book import Book
from playbook.data.measures.deals import Deals
from playbook.data.measures.names import customer_names, member_names
from playbook.data.measures.rows import stopped_deals


def deals_at(
    deals: Deals, book: Book, k: int, to: int, by: dict[str, str], most: int = 50
) -> pd.DataFrame:
    """The largest deals that entered stage k in the last 12 months at this place and have not
    reached stage ``to``.
    """
    rows = stopped_deals(deals, k, to, by, book.month.number - 11, most)
    return dressed(rows, book)


def dressed(rows: pd.DataFrame, book: Book) -> pd.DataFrame:
    """Rows with customer and owner as a page names them."""
    names = member_names(book).get("rep", {})
    companies = customer_names(book, set(rows.customer_id.dropna()), set(rows.lead_id.dropna()))
    customer = [
        companies.get(c) or companies.get(lead) or (c if isinstance(c, str) else "not named")
        for c, lead in zip(rows.customer_id, rows.lead_id, strict=True)
    ]
    return rows.assign(
        customer=customer,
        owner=[names.get(r, r) if isinstance(r, str) else "nobody named" for r in rows.rep_id],
    )
