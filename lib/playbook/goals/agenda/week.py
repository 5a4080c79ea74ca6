"""Work laid on the working days of a week."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd

from playbook.base.contracts import (
    Frame,
    count,
    day,
    text,
)
from playbook.data.book import Book
from playbook.methods.apportionment import split

SHORT = 3  # working days below which a week is a rest that joins the next one


# Where work has a weekday of its own: visits open the week, proposals stand in its middle, failed
# cases close it.
DAY_OF = {"key customers": 0, "proposals": 2, "failed cases": 4}


class WeekAgenda(Frame):
    """One row per person, day and kind of work."""

    rep = text("the person's key")
    name = text("the person's name")
    date = day("the day")
    work = text("kind of work: key customers, new leads, follow-ups, proposals or failed cases")
    count = count("how many")


def next_week(book: Book) -> tuple[date, ...]:
    """Working days of the first week after the as-of date. A week of holidays is passed over; one
    or two days left of it (weekend days worked in exchange) join the week that follows.
    """
    monday = book.as_of + timedelta(days=7 - book.as_of.weekday())
    found: tuple[date, ...] = ()
    for _ in range(6):
        found = (*found, *book.calendar.working_days(monday, monday + timedelta(days=6)))
        if len(found) >= SHORT:
            break
        monday += timedelta(days=7)
    return found or (monday,)


def place_of(days: tuple[date, ...], weekday: int | None) -> int | None:
    """Where in the week work of that weekday goes: on it, else on the day as far into the week (the
    last one when it is shorter).
    """
    if weekday is None:
        return None
    there = [i for i, day in enumerate(days) if day.weekday() == weekday]
    return there[0] if there else min(weekday, len(days) - 1)


def agenda_of(people: pd.DataFrame, days: tuple[date, ...], most: dict[str, int]) -> pd.DataFrame:
    """Counts per person, day and kind of work as ``WeekAgenda``, never more than a day holds.

    people: ``WaitingWork``; most: kind of work → how much of it a day holds.
    """
    rows = []
    for person in people.to_dict("records"):
        waiting = {
            "key customers": person["proposals"],
            "new leads": person["leads"],
            "follow-ups": person["overdue"] + person["due"],
            "proposals": person["proposals"],
            "failed cases": person["lost"],
        }
        for kind, limit in most.items():
            count = int(-(-waiting.get(kind, 0) // 1))
            for on, n in zip(
                days, spread(count, limit, len(days), place_of(days, DAY_OF.get(kind))), strict=True
            ):
                if n:
                    rows.append(
                        {
                            "rep": person["rep"],
                            "name": person["name"],
                            "date": on,
                            "work": kind,
                            "count": n,
                        }
                    )
    return WeekAgenda.make(rows)


def spread(count: int, limit: int, days: int, own: int | None) -> list[int]:
    """A count laid on the week: on its own day (the last day there is when the week is shorter),
    else evenly; at most ``limit`` a day.

    >>> spread(7, 5, 5, None), spread(4, 3, 5, 2)
    ([2, 2, 1, 1, 1], [0, 0, 3, 0, 0])
    """
    if own is None:
        return [min(limit, int(n)) for n in split(count, [1] * days)]
    place = min(own, days - 1)
    return [min(limit, count) if i == place else 0 for i in range(days)]
