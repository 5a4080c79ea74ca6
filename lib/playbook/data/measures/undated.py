"""States that carry no day, such as an activity's status or a customer's rep: when they hold."""

from __future__ import annotations

from playbook.data.book import Book
from playbook.data.report_month import choose_month


def is_newest(book: Book) -> bool:
    """Whether no later month has closed in the data. A state without a day (an activity's status, a
    customer's rep, a lead's budget) is that of the export and says nothing about an earlier month.
    """
    return book.month >= choose_month(book.read, "")
