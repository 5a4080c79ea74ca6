"""Windows on counts by month: which rows of a count table fall into month, trailing twelve months
or all.
"""

from __future__ import annotations

import pandas as pd

from playbook.base.language import later
from playbook.base.periods import Month
from playbook.data.book import Book

SPANS = ("month", "trailing_12m", "all")
WINDOW_NAMES = {
    "month": later("report month"),
    "trailing_12m": later("last 12 months"),
    "all": later("all data"),
}


def inside(months: pd.Series, book: Book, window: str) -> pd.Series:
    """True where a month number lies in the window. Undated rows (null) are in ``all`` only."""
    if window == "all":
        return pd.Series(True, index=months.index)
    first, last = bounds(book, window)
    return (months >= first) & (months <= last)


def bounds(book: Book, window: str) -> tuple[int, int]:
    """First and last month number of the window; ``all`` starts at 0."""
    span = book.window(window)
    return (Month.of(span.start).number if span.start else 0), book.month.number


def label(number: float) -> str:
    """A month number as YYYY-MM."""
    return str(Month.from_number(number))
