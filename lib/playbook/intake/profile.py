"""What the values of a column look like, from its first rows: dates, numbers, flags, keys."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

SIGNS = r"[\s¥￥$€£%元,()（）]|CNY|RMB|USD|EUR|GBP"
FACTORS = r"(?<=\d)(万|亿|[kKmM]|[cCdD][rR])$"
NUMBER = r"[+-]?\d+([.]\d*)?([eE][+-]?\d+)?"
DATES = (
    r"(19|20)\d{2}[-/年]\d{1,2}([-/月]\d{1,2}日?)?([ T].*)?",
    r"(19|20)\d{2}\.\d{1,2}\.\d{1,2}([ T].*)?",
    r"\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}([ T].*)?",
    r"(19|20)\d{2}(0[1-9]|1[0-2])([0-2]\d|3[01])",
    r"\d{1,2}[- ][A-Za-z]{3,9}[- ,]+\d{2,4}.*",
    r"[A-Za-z]{3,9} \d{1,2},? \d{4}.*",
)
PERIODS = r"(19|20)\d{2}([-/.年]?(Q[1-4]|\d{1,2}月?))?"
YES_NO = {"yes", "no", "y", "n", "true", "false", "t", "f", "1", "0", "是", "否"}


LOOKED_AT = 3_000  # values, evenly spread, by which a column is judged
DATED = re.compile("|".join(f"({pattern})" for pattern in DATES))
NUMBERED = re.compile(NUMBER)
PERIOD = re.compile(PERIODS)
SIGN, FACTOR = re.compile(SIGNS), re.compile(FACTORS)


@dataclass(frozen=True)
class Profile:
    """A column as read: ``name`` and its first values as texts (None where empty)."""

    name: str
    values: pd.Series

    @cached_property
    def filled(self) -> pd.Series:
        text = self.values.dropna().astype(str).str.strip()
        return text[text != ""]

    @cached_property
    def some(self) -> list[str]:
        """At most ``LOOKED_AT`` of the values, evenly spread over the rows."""
        step = max(1, -(-len(self.filled) // LOOKED_AT))
        return self.filled.iloc[::step].tolist()

    @property
    def fill(self) -> float:
        """Share of rows with a value."""
        return len(self.filled) / len(self.values) if len(self.values) else 0.0

    @cached_property
    def different(self) -> int:
        """How many different values there are."""
        return self.filled.nunique()

    @cached_property
    def distinct(self) -> float:
        """Different values ÷ values."""
        return self.different / len(self.filled) if len(self.filled) else 0.0

    @cached_property
    def dates(self) -> float:
        """Share of values that look like days or moments."""
        return self._share(lambda value: DATED.fullmatch(value))

    @cached_property
    def numbers(self) -> float:
        """Share of values that are numbers once signs of money and grouping are taken away."""
        return self._share(lambda value: NUMBERED.fullmatch(FACTOR.sub("", SIGN.sub("", value))))

    @cached_property
    def periods(self) -> float:
        """Share of values that name a year, quarter or month."""
        return self._share(lambda value: PERIOD.fullmatch(value))

    @cached_property
    def flags(self) -> float:
        """Share of values that say yes or no."""
        return self._share(lambda value: value.casefold() in YES_NO)

    @cached_property
    def top(self) -> list[str]:
        """The most frequent values, most first, at most 60."""
        counts = self.filled.value_counts()
        return [str(value) for value in counts.index[:60]]

    def _share(self, says: Callable[[str], object]) -> float:
        return sum(bool(says(value)) for value in self.some) / len(self.some) if self.some else 0.0


def fits(kind: str, profile: Profile, *, key: bool) -> float:
    """How well a column's values fit a kind of the contract, 0 (impossible) to 1.

    An empty column fits everything a little. key: the column alone identifies a row.
    """
    if not len(profile.filled):
        return 0.5
    if kind in ("day", "time"):
        return 1.0 if profile.dates > 0.8 else 0.0
    if kind == "month":
        return 1.0 if max(profile.dates, profile.periods) > 0.8 else 0.0
    if kind in ("period", "year"):
        return 1.0 if max(profile.periods, profile.dates) > 0.8 else 0.0
    if kind in ("money", "number", "count", "share", "score"):
        return 1.0 if profile.numbers > 0.9 and profile.dates < 0.5 else 0.0
    if kind == "flag":
        return 1.0 if profile.flags > 0.9 else 0.0
    if key:
        return 1.0 if profile.distinct > 0.999 and profile.fill > 0.99 else 0.15
    return 0.3 if profile.dates > 0.8 else 1.0
