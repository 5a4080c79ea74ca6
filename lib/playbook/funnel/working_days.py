"""Days to act by."""

from __future__ import annotations

from datetime import date, timedelta

from playbook.data.book import Book


def working_day_after(book: Book, days: int) -> date:
    """The ``days``-th working day after the as-of date."""
    return book.calendar.working_days(
        book.as_of + timedelta(days=1), book.as_of + timedelta(days=days * 4 + 20)
    )[days - 1]
