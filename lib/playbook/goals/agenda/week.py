"""Work laid on the working days of a week."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd

from playbook.base.contracts import (
    Frame,
    count,
    day,
    number,
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


class Backlog(Frame):
    """One row per person and kind of work that the week does not hold all of."""

    rep = text("the person's key")
    name = text("the person's name")
    work = text("kind of work")
    oldest = number("age of the oldest in days; missing where none is known")
    middle = number("median age in days; missing where none is known")
    count = count("how many are left over")


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


def placed(items: pd.DataFrame, days: tuple[date, ...], most: dict[str, int]) -> pd.DataFrame:
    """The items with their days: in order, never more of a kind than a day holds; what the week
    does not hold has none.

    items: ``WeekItems``; most: kind of work → how much of it a day holds; kinds it does not name
    are left out.
    """
    rows = items[items["work"].isin(list(most))].reset_index(drop=True)
    laid: list[date | None] = [None] * len(rows)
    for (_, kind), mine in rows.groupby(["rep", "work"], sort=False):
        counts = spread(len(mine), most[kind], len(days), place_of(days, DAY_OF.get(kind)))
        on = [day for day, n in zip(days, counts, strict=True) for _ in range(n)]
        for place, when in zip(mine.index, on, strict=False):
            laid[place] = when
    return rows.assign(date=pd.Series(laid, index=rows.index, dtype=object))


def agenda_of(items: pd.DataFrame) -> pd.DataFrame:
    """Counts per person, day and kind of work as ``WeekAgenda``. items: ``WeekItems``, placed."""
    there = items[items["date"].notna()]
    if there.empty:
        return WeekAgenda.make([])
    found = (
        there.groupby(["rep", "name", "date", "work"], sort=True).size().reset_index(name="count")
    )
    return WeekAgenda.make(dict(found.items()))


def backlog_of(items: pd.DataFrame) -> pd.DataFrame:
    """What the week does not hold, as ``Backlog``, the most first. items: ``WeekItems``, placed."""
    over = items[items["date"].isna()]
    if over.empty:
        return Backlog.make([])
    found = over.groupby(["rep", "name", "work"], sort=True).agg(
        count=("work", "size"), oldest=("age", "max"), middle=("age", "median")
    )
    made = Backlog.make(dict(found.reset_index().items()))
    return made.sort_values(
        ["count", "rep", "work"], ascending=[False, True, True], kind="stable", ignore_index=True
    )


def spread(count: int, limit: int, days: int, own: int | None) -> list[int]:
    """A count laid on the week, at most ``limit`` a day: from its own day on (the last day there is
    when the week is shorter), else evenly.

    >>> spread(7, 5, 5, None), spread(4, 3, 5, 2)
    ([2, 2, 1, 1, 1], [0, 0, 3, 1, 0])
    """
    if own is None:
        return [min(limit, int(n)) for n in split(count, [1] * days)]
    found, place = [0] * days, min(own, days - 1)
    for i in range(place, days):
        found[i] = min(limit, count)
        count -= found[i]
    return found
