"""What the data can say on the as-of date: windows they fill, and states that carry no day."""

from __future__ import annotations

from playbook.base.language import say
from playbook.base.periods import Month, Window, months_between
from playbook.data.book import Book
from playbook.data.coverage import coverage
from playbook.data.measures.undated import is_newest

__all__ = ["is_newest", "short_window"]


def short_window(book: Book, window: Window) -> str:
    """A sentence where orders do not cover a window whole; empty where they do.

    It says from when to when orders go, and how many of the window's months they cover.
    """
    covered = coverage(book, "orders")
    if covered.first is None or window.start is None or covered.covers(window.start, window.end):
        return ""
    months = months_between(Month.of(window.start), Month.of(window.end))
    known = sum(covered.state(month) == "whole" for month in months)
    return say(
        "Here {gap}: {known} of the {months} months of {label} are covered whole.",
        gap=covered.gap(window.start, window.end, book.fmt),
        known=known,
        months=len(months),
        label=window.label,
    )
