"""Small books of a few rows, for tests worked by hand."""

from __future__ import annotations

import tomllib
from typing import Any

import pandas as pd

from playbook.base.periods import Month
from playbook.data.book import Book


def book(month: str = "", toml: str = "", **tables: Any) -> Book:
    """A book of the given tables (each a frame or a list of dicts) and settings.

    A lead dates the data to the end of the month asked for; an order is added where the tables hold
    neither orders nor deals, for a book has at least one of the two.
    """
    if month and "leads" not in tables:
        tables["leads"] = [{"lead_id": "anchor", "created": Month.parse(month).end}]
    if not {"orders", "opportunities"} & set(tables):
        tables["orders"] = [order("somebody", "2019-01-01", 1, "anchor")]
    settings = tomllib.loads(toml)
    settings.setdefault("book", {"name": "toy"})
    frames = {name: pd.DataFrame(rows) for name, rows in tables.items()}
    return Book.from_frames(month=month, settings=settings, **frames)


def order(customer: str | None, day: str, amount: float, number: int | str, **more: Any) -> dict:
    """A row of orders."""
    return {
        "order_id": f"O{number}",
        "date": day,
        "customer_id": customer,
        "amount": amount,
        **more,
    }
