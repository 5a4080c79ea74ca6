"""Days as numbers that carry their month, the same on every engine.

A day is one whole number that also holds its month (``month × 100,000 + days since 1970``): the
earliest of several days keeps its month without a second pass over the rows.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

import narwhals as nw

from playbook.base.periods import Month

EPOCH = datetime(1970, 1, 1)
PACK = 100_000


def packed(column: str) -> nw.Expr:
    """A day or time column as month × 100,000 + days since 1970."""
    moment = nw.col(column).cast(nw.Datetime)
    days = days_since(nw.col(column))
    # Whole numbers as doubles: exact far beyond any date, and a missing day stays missing on every
    # engine.
    return (
        moment.dt.year().cast(nw.Float64) * 12 + moment.dt.month().cast(nw.Float64) - 1
    ) * PACK + days


def earliest(*days: nw.Expr) -> nw.Expr:
    """The earliest of several days, missing ones left out. Of one it is that one, which Spark does
    not compare with nothing.
    """
    return nw.min_horizontal(*days) if len(days) > 1 else days[0]


def epoch() -> nw.Expr:
    """The first moment of 1970: made of a day, which no zone of an engine can move."""
    return nw.lit(EPOCH.date()).cast(nw.Datetime)


def days_since(day: nw.Expr) -> nw.Expr:
    """Days since 1970 of a day or time."""
    # a floor of a product, not //: on a database that is a nest of conditions, paid for in every
    # row
    minutes = (day.cast(nw.Datetime) - epoch()).dt.total_minutes()
    return ((minutes + 0.5) * (1 / 1440)).floor()


def day_number(day: date) -> int:
    """Days since 1970."""
    return (day - EPOCH.date()).days


def packed_day(day: date) -> float:
    """A day as ``packed`` writes it."""
    return float(Month.of(day).number * PACK + day_number(day))


def day_of(number: float) -> date:
    """The calendar day of a day number."""
    return EPOCH.date() + timedelta(days=int(number))


def month_in(packed_days: nw.Expr) -> nw.Expr:
    """The month number of packed days."""
    return ((packed_days + 0.5) * (1 / PACK)).floor()


def day_in(packed_days: nw.Expr) -> nw.Expr:
    """The days since 1970 of packed days."""
    return packed_days - month_in(packed_days) * PACK


def flag(condition: nw.Expr) -> nw.Expr:
    """1 where true, else 0, in a byte."""
    return nw.when(condition).then(nw.lit(1, dtype=nw.Int8)).otherwise(nw.lit(0, dtype=nw.Int8))
