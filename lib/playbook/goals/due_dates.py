"""Days by which actions are due: counted in working days of the book's calendar."""

from __future__ import annotations

from datetime import date, timedelta

from playbook.base.periods import Calendar, Month


def month_end(as_of: date, calendar: Calendar, months: int = 1) -> date:
    """Last working day of the month ``months`` after the as-of date."""
    month = Month.of(as_of) + months
    return (calendar.working_days(month.start, month.end) or [month.end])[-1]


def soon(as_of: date, calendar: Calendar, working_days: int = 5) -> date:
    """The working day that many working days after the as-of date."""
    ahead = calendar.working_days(as_of + timedelta(days=1), as_of + timedelta(days=60))
    return (
        ahead[working_days - 1]
        if len(ahead) >= working_days
        else as_of + timedelta(days=working_days)
    )
