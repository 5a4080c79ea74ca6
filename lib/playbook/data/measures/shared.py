"""What every chapter of a pack asks for, worked out before the chapters part ways."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

import narwhals as nw

from playbook.base.errors import NotAvailable
from playbook.data.book import Book
from playbook.data.coverage import sales_coverage

from . import acquisition, facts, profit, sales, touches
from .deals import deals_of
from .plan import plan_of
from .repurchase import repeat_counts

CUTS = ((), ("region",), ("product_line",), ("customer_type",), ("rep",))


def rows_to_share(book: Book) -> dict[str, nw.LazyFrame]:
    """Rows that many questions of every chapter begin with, by the name they are kept under."""
    found = {}
    for name, make in ((sales.JOINED, sales.order_rows),):
        with suppress(NotAvailable):
            found[name] = make(book)
    return found


def settle(book: Book) -> None:
    """Write every table in memory down as it is on the book's day: each chapter asks for most of
    them more than once, and would write them for itself.
    """
    for table in book.read.given:
        if table not in book.read.lazy:
            for _ in range(2):  # the first time it is a question still
                book.table(table)


def work_out(book: Book) -> None:
    """Fill the book's memo with what most chapters share; what a book cannot give is skipped."""
    for table in book.read.given:
        book.columns_with_values(table)
    _work_through(
        book.facts,
        lambda: sales_coverage(book),
        *(lambda cut=cut: sales.monthly(book, cut) for cut in CUTS),
        lambda: acquisition.new_customers(book),
        lambda: profit.margins(book),
        lambda: repeat_counts(book) if book.has("orders", "customer_id", "amount") else None,
        lambda: deals_of(book),
        lambda: plan_of(book),
        lambda: book.calendar.is_working(book.as_of),  # reads the holidays of all countries
    )


def work_out_more(book: Book) -> None:
    """The same, and what two or three chapters share, for a book whose chapters find all of it in
    their memory. Nothing here looks at more of the settings: every chapter would be run again for
    their sake.
    """
    work_out(book)
    _work_through(
        lambda: facts.degenerate(book),
        lambda: touches.customer_contacts(book),
    )


def _work_through(*steps: Callable[[], object]) -> None:
    for step in steps:
        try:
            step()
        except NotAvailable:
            continue
