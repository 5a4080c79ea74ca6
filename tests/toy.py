"""Toy books for tests: a few rows as they would stand in a file, made with ``Book.from_frames``.

``rows`` turns lines of text into a frame; every cell is a text, an empty one is missing::

    book = toy(orders='''
        order_id date       customer_id amount
        O1       2023-01-05 C1          100
    ''', month="2023-03")
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from playbook.data.book import Book

ORDERS = """
    order_id date       customer_id amount
    O1       2023-01-05 C1          100
    O2       2023-02-10 C2          50
    O3       2023-03-28 C1          80
"""


def rows(text: str, sep: str = "") -> pd.DataFrame:
    """A frame of texts from lines: the first names the columns; ``.`` is an empty cell.

    sep: what parts the cells; empty = blanks.
    """
    lines = [line.strip() for line in text.strip().splitlines() if line.strip()]
    head, *body = ([cell.strip() for cell in line.split(sep or None)] for line in lines)
    return pd.DataFrame(
        [[None if cell in (".", "") else cell for cell in row] for row in body], columns=head
    )


def toy(
    *,
    month: str = "",
    settings: Mapping[str, Any] | None = None,
    **tables: str | pd.DataFrame | list[dict[str, Any]],
) -> Book:
    """A book of the tables given: texts (see ``rows``; with commas where the first line has one),
    lists of dicts, or frames. Without any table: three orders of two customers.
    """
    given = {name: _frame(table) for name, table in (tables or {"orders": ORDERS}).items()}
    return Book.from_frames(month=month, settings=settings, **given)  # type: ignore[misc]


def _frame(table: Any) -> Any:
    if isinstance(table, str):
        return rows(table, "," if "," in table.strip().splitlines()[0] else "")
    return pd.DataFrame(table) if isinstance(table, list) else table
