"""Days of the simulation as whole numbers from its first day; months and quarters as indices."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from typing import overload

import numpy as np

from playbook.base.months import Month

START = date(2021, 1, 1)
END = date(2023, 9, 30)
LAST = (END - START).days
QUARTERS = 11
MONTHS = 33
FIRST = Month.of(START)


@cache
def day_number(text: str) -> int:
    """Day number of an ISO date (a month counts as its first day)."""
    parts = [int(p) for p in text.split("-")]
    return (date(*parts, *([1] * (3 - len(parts)))) - START).days


def to_date(day: int) -> date:
    """Date of a day number."""
    return START + timedelta(days=int(day))


def quarter_start(index: int) -> int:
    """First day of quarter ``index`` (0 = 2021-Q1)."""
    return month_start(3 * index)


def month_start(index: int) -> int:
    """First day of month ``index`` (0 = 2021-01)."""
    return ((FIRST + index).start - START).days


@cache
def _edges() -> np.ndarray:
    return np.array([quarter_start(i) for i in range(QUARTERS + 8)])


def quarter_of(day: np.ndarray | int) -> np.ndarray:
    """Quarter index of each day; days before the first give −1."""
    return np.searchsorted(_edges(), np.asarray(day), side="right") - 1


def month_of(day: int) -> int:
    """Month index of a day (0 = 2021-01)."""
    return Month.of(to_date(day)) - FIRST


def month_name(index: int) -> str:
    """YYYY-MM of a month index."""
    return str(FIRST + index)


def quarter_name(index: int) -> str:
    """YYYY-Qn of a quarter index."""
    return f"{2021 + index // 4}-Q{1 + index % 4}"


@overload
def workday(day: int) -> int: ...


@overload
def workday(day: np.ndarray) -> np.ndarray: ...


def workday(day: np.ndarray | int) -> np.ndarray | int:
    """Saturdays and Sundays moved to the Friday before; arrays or one day."""
    if isinstance(day, int):
        return day - max((day + START.weekday()) % 7 - 4, 0)
    weekday = (np.asarray(day) + START.weekday()) % 7
    return np.asarray(day) - np.clip(weekday - 4, 0, None)
