"""Months, quarters and years as people head columns with them: Jan-23, 2023年1月, Q2, 1月."""

from __future__ import annotations

import calendar
import re

_MONTHS = {
    name.casefold(): number
    for names in (calendar.month_name, calendar.month_abbr)
    for number, name in enumerate(names)
    if name
} | {"sept": 9}
_CHINESE = {"一": 1, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_CHINESE |= {"十": 10, "十一": 11, "十二": 12}
_YEAR = r"((?:19|20)\d\d)"
_SHORT = r"'?(\d\d)"
_NAME = r"([a-z]{3,9})\.?"


def period_name(text: str, year: int | None = None) -> str:
    """``2023-01``, ``2023-Q1`` or ``2023`` for what the text says; empty when it is no period, or a
    month without a year where ``year`` is not given.

    >>> [period_name(t) for t in ("Jan-23", "2023年1月", "Q2 2023", "2023/1/1", "FY2023")]
    ['2023-01', '2023-01', '2023-Q2', '2023-01', '2023']
    >>> period_name("3月"), period_name("3月", 2023), period_name("Total", 2023)
    ('', '2023-03', '')
    """
    said = " ".join(text.casefold().split())
    for pattern, parts in (
        (rf"{_YEAR} ?[-/.年]? ?(\d\d?)(?: ?月| ?[-/.] ?0?1(?:日|[ t]00:00(?::00)?)?)?", "ym"),
        (rf"(\d\d?)[-/.]{_YEAR}", "my"),
        (rf"{_NAME}[ -/.]?{_YEAR}", "ny"),
        (rf"{_YEAR}[ -/.]?{_NAME}", "yn"),
        (rf"{_NAME}[ -/.]?{_SHORT}", "ns"),
        (rf"{_YEAR} ?[-/.年]? ?q([1-4])", "yq"),
        (rf"q([1-4])[ -/.']*{_YEAR}", "qy"),
        (rf"{_YEAR} ?年?第?([一二三四1-4])季度?", "yc"),
        (rf"(?:fy|year)? ?{_YEAR} ?年?度?", "y"),
        (r"(?:m|month )?(\d\d?) ?月(?:份)?|m(\d\d?)", "m"),
        (r"(十[一二]?|[一二三四五六七八九])月(?:份)?", "c"),
        (_NAME, "n"),
        (r"q([1-4])", "q"),
        (r"第?([一二三四1-4])季度?", "k"),
    ):
        if found := re.fullmatch(pattern, said):
            groups = [group for group in found.groups() if group is not None]
            if name := _named(parts, groups, year):
                return name
    return ""


def _named(parts: str, groups: list[str], year: int | None) -> str:
    for part, text in zip(parts, groups, strict=True):
        if part == "y":
            year = int(text)
        if part == "s":
            year = 2000 + int(text)
    month = quarter = 0
    for part, text in zip(parts, groups, strict=True):
        if part == "m":
            month = int(text)
        if part == "n":
            month = _MONTHS.get(text, 0)
        if part == "q":
            quarter = int(text)
        if part == "c" and parts == "c":
            month = _CHINESE.get(text, 0)
        if part == "k" or (parts == "yc" and part == "c"):
            quarter = _CHINESE.get(text, 0) or int(text)
    if year is None or month > 12 or (parts != "y" and not month and not quarter):
        return ""
    return f"{year}-{month:02d}" if month else f"{year}-Q{quarter}" if quarter else str(year)
