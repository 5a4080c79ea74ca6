"""What every chapter of a pack asks for, worked out before the chapters part ways."""

from __future__ import annotations

from contextlib import suppress

import narwhals as nw

from playbook.base.errors import NotAvailable
from playbook.data.book import Book
from playbook.data.coverage import sales_coverage

from . import acquisition, profit, sales
from .deals import deals_of
from .plan import plan_of

CUTS = ((), ("region",), ("product_line",), ("customer_type",), ("rep",))


def rows_to_share(book: Book) -> dict[str, nw.LazyFrame]:
    """Rows that many questions of every chapter begin with, by the name they are kept under."""
    found = {}
    for name, make in ((sales.JOINED, sales.order_rows),):
        with suppress(NotAvailable):
            found[name] = make(book)
    return found


def work_out(book: Book) -> None:
    """Fill the book's memo with what several chapters share; what a book cannot give is skipped."""
    for table in book.read.given:
        book.columns_with_values(table)
    steps = (
        book.facts,
        lambda: sales_coverage(book),
        *(lambda cut=cut: sales.monthly(book, cut) for cut in CUTS),
        lambda: acquisition.new_customers(book),
        lambda: profit.margins(book),
        lambda: deals_of(book),
        lambda: plan_of(book),
        lambda: book.calendar.is_working(book.as_of),  # reads the holidays of all countries
    )
    for step in steps:
        try:
            step()
        except NotAvailable:
            continue
