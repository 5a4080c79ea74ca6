"""As-of dates, windows and periods of fiscal years. Nothing here reads the clock."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache
from typing import Literal

from playbook.base.language import Said, language, say

from .calendars import Calendar, days
from .errors import did_you_mean
from .formats import MONTHS, Formats
from .months import Month, month_numbers, months_between

__all__ = [
    "WINDOWS",
    "Calendar",
    "DataPeriodError",
    "Month",
    "NamedBy",
    "Period",
    "Window",
    "days",
    "fiscal_quarter",
    "fiscal_year",
    "fiscal_year_number",
    "month_numbers",
    "months_between",
    "months_label",
    "window",
]

NamedBy = Literal["start", "end"]  # which calendar year names a fiscal year
WINDOWS = ("month", "quarter_to_date", "year_to_date", "trailing_12m", "rfm_window", "all")


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
        return f"{first} – {last}" if self.start else say("all data to {last}", last=last)

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


def fiscal_year_number(month: Month, fiscal_year_start: int = 1, named_by: NamedBy = "end") -> int:
    """The year that names the fiscal year holding ``month``: the calendar year it ends in, as most
    firms say, or the one it starts in.

    >>> fiscal_year_number(Month(2019, 9), 7), fiscal_year_number(Month(2019, 9), 7, "start")
    (2020, 2019)
    """
    first, last = fiscal_year(month, fiscal_year_start)
    return last.year if named_by == "end" else first.year


@dataclass(frozen=True)
class Period:
    """A target's period: a year, a quarter or a month, as written in the tables."""

    text: str
    first: Month
    last: Month

    @classmethod
    def parse(cls, text: str, fiscal_year_start: int = 1, named_by: NamedBy = "end") -> Period:
        """``2023``, ``2023-Q1``, ``2023-03``.

        Years and quarters follow the fiscal year, named by the calendar year it ends in or starts
        in (``named_by``); quarters count from its first month. DataPeriodError for other texts.

        >>> Period.parse("2020", 7).label, Period.parse("2020", 7, "start").label
        ('2020 (Jul 2019 – Jun 2020)', '2020 (Jul 2020 – Jun 2021)')
        """
        return _period(str(text).strip(), fiscal_year_start, named_by)

    @property
    def months(self) -> list[Month]:
        """Its months, in order."""
        return months_between(self.first, self.last)

    @property
    def label(self) -> str:
        """Its name with the months it covers wherever the name alone does not say them: every year
        and quarter of a fiscal year that does not begin in January.

        >>> Period.parse("2023-Q2").label, Period.parse("2023-Q2", 7).label
        ('2023-Q2', '2023-Q2 (Oct – Dec 2022)')
        """
        months = len(self.months)
        plain = self.first.year == self.last.year and self.text in (
            str(self.first),
            f"{self.first.year}" if months == 12 else "",
            f"{self.first.year}-Q{(self.first.month + 2) // 3}"
            if self.first.month % 3 == 1
            else "",
        )
        if plain:
            return self.text
        return say(
            "{text} ({months_label})",
            text=self.text,
            months_label=months_label(self.first, self.last),
        )


@lru_cache(maxsize=4096)
def _period(raw: str, fiscal_year_start: int, named_by: NamedBy) -> Period:
    """``Period.parse``, once for the thousands of targets that name the same period."""
    if m := re.fullmatch(r"(\d{4})", raw, re.ASCII):
        first = _first_month(int(m[1]), fiscal_year_start, named_by)
        return Period(raw, first, first + 11)
    if m := re.fullmatch(r"(\d{4})-?[Qq]([1-4])", raw, re.ASCII):
        first = _first_month(int(m[1]), fiscal_year_start, named_by) + 3 * (int(m[2]) - 1)
        return Period(f"{m[1]}-Q{m[2]}", first, first + 2)
    if re.fullmatch(r"\d{4}-\d{2}", raw, re.ASCII) and 1 <= int(raw[5:]) <= 12:
        month = Month.parse(raw)
        return Period(raw, month, month)
    raise DataPeriodError(raw)


def months_label(first: Month, last: Month) -> str:
    """A span of months as a page names it: a calendar year by its number alone.

    >>> months_label(Month(2019, 7), Month(2020, 6)), months_label(Month(2020, 1), Month(2020, 12))
    ('Jul 2019 – Jun 2020', '2020')
    """
    whole = first.year == last.year and (first.month, last.month) == (1, 12)
    year = f" {first.year}" if first.year != last.year else ""
    span = f"{MONTHS[first.month - 1]}{year} – {MONTHS[last.month - 1]} {last.year}"
    text = str(first.year) if whole else span
    if language() == "en":
        return text
    months = f"{first.year}年{first.month}月 – {last.year}年{last.month}月"
    return Said(f"{first.year}年" if whole else months, text)


def _first_month(year: int, fiscal_year_start: int, named_by: NamedBy) -> Month:
    """First month of the fiscal year that ``year`` names."""
    before = named_by == "end" and fiscal_year_start > 1
    return Month(year - before, fiscal_year_start)


class DataPeriodError(ValueError):
    """A text that is no period; the checker turns it into a problem with its row."""

    def __init__(self, text: str):
        super().__init__(say("'{text}' is no period: expected 2023, 2023-Q1 or 2023-03", text=text))
