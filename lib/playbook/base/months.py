"""Calendar months and their arithmetic."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from typing import TYPE_CHECKING, overload

from playbook.base.language import say

from .errors import ParameterProblem, Problem

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd


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
                    found=say("month '{text}'", text=text),
                    expected=say("a month written YYYY-MM, 01 to 12"),
                    try_=say("for example 2023-09"),
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
        return _month(int(number))

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

    def __hash__(self) -> int:  # months are keys of most sums: no tuple is made for each look-up
        return self.year * 12 + self.month

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"


@cache
def _month(number: int) -> Month:
    """The same month is the same object: years of them are added up over and over."""
    return Month(number // 12, number % 12 + 1)


def month_numbers(days: pd.Series) -> np.ndarray:
    """Month number of each day of a datetime column, int64.

    >>> import pandas as pd
    >>> month_numbers(pd.to_datetime(pd.Series(["2023-09-30", "1969-12-31"]))).tolist()
    [24284, 23639]
    """
    months = days.to_numpy().astype("datetime64[M]").astype("int64")
    return months + Month(1970, 1).number


def months_between(first: Month, last: Month) -> list[Month]:
    """All months from first to last, both inclusive; empty when last is earlier."""
    return list(_between(first.number, last.number))


@lru_cache(maxsize=4096)
def _between(first: int, last: int) -> tuple[Month, ...]:
    """The same span is asked for once for every target of it."""
    return tuple(_month(number) for number in range(first, last + 1))
