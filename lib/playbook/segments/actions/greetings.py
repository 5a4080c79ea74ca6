"""Greetings and gifts promised to value tiers: each on a day of the calendar, one per customer."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd

from playbook.base.language import later, say
from playbook.base.settings.greetings import ANNIVERSARY, fixed_day, holidays_called, occasion
from playbook.data.book import Book
from playbook.segments.population import population
from playbook.segments.value.tiers import tiered
from playbook.segments.workdays import workday_before

from .events import HORIZON, due_on, none, of_customers

GREETING = later("Greeting or gift")


def greetings(book: Book, people: pd.DataFrame) -> pd.DataFrame:
    """``CustomerEvents``: the days within reach on which a customer's tier is promised a greeting,
    due on the last working day up to each. One per customer and day; a day that is past is not
    greeted late. Tiers and greetings are the firm's own, else nothing is promised.
    """
    settings = book.settings.segments
    if "tiers" not in settings.model_fields_set or not any(settings.tier_greetings):
        return none()
    customers = tiered(population(book), settings.tiers, book.currency).customers
    rows = [
        {"customer_id": who, "tier": tier, "day": pd.Timestamp(day), "called": called}
        for tier, names in zip(settings.tiers.names, settings.tier_greetings, strict=False)
        for who, since in _of_tier(customers, tier)
        for day, called in _days(names, since, book).items()
    ]
    if not rows:
        return none()
    frame = pd.DataFrame(rows)
    net = people.set_index("customer_id")["net_year"]
    frame = frame.assign(
        key=[f"{c} {d.date()}" for c, d in zip(frame["customer_id"], frame["day"], strict=True)],
        due=due_on(frame["day"], workday_before, book),
        reason=[
            say(
                "{tier}; {occasion} {date}",
                tier=book.fmt.text(tier, "tier"),
                occasion=called,
                date=book.fmt.text(day.date(), "date"),
            )
            for tier, called, day in zip(frame["tier"], frame["called"], frame["day"], strict=True)
        ],
        worth=frame["customer_id"].map(net),
        done_on=pd.NaT,
    )
    return of_customers(book, frame, people, "greeting", "key", GREETING)


def _of_tier(customers: pd.DataFrame, tier: str) -> list[tuple[str, date | None]]:
    """Customers of a tier and the first day of business with each, None where not known."""
    mine = customers[customers["tier"] == tier]
    since = pd.to_datetime(mine["since"])
    days = [day.date() if day == day else None for day in since]
    return list(zip(mine["customer_id"], days, strict=True))


def _days(names: list[str], since: date | None, book: Book) -> dict[date, str]:
    """Days after the as-of date and within reach → what they are called."""
    last = book.as_of + timedelta(days=HORIZON + 15)  # due on a working day before
    found: dict[date, str] = {}
    for name in names:
        for year in {book.as_of.year, last.year}:
            for day in _in_year(name, since, year, book):
                if book.as_of < day <= last:
                    found.setdefault(day, occasion(name, book.settings.book.holidays))
    return found


def _in_year(name: str, since: date | None, year: int, book: Book) -> list[date]:
    if name.strip() == ANNIVERSARY:
        return [_day(year, since.month, since.day)] if since and since.year < year else []
    if fixed := fixed_day(name):
        return [_day(year, *fixed)]
    return holidays_called(name, str(book.settings.book.holidays), year)


def _day(year: int, month: int, day: int) -> date:
    """The day in a year; 28 February where it has no 29th."""
    return date(year, month, day if (month, day) != (2, 29) or _leap(year) else 28)


def _leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
