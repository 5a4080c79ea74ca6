"""Distinct orders of windows longer than a month: an order with lines in two months is one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from playbook.base.periods import Month, Window
from playbook.data.book import Book
from playbook.data.memo import once

from . import sales
from .order_ids import repeats


def monthly_again(book: Book, by: Sequence[str] = ()) -> pd.DataFrame:
    """What the orders of ``monthly`` count twice in a longer window: month and before [Month], *by,
    orders; see ``order_ids.repeats``.
    """
    key = ("monthly again", *by)
    return once(book, key, lambda: as_months(repeats(book, sales.order_rows(book), by)))


def as_months(again: pd.DataFrame) -> pd.DataFrame:
    """The rows of ``order_ids.repeats`` with their days as Month."""
    named = {name: [Month.of(day) for day in again[name]] for name in ("month", "before")}
    return again.assign(**named)


def orders_in(
    months: pd.DataFrame, again: pd.DataFrame, window: Window, by: Sequence[str] = ()
) -> Any:
    """Distinct orders of a window of whole months: a count, or counts by the one member in ``by``
    (a series; only members with rows in the window).

    months: a monthly frame with orders; again: what its orders count twice, of the same rows.
    """
    found = sales.in_window(months, window)["orders"]
    twice = sales.in_window(again, window)
    if len(twice) and window.start is not None:
        first = Month.of(window.start)
        twice = twice[[month >= first for month in twice["before"]]]
    if not by:
        return int(found.sum()) - int(twice["orders"].sum())
    found = sales.in_window(months, window).groupby(list(by), sort=True)["orders"].sum()
    if twice.empty:
        return found
    less = twice.groupby(list(by))["orders"].sum()
    return found - less.reindex(found.index, fill_value=0).astype(int)
