"""What the data do not cover of the windows of sales."""

from __future__ import annotations

from playbook.base.formats import listing
from playbook.base.language import say
from playbook.base.periods import Window
from playbook.data.book import Book
from playbook.data.coverage import Coverage
from playbook.data.measures import acquisition
from playbook.data.measures.counter_sales import without_customer
from playbook.goals.labels import window_name


def short_windows(book: Book, windows: dict[str, Window]) -> tuple[str, ...]:
    """Windows with so little data before that "first ever" may only be first seen."""
    return tuple(
        name
        for name, window in windows.items()
        if window.start is None or acquisition.short_history(book, window.start)
    )


def caveats(book: Book, windows: dict[str, Window], covered: Coverage) -> tuple[str, ...]:
    """What the data do not cover of the windows: an unfinished report month, a window that begins
    before the data, and how far back "first ever" looks.
    """
    found = []
    if gap := covered.window_gap(windows["month"], book.fmt):
        found.append(
            say(
                "{month} is not covered whole: {gap}.",
                month=book.fmt.text(book.month, "month"),
                gap=gap,
            )
        )
    early = [
        window_name(name).lower()
        for name in ("quarter_to_date", "year_to_date", "trailing_12m")
        if covered.first and windows[name].start and windows[name].start < covered.first  # type: ignore[operator]
    ]
    if early and covered.first:
        day = book.fmt.text(covered.first, "date")
        found.append(
            say(
                "The data begin on {day}: {early} hold less than their name says.",
                day=day,
                early=listing(early, 3),
            )
        )
    year = windows["trailing_12m"].start
    if year and (short := acquisition.short_history(book, year)):
        found.append(short)
    if year and (told := _counter(book, windows["trailing_12m"])):
        found.append(told)
    return tuple(found)


def _counter(book: Book, year: Window) -> str:
    """How much of the year's sales names no customer; empty where all of them do."""
    nobody, whole = without_customer(book, year.start or year.end, year.end)
    if not nobody:
        return ""
    share = "" if whole <= 0 else say(", {share} of it", share=book.fmt.share(nobody / whole))
    return say(
        "{nobody} of the trailing 12 months name no customer{share}: they"
        " count in sales and orders, and in no number of buyers or new"
        " customers.",
        nobody=book.fmt.money(nobody),
        share=share,
    )
