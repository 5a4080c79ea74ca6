"""Which days a table's rows really cover: asked by every comparison with an earlier span."""

from __future__ import annotations

from .book import Book
from .days_covered import Coverage, State, covered, of_days, sales_source
from .memo import once

__all__ = ["Coverage", "State", "coverage", "of_days", "sales_coverage"]


def coverage(book: Book, table: str, column: str = "") -> Coverage:
    """Coverage of a table by one of its day columns (its first one unless named).

    Worked out once per book and day; a table that the book does not have covers nothing.
    """
    return once(book, ("coverage", table, column), lambda: covered(book, table, column))


def sales_coverage(book: Book) -> Coverage:
    """Coverage of what counts as sales: orders, or won deals by closing day where there are
    none.
    """
    return coverage(book, *sales_source(book))
