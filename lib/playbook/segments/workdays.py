"""Working days from a date on."""

from __future__ import annotations

from datetime import date, timedelta

from playbook.base.periods import Calendar


def working_day(start: date, ahead: int, calendar: Calendar) -> date:
    """The ``ahead``-th working day after ``start``."""
    return calendar.working_days(start + timedelta(days=1), start + timedelta(days=2 * ahead + 30))[
        ahead - 1
    ]


def workday(day: date, calendar: Calendar) -> date:
    """The day itself if it is a working day, else the next one."""
    return working_day(day - timedelta(days=1), 1, calendar)
