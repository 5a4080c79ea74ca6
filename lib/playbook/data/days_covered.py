"""Which days a table's rows really cover.

An export that begins on 21 March holds a third of March; growth against that March, a cohort of it
or a "first order ever" in it would be wrong. Coverage is worked out once per table from the days
that carry rows: the data begin with the first month whole when the silence before the first row is
no longer than silences usually are in that table, and likewise at the end. A setting can state it
(``[book.covers]``).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, Protocol

import numpy as np

from playbook.base.formats import Formats
from playbook.base.language import say
from playbook.base.periods import Month, Window, months_between
from playbook.base.settings import Settings

from .tables import days_of

State = Literal["whole", "part", "outside"]
NEAR = 92  # days around an edge whose silences say what is usual there
LEAST_SILENCE = 5  # days: a weekend with a holiday beside it is no missing data
USUAL = 1.5  # times the longest tenth of silences
CHANCE = 0.01  # how unlikely a silence must be, at the rate of days with rows beside it
HOLE = 8.0  # rows a month around an empty month from which it is a hole, not a quiet month


class DatedTables(Protocol):
    """What is asked of a book to see which days it covers."""

    @property
    def settings(self) -> Settings: ...
    @property
    def as_of(self) -> date: ...
    @property
    def read(self) -> Any: ...
    def has(self, table: str, *columns: str) -> bool: ...
    def ask(self, table: str, selected: str, where: str = "", group: str = "") -> list[Any]: ...


@dataclass(frozen=True)
class Coverage:
    """The span of days that a table's rows cover, as known on the as-of date.

    ``first`` and ``last`` are None for a table without dated rows. ``holes``: months inside without
    any row although their neighbours are full. ``stated``: the span comes from the settings.
    """

    table: str
    first: date | None
    last: date | None
    holes: tuple[Month, ...] = ()
    stated: bool = False

    def state(self, month: Month) -> State:
        """Whether a month is whole, part or outside."""
        if self.first is None or self.last is None or month in self.holes:
            return "outside"
        if month.end < self.first or month.start > self.last:
            return "outside"
        return "whole" if self.first <= month.start and month.end <= self.last else "part"

    def covers(self, start: date | None, end: date) -> bool:
        """Whether every day from start to end is covered; start None asks for the end alone."""
        return not self.gap(start, end)

    def gap(self, start: date | None, end: date, fmt: Formats | None = None) -> str:
        """Why a span is not covered, as words that follow "because"; empty when it is."""
        text = (fmt or Formats()).text
        if self.first is None or self.last is None:
            return say("{table} carry no days", table=self.table)
        begin = start or self.first
        if begin < self.first:
            return say("{table} begin on {first}", table=self.table, first=text(self.first, "date"))
        if end > self.last:
            return say("{table} end on {last}", table=self.table, last=text(self.last, "date"))
        missing = [m for m in self.holes if m.end >= begin and m.start <= end]
        return (
            say(
                "{table} hold nothing of {missing}",
                table=self.table,
                missing=text(missing[0], "month"),
            )
            if missing
            else ""
        )

    def window_gap(self, window: Window, fmt: Formats | None = None) -> str:
        """``gap`` of a window."""
        return self.gap(window.start, window.end, fmt)

    def months(self) -> list[Month]:
        """The whole months, oldest first."""
        if self.first is None or self.last is None:
            return []
        every = months_between(Month.of(self.first), Month.of(self.last))
        return [month for month in every if self.state(month) == "whole"]

    def months_before(self, day: date) -> int:
        """Whole months covered before the month of ``day``."""
        return sum(month.end < Month.of(day).start for month in self.months())


def of_days(table: str, days: list[date], counts: list[int], as_of: date) -> Coverage:
    """Coverage from the days that carry rows (ascending) and their numbers of rows.

    An edge is whole unless the silence between it and the start of its month (the as-of date) is
    longer than five days, longer than 1.5 times the ninth decile of the silences in the 92 days
    beside it, and less likely than 1 in 100 at the rate of days with rows there.
    """
    if not days:
        return Coverage(table, None, None)
    first, last = days[0], days[-1]
    start, end = Month.of(first).start, min(Month.of(last).end, as_of)
    if len(days) > 2:
        after = [day for day in days if (day - first).days <= NEAR]
        before = [day for day in days if (last - day).days <= NEAR]
        if _too_long((first - start).days, after, days):
            start = first
        end = last if _too_long((as_of - last).days, before, days) else as_of
    return Coverage(table, start, end, _holes(days, counts))


def _too_long(silence: int, beside: list[date], every: list[date]) -> bool:
    """Whether a silence [days] is longer than what is usual among the days beside it."""
    days = beside if len(beside) > 3 else every
    gaps = np.diff([day.toordinal() for day in days]) - 1
    usual = max(USUAL * float(np.quantile(gaps, 0.9)), LEAST_SILENCE)
    rate = len(days) / ((days[-1] - days[0]).days + 1)
    return silence > usual and np.exp(-rate * silence) < CHANCE


def _holes(days: list[date], counts: list[int]) -> tuple[Month, ...]:
    rows: dict[Month, int] = {}
    for day, n in zip(days, counts, strict=True):
        rows[Month.of(day)] = rows.get(Month.of(day), 0) + n
    inside = months_between(min(rows), max(rows))
    found = []
    for month in inside:
        if month not in rows:
            beside = [rows.get(month + i, 0) for i in (-2, -1, 1, 2)]
            if min(beside[1], beside[2]) and float(np.mean(beside)) >= HOLE:
                found.append(month)
    return tuple(found)


def covered(book: DatedTables, table: str, column: str = "") -> Coverage:
    """Coverage of a table by one of its day columns (its first one unless named), counted anew;
    ``coverage.coverage`` remembers it.
    """
    if stated := book.settings.book.covers.get(table):
        return Coverage(
            table,
            stated[0],
            min(stated[1] if len(stated) > 1 else book.as_of, book.as_of),
            stated=True,
        )
    day = column or next(iter(days_of(table)), "")
    if not day or not book.has(table, day):
        return Coverage(table, None, None)
    begin = book.read.spans.get(table, (None, None))[0]  # slips of the year left out
    since = f" AND CAST(\"{day}\" AS DATE) >= DATE '{begin}'" if begin else ""
    on = f'CAST("{day}" AS DATE)'
    known = f"\"{day}\" IS NOT NULL AND {on} <= DATE '{book.as_of}'{since}"
    rows = sorted(book.ask(table, f"{on} AS day, count(*) AS n", known, on))
    return of_days(table, [row[0] for row in rows], [int(row[1]) for row in rows], book.as_of)


def sales_covered(book: DatedTables) -> Coverage:
    """Coverage of what counts as sales: orders, or won deals by closing day where there are
    none.
    """
    return covered(book, *sales_source(book))


def sales_source(book: DatedTables) -> tuple[str, str]:
    """Table and day column of what counts as sales."""
    return ("orders", "") if book.has("orders") else ("opportunities", "closed")
