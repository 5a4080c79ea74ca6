"""The days on which customers of a tier are greeted: what a name of one may be."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from playbook.base.calendars import named_days
from playbook.base.errors import did_you_mean
from playbook.base.language import language, say

ANNIVERSARY = "anniversary"  # of the first day of business with the customer
SPOKEN = {"en": "en_US", "zh": "zh_CN"}  # as the holidays package calls the pages' languages
KNOWN_IN = (2023, 2024)  # years whose holidays a name is looked up in; movable ones are in both


def occasion(name: str, holidays: object) -> str:
    """What a day is called on a page: a holiday by its name in the page's language, where the one
    given is of another and the calendar knows both. holidays: of ``[book]``.
    """
    name, country = name.strip(), holidays if isinstance(holidays, str) else ""
    if name == ANNIVERSARY:
        return say("anniversary of the first business")
    for year in KNOWN_IN if country else ():
        days = holidays_called(name, country, year)
        here = named_days(country, year, SPOKEN[language()]).items()
        called = [known for known, day in here if day in days]
        if called:
            return name if any(name.casefold() in n.casefold() for n in called) else called[0]
    return name


def fixed_day(name: str) -> tuple[int, int] | None:
    """(month, day) of a name such as 12-20; None for other names. Raises ValueError for a day that
    no year has.
    """
    month, _, day = name.strip().partition("-")
    if not (month.isdigit() and day.isdigit()):
        return None
    date(2024, int(month), int(day))  # a leap year has them all
    return int(month), int(day)


def holidays_called(name: str, country: str, year: int) -> list[date]:
    """First days of the holidays of a year whose name holds the one given, in any case."""
    asked = name.strip().casefold()
    known = named_days(country, year).items()
    return sorted({day for called, day in known if asked in called.casefold()})[:1]


def greeting_mistakes(tiers: Sequence[Sequence[str]], holidays: object) -> list[str]:
    """What is wrong with ``[segments] tier_greetings``, as sentences. holidays: of ``[book]``."""
    wrong = []
    for name in dict.fromkeys(name for names in tiers for name in names):
        where = say("segments.tier_greetings names '{name}'", name=name)
        try:
            if name.strip() == ANNIVERSARY or fixed_day(name):
                continue
        except ValueError:
            wrong.append(say("{where}: no year has that day", where=where))
            continue
        if not isinstance(holidays, str) or not holidays:
            wrong.append(
                say(
                    "{where}: holidays go by the country in [book] holidays, which is none; give"
                    " one, or a day as MM-DD, or anniversary",
                    where=where,
                )
            )
        elif not name.strip() or not any(holidays_called(name, holidays, y) for y in KNOWN_IN):
            known = sorted({n for year in KNOWN_IN for n in named_days(holidays, year)})
            wrong.append(
                say(
                    "{where}, no holiday of {country}: {hint}; a day as MM-DD and anniversary are"
                    " taken too",
                    where=where,
                    country=holidays,
                    hint=did_you_mean(name, known),
                )
            )
    return wrong
