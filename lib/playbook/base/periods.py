"""Months, as-of dates, windows and working days. Nothing here reads the clock."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cache
from typing import overload

import numpy as np
import pandas as pd

from .errors import ParameterProblem, Problem, SettingsProblem, did_you_mean
from .formats import Formats

WINDOWS = ("month", "quarter_to_date", "year_to_date", "trailing_12m", "rfm_window", "all")


@dataclass(frozen=True, order=True)
class Month:
    """A calendar month. ``str(Month(2023, 9)) == "2023-09"``.

    Adding or taking away a whole number gives another month; the difference of two months is a
    whole number.

    Examples
    --------
    >>> str(Month(2023, 11) + 3), str(Month(2023, 1) - 1)
    ('2024-02', '2022-12')
    >>> Month(2023, 9) - Month(2022, 12)
    9
    """

    year: int
    month: int

    @classmethod
    def parse(cls, text: str) -> Month:
        """The month written ``YYYY-MM``.

        Raises ParameterProblem for a 13th month or any other form, and quotes it.
        """
        match = re.fullmatch(r"(\d{4})-(\d{2})", str(text).strip())
        if not match or not 1 <= int(match[2]) <= 12 or int(match[1]) < 1:
            raise ParameterProblem(
                Problem(
                    found=f"month '{text}'",
                    expected="a month written YYYY-MM, 01 to 12",
                    try_="for example 2023-09",
                )
            )
        return cls(int(match[1]), int(match[2]))

    @classmethod
    def of(cls, day: date) -> Month:
        """The month a day, a datetime or a pandas timestamp lies in."""
        return cls(day.year, day.month)

    @classmethod
    def from_number(cls, number: float) -> Month:
        """The month of a month number (see ``number``).

        >>> str(Month.from_number(24284))
        '2023-09'
        """
        return cls(int(number) // 12, int(number) % 12 + 1)

    @property
    def number(self) -> int:
        """Months since January of year 0: what count tables carry in place of a month.

        >>> Month(2023, 9).number == 2023 * 12 + 8
        True
        """
        return self.year * 12 + self.month - 1

    @property
    def start(self) -> date:
        """First day."""
        return date(self.year, self.month, 1)

    @property
    def end(self) -> date:
        """Last day."""
        return date(self.year, self.month, calendar.monthrange(self.year, self.month)[1])

    def __add__(self, months: int) -> Month:
        return Month.from_number(self.number + months)

    @overload
    def __sub__(self, other: Month) -> int: ...

    @overload
    def __sub__(self, other: int) -> Month: ...

    def __sub__(self, other: Month | int) -> Month | int:
        if isinstance(other, Month):
            return self.number - other.number
        return self + -other

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"


def month_numbers(days: pd.Series) -> np.ndarray:
    """Month number of each day of a datetime column, int64.

    >>> month_numbers(pd.to_datetime(pd.Series(["2023-09-30", "1969-12-31"]))).tolist()
    [24284, 23639]
    """
    months = days.to_numpy().astype("datetime64[M]").astype(np.int64)
    return months + Month(1970, 1).number


@dataclass(frozen=True)
class Window:
    """A named span of days, both ends inclusive. ``start`` None = since the beginning of the
    data.
    """

    name: str
    start: date | None
    end: date
    language: str = field(default="en", compare=False)

    def __contains__(self, day: date) -> bool:
        return (self.start is None or self.start <= day) and day <= self.end

    @property
    def label(self) -> str:
        """How a page names it, e.g. ``1 Oct 2022 – 30 Sep 2023``."""
        text = Formats(language=self.language).text
        first, last = text(self.start, "date"), text(self.end, "date")
        return f"{first} – {last}" if self.start else f"all data to {last}"

    def year_before(self) -> Window:
        """The equal span of calendar months one year earlier."""
        if self.start is None:
            raise ValueError("a window without a start has no year before")
        end_month = Month.of(self.end) - 12
        whole_month = self.end == Month.of(self.end).end
        end = (
            end_month.end
            if whole_month
            else date(end_month.year, end_month.month, min(self.end.day, end_month.end.day))
        )
        start_month = Month.of(self.start) - 12
        return replace(
            self,
            start=date(
                start_month.year, start_month.month, min(self.start.day, start_month.end.day)
            ),
            end=end,
        )

    def period_before(self) -> Window:
        """The span of equally many months just before (for whole-month windows)."""
        if self.start is None:
            raise ValueError("a window without a start has no period before")
        length = Month.of(self.end) - Month.of(self.start) + 1
        return replace(
            self, start=(Month.of(self.start) - length).start, end=(Month.of(self.start) - 1).end
        )


def window(
    name: str,
    as_of: date,
    *,
    fiscal_year_start: int = 1,
    rfm_months: int = 24,
    language: str = "en",
) -> Window:
    """The window ``name`` (one of ``WINDOWS``) that ends on ``as_of``, the last day of a month."""
    month = Month.of(as_of)
    starts = {
        "month": month,
        "quarter_to_date": fiscal_quarter(month, fiscal_year_start)[0],
        "year_to_date": fiscal_year(month, fiscal_year_start)[0],
        "trailing_12m": month - 11,
        "rfm_window": month - (rfm_months - 1),
    }
    if name == "all":
        return Window("all", None, as_of, language)
    if name not in starts:
        raise ValueError(f"window '{name}': {did_you_mean(name, WINDOWS)}")
    return Window(name, starts[name].start, as_of, language)


def fiscal_year(month: Month, fiscal_year_start: int = 1) -> tuple[Month, Month]:
    """First and last month of the fiscal year that holds ``month``.

    >>> [str(m) for m in fiscal_year(Month(2023, 2), fiscal_year_start=4)]
    ['2022-04', '2023-03']
    """
    first = month - (month.month - fiscal_year_start) % 12
    return first, first + 11


def fiscal_quarter(month: Month, fiscal_year_start: int = 1) -> tuple[Month, Month]:
    """First and last month of the fiscal quarter that holds ``month``.

    >>> [str(m) for m in fiscal_quarter(Month(2023, 2), fiscal_year_start=2)]
    ['2023-02', '2023-04']
    """
    first = month - (month.month - fiscal_year_start) % 12 % 3
    return first, first + 2


def months_between(first: Month, last: Month) -> list[Month]:
    """All months from first to last, both inclusive; empty when last is earlier."""
    return [first + i for i in range(last - first + 1)]


@dataclass(frozen=True)
class Period:
    """A target's period: a year, a quarter or a month, as written in the tables."""

    text: str
    first: Month
    last: Month

    @classmethod
    def parse(cls, text: str, fiscal_year_start: int = 1) -> Period:
        """``2023``, ``2023-Q1``, ``2023-03``. Years and quarters follow the fiscal year, named by
        its first month's year.
        """
        raw = str(text).strip()
        if m := re.fullmatch(r"(\d{4})", raw):
            first = Month(int(m[1]), fiscal_year_start)
            return cls(raw, first, first + 11)
        if m := re.fullmatch(r"(\d{4})-?[Qq]([1-4])", raw):
            first = Month(int(m[1]), fiscal_year_start) + 3 * (int(m[2]) - 1)
            return cls(f"{m[1]}-Q{m[2]}", first, first + 2)
        if re.fullmatch(r"\d{4}-\d{2}", raw) and 1 <= int(raw[5:]) <= 12:
            month = Month.parse(raw)
            return cls(raw, month, month)
        raise DataPeriodError(raw)

    @property
    def months(self) -> list[Month]:
        """Its months, in order."""
        return months_between(self.first, self.last)


class DataPeriodError(ValueError):
    """A text that is no period; the checker turns it into a problem with its row."""

    def __init__(self, text: str):
        super().__init__(f"'{text}' is no period: expected 2023, 2023-Q1 or 2023-03")


@cache
def _country_year(country: str, year: int) -> tuple[frozenset[date], frozenset[date]]:
    """(days off, weekend days worked in exchange for one) of a country's year, as the holidays
    package knows them.
    """
    import holidays as package

    try:
        known = package.country_holidays(country, years=year)
    except NotImplementedError:
        raise SettingsProblem(
            Problem(
                found=f"[book] holidays = '{country}'",
                expected="a country code of the holidays package, or a list of dates",
                try_=did_you_mean(country, package.list_supported_countries()),
            )
        ) from None
    worked = getattr(known, "weekend_workdays", ())
    return frozenset(known), frozenset(
        day for day in worked if day.year == year and day.weekday() >= 5
    )


@dataclass(frozen=True)
class Calendar:
    """Working days: Monday to Friday but for holidays, and the weekend days worked in exchange for
    one.

    country: a code of the holidays package, which knows its make-up days too (China: to the last
    year the State Council has announced).
    dates: further days off. workdays: further weekend days worked; they win over every day off.
    """

    country: str | None = None
    dates: frozenset[date] = frozenset()
    workdays: frozenset[date] = frozenset()

    def is_working(self, day: date) -> bool:
        """Whether people work on the day."""
        if day in self.workdays:
            return True
        if day in self.dates:
            return False
        off, worked = _country_year(self.country, day.year) if self.country else ((), ())
        return day in worked or (day.weekday() < 5 and day not in off)

    def working_days(self, start: date, end: date) -> list[date]:
        """Working days from start to end, both inclusive."""
        return [day for day in days(start, end) if self.is_working(day)]


def days(start: date, end: date) -> Iterable[date]:
    """Every day from start to end, both inclusive."""
    for i in range((end - start).days + 1):
        yield start + timedelta(days=i)
