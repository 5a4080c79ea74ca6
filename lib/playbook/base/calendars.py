"""Working days: weekends, holidays of a country, and the weekend days worked in exchange."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, lru_cache

from playbook.base.language import say

from .errors import Problem, SettingsProblem, did_you_mean


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
                found=say("[book] holidays = '{country}'", country=country),
                expected=say("a country code of the holidays package, or a list of dates"),
                try_=did_you_mean(country, package.list_supported_countries()),
            )
        ) from None
    worked = getattr(known, "weekend_workdays", ())
    return frozenset(known), frozenset(
        day for day in worked if day.year == year and day.weekday() >= 5
    )


@cache
def named_days(country: str, year: int, language: str = "") -> dict[str, date]:
    """Name of each public holiday of a country's year → its first day; in one language, such as
    zh_CN (empty where the holidays package has it not), else in the country's own and in English.
    """
    import holidays as package

    made = package.country_holidays(country, years=year)
    own, spoken = made.default_language, (made.default_language, *made.supported_languages)
    if language and language not in spoken:
        return {}
    asked = (language,) if language else (own, *({"en_US"} & set(spoken)))
    found: dict[str, date] = {}
    for each in dict.fromkeys(asked):
        known = package.country_holidays(country, years=year, language=each)
        for day in sorted(known):
            for name in known.get_list(day):
                found.setdefault(name, day)
    return found


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
        return list(_working_days(self, start, end))


@lru_cache(maxsize=1024)
def _working_days(calendar: Calendar, start: date, end: date) -> tuple[date, ...]:
    """Thousands of targets ask for the days that are left of the same few periods."""
    return tuple(day for day in days(start, end) if calendar.is_working(day))


def days(start: date, end: date) -> Iterable[date]:
    """Every day from start to end, both inclusive."""
    for i in range((end - start).days + 1):
        yield start + timedelta(days=i)
