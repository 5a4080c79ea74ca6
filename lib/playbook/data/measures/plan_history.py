"""What a year's season is learnt from: monthly values of a metric in months that the data cover."""

from __future__ import annotations

import pandas as pd

from playbook.base.errors import NotAvailable
from playbook.data.book import Book
from playbook.data.coverage import coverage, sales_coverage
from playbook.methods.forecast import monthly

from . import acquisition, deal_counts, lead_counts, sales, work

_TABLE = {
    "deals.created": ("opportunities", "created"),
    "deals.won": ("opportunities", "closed"),
    "deals.lost": ("opportunities", "closed"),
    "won_amount": ("opportunities", "closed"),
    "channel.leads": ("leads", "created"),
    "channel.cost": ("channel_costs", "month"),
}
_COLUMN = {
    "sales": "amount",
    "orders": "orders",
    "new_customers": "new_customers",
    "deals.created": "created",
    "deals.won": "won",
    "deals.lost": "lost",
    "won_amount": "amount",
    "channel.leads": "leads",
    "channel.cost": "cost",
}


def history(book: Book, metric: str) -> pd.Series:
    """Monthly values of the company, index Month, only months that the data cover whole; empty
    where nothing is known.
    """
    try:
        rows = _rows(book, metric)
    except NotAvailable:
        return pd.Series(dtype=float)
    known = monthly(rows, _COLUMN[metric], book.month)
    table = _TABLE.get(metric)
    covered = set((coverage(book, *table) if table else sales_coverage(book)).months())
    return known[[month in covered for month in known.index]]


def _rows(book: Book, metric: str) -> pd.DataFrame:
    if metric in ("sales", "orders"):
        return sales.monthly(book)
    if metric == "new_customers":
        return acquisition.new_customers(book)
    if metric == "channel.leads":
        return lead_counts.leads_by_month(book)
    if metric == "channel.cost":
        return work.costs_by_month(book)
    return deal_counts.deals_by_month(book)
