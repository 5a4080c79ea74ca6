"""Working days from a date on."""

from __future__ import annotations

from datetime import date, timedelta

from playbook.base.periods import Calendar

MOST_FREE = 366  # days in a row in which no calendar is without a working day


def working_day(start: date, ahead: int, calendar: Calendar) -> date:
    """The ``ahead``-th working day after ``start``."""
    return calendar.working_days(start + timedelta(days=1), start + timedelta(days=2 * ahead + 30))[
        ahead - 1
    ]


def workday(day: date, calendar: Calendar) -> date:
    """The day itself if it is a working day, else the next one."""
    return _first(day, 1, calendar)


def workday_before(day: date, calendar: Calendar) -> date:
    """The day itself if it is a working day, else the one before."""
    return _first(day, -1, calendar)


def _first(day: date, step: int, calendar: Calendar) -> date:
    """The first working day from ``day`` on, forwards or backwards."""
    return next(
        found
        for found in (day + timedelta(days=step * i) for i in range(MOST_FREE))
        if calendar.is_working(found)
    )
