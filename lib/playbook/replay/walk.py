"""The walk-through: month by month, what was known on its last day, what stood out, what was decided, what happened next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

import pandas as pd

from playbook.base.formats import Formats, listing
from playbook.base.periods import Month
from playbook.data.book import Book
from playbook.page import Result, Table, section
from playbook.page.blocks import Cell

from .course import BY_KEY, Course
from .indicators import Indicators

STEPS = 9
SHOWN = ("growth", "match", "objection", "cycle", "renewal", "first_deal")
HEAD = ("Month", "Known on its last day", "What stood out", "Decided or begun", "A month later")


@dataclass(frozen=True)
class Walk(Result):
    """table: month, known, stood_out, decided, later (texts made from the tables)."""

    section: ClassVar[str] = "walk-through"
    table: pd.DataFrame
    as_of: date
    fmt: Formats

    def tables(self) -> Sequence[Table]:
        rows = tuple(tuple(Cell(str(v)) for v in row) for row in self.table[["label", "known", "stood_out", "decided", "later"]].itertuples(index=False))
        note = f"each month from what was known on its last day; the last column is the month after, – where it is not over · as of {self.fmt.text(self.as_of, 'date')}"
        return [Table("Month by month", HEAD, rows, "lllll", note, (), (0.6, 1.6, 1.5, 2.2, 1.6), stepped=True)]

    def headline(self) -> str:
        return f"Walk-through: {len(self.table)} months from {self.table.label.iloc[0]} to {self.table.label.iloc[-1]}." if len(self.table) else ""


@section("walk-through")
def walk(book: Book, course: Indicators) -> Walk:
    """The last nine months, one step each. Decisions are the review actions, key results, strategies and tasks of the month."""
    monthly = course.course.monthly
    last = Month.of(book.as_of)
    begun = _begun(book)
    rows = []
    for month in (last - back for back in reversed(range(STEPS))):
        known = _values(monthly, month)
        if not known:
            continue
        later = _values(monthly, month + 1) if month < last else {}
        rows.append({"month": str(month), "label": book.fmt.text(str(month), "month"), "known": _told(known, book.fmt), "stood_out": _stood_out(course.course, month, known, book.fmt),
                     "decided": listing(begun.get(str(month), []), 3) if begun.get(str(month)) else "nothing recorded", "later": _told(later, book.fmt) if later else "–"})
    return Walk(pd.DataFrame(rows, columns=["month", "label", "known", "stood_out", "decided", "later"]), book.as_of, book.fmt)


def _values(monthly: pd.DataFrame, month: Month) -> dict[str, float]:
    rows = monthly[(monthly.period == str(month)) & monthly.indicator.isin(SHOWN) & monthly.value.notna()]
    return dict(zip(rows.indicator, rows.value.astype(float), strict=True))


def _told(values: dict[str, float], fmt: Formats) -> str:
    return "; ".join(f"{BY_KEY[key].label.lower()} {fmt.text(value, BY_KEY[key].unit, decimals=0)}" for key, value in values.items())


def _stood_out(course: Course, month: Month, known: dict[str, float], fmt: Formats) -> str:
    """The indicator furthest on its wrong side of its own mean of the twelve months before, in standard deviations."""
    found = []
    for key, value in known.items():
        past = course.monthly[(course.monthly.indicator == key) & (course.monthly.period < str(month)) & (course.monthly.period >= str(month - 12))].value.dropna().astype(float)
        if len(past) >= 6 and past.std() > 0:
            gap = (value - past.mean()) / past.std() * (-1 if BY_KEY[key].better == "up" else 1)
            found.append((gap, key, value, float(past.mean())))
    if not found:
        return "too little history to say"
    gap, key, value, mean = max(found)
    if gap < 1:
        return "nothing out of its usual range"
    return f"{BY_KEY[key].label.lower()} {fmt.text(value, BY_KEY[key].unit, decimals=0)} against {fmt.text(mean, BY_KEY[key].unit, decimals=0)} in the year before"


def _begun(book: Book) -> dict[str, list[str]]:
    """Month → what was begun or agreed in it."""
    found: dict[str, list[str]] = {}
    for table, day, text in (("key_results", "start", "objective"), ("strategies", "start", "strategy"), ("tasks", "start", "task"), ("meetings", "meeting_date", "action")):
        if not book.has(table, day, text):
            continue
        rows = book.table(table).select(day, text).collect().to_pandas().dropna()
        for when, what in sorted(set(zip(rows[day].astype(str).str[:7], rows[text], strict=True))):
            found.setdefault(when, []).append(what)
    return found
