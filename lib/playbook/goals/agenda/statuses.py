"""Whether a status without a day says anything of the as-of month."""

from __future__ import annotations

from playbook.data.book import Book
from playbook.data.report_month import choose_month


def statuses_known(book: Book) -> bool:
    """Whether no later month has closed in the data: a status without a day is that of the export,
    and says nothing about an earlier month.
    """
    return book.month >= choose_month(book.read, "")
