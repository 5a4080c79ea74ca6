"""What a book holds on its as-of date, in plain values, so that pages can state it without knowing
the book.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from .errors import Problem
from .formats import Formats


@dataclass(frozen=True)
class TableFacts:
    """One table as known on the as-of date.

    ``first`` and ``last`` are the days its rows span (None for tables without a day); ``total`` is
    the sum of the column named
    ``total_of`` [currency], None where the table holds no money to add up.
    """

    name: str
    rows: int
    first: date | None = None
    last: date | None = None
    total: Decimal | None = None
    total_of: str = ""


@dataclass(frozen=True)
class Facts:
    """The data stamp of a run. Nothing dated after ``as_of`` is counted, but for ``fingerprint``,
    which names the files as they are.
    """

    title: str
    month: str
    as_of: date
    fingerprint: str
    currency: str
    fmt: Formats
    tables: tuple[TableFacts, ...]
    missing: tuple[str, ...]
    warnings: tuple[Problem, ...]

    @property
    def window(self) -> tuple[date | None, date | None]:
        """First and last day of anything in the tables."""
        firsts = [table.first for table in self.tables if table.first]
        lasts = [table.last for table in self.tables if table.last]
        return (min(firsts) if firsts else None, max(lasts) if lasts else None)

    @property
    def rows(self) -> int:
        return sum(table.rows for table in self.tables)
