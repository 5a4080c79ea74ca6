"""Sales of a window and of the equal span a year before, for the company and each member."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from playbook.base.contracts import (
    Frame,
    count,
    day,
    money,
    month,
    share,
    text,
)
from playbook.base.formats import Formats
from playbook.base.language import later, say
from playbook.base.periods import Month, Window
from playbook.data.book import Book
from playbook.data.coverage import Coverage
from playbook.data.measures import sales
from playbook.data.measures.order_ids import several_lines
from playbook.data.measures.window_counts import window_counts
from playbook.goals.order_lines import order_lines


class SalesWindows(Frame):
    """One row per window: sales net of refunds, and who bought."""

    window = text("month, quarter_to_date, year_to_date, trailing_12m or all")
    start = day("first day; missing for all data")
    end = day("last day")
    sales = money("sales net of refunds")
    lines = count("order lines")
    base = money("sales of the equal span a year before")
    growth = share("sales ÷ base − 1; missing where the spans cannot be compared")
    why = text("why there is no growth, or empty")
    orders = count("distinct orders, refunds not counted")
    new_customers = count("customers whose first order or won deal ever lies in the window")
    customers = count("distinct buyers")
    returning = count("buyers who had bought before, or again in the window")


class SalesByMember(Frame):
    """One row per member of a dimension and window, also where nothing was sold."""

    dimension = text("region, product_line, customer_type, rep ...")
    member = text("the member's key")
    window = text("month, quarter_to_date, year_to_date, trailing_12m or all")
    start = day("first day; missing for all data")
    end = day("last day")
    sales = money("sales net of refunds")
    lines = count("order lines")
    base = money("sales of the equal span a year before")
    growth = share("sales ÷ base − 1; missing where the spans cannot be compared")
    why = text("why there is no growth, or empty")


class SalesMonths(Frame):
    """The last 24 months, or as many as there are."""

    month = month("calendar month")
    sales = money("sales net of refunds")
    before = money(
        "sales of the same month a year before; missing where the data do not cover it whole"
    )


@dataclass(frozen=True)
class MonthlySales:
    """Monthly sales in the order of their months, ready for many windows: a book may have thousands
    of members, and every one is asked for ten spans.
    """

    numbers: np.ndarray  # of the months, rising
    amounts: np.ndarray
    lines: np.ndarray

    @classmethod
    def of(cls, months: pd.DataFrame) -> MonthlySales:
        """The rows of a monthly frame with month, amount and lines, as measures give it."""
        numbers, lines = sales.month_numbers_of(months), months["lines"].to_numpy()
        return cls(numbers, months["amount"].to_numpy(), lines)

    @classmethod
    def of_members(cls, months: pd.DataFrame, dimension: str) -> dict[str, MonthlySales]:
        """The same for each member, in the order of their names."""
        every = cls.of(months)
        at = months.groupby(dimension).indices
        return {
            str(member): cls(
                every.numbers[at[member]], every.amounts[at[member]], every.lines[at[member]]
            )
            for member in sorted(at, key=str)
        }

    def total(self, window: Window) -> Any:
        """Net sales of a window, exact where amounts are."""
        return sales.total_of(self.amounts[self.inside(window)])

    def inside(self, window: Window) -> slice:
        """The places of a window's months; the window is one of whole months."""
        low = Month.of(window.start).number if window.start else -1
        ends = np.searchsorted(self.numbers, [low, Month.of(window.end).number + 1])
        return slice(*ends)


def sales_of_window(
    months: MonthlySales, window: Window, covered: Coverage, fmt: Formats
) -> dict[str, Any]:
    """Sales of a window and of the equal span a year before, with the reason when they cannot be
    compared. covered: which days the sales cover.
    """
    return compared(months, window, not_comparable(window, covered, fmt))


def not_comparable(window: Window, covered: Coverage, fmt: Formats) -> str:
    """Why a window has no year before to be compared with, whoever's sales are asked for."""
    if window.start is None:
        return say("all data have no year before")
    for span, told in (
        (window.year_before(), later("the span a year before is not covered: {gap}")),
        (window, later("the window is not covered: {gap}")),
    ):
        if gap := covered.window_gap(span, fmt):
            return say(told, gap=gap)
    return ""


def compared(months: MonthlySales, window: Window, why: str) -> dict[str, Any]:
    """``sales_of_window`` where it is known why the window cannot be compared, or that it can."""
    inside = months.inside(window)
    line = {
        "window": window.name,
        "start": window.start,
        "end": window.end,
        "sales": sales.total_of(months.amounts[inside]),
        "lines": int(months.lines[inside].sum()),
    }
    if window.start is None:
        return {**line, "base": None, "growth": None, "why": why}
    base = months.total(window.year_before())
    if why:
        return {**line, "base": base, "growth": None, "why": why}
    if float(base) <= 0:
        return {
            **line,
            "base": base,
            "growth": None,
            "why": say("no sales in the same span a year before"),
        }
    return {**line, "base": base, "growth": float(line["sales"] / base) - 1, "why": ""}


def orders_and_customers(
    book: Book, firsts: pd.DataFrame, windows: Mapping[str, Window]
) -> dict[str, dict[str, int]]:
    """Orders, new customers, buyers and returning buyers of every window.

    firsts: customers by month of their first purchase.
    """
    counts = window_counts(order_lines(book), windows, unique=not several_lines(book))
    return {
        name: {
            "orders": found["orders"],
            "new_customers": int(sales.in_window(firsts, windows[name])["new_customers"].sum()),
            "customers": found["customers"],
            "returning": found["returning"],
        }
        for name, found in counts.items()
    }


def sales_of_members(
    book: Book, dimension: str, windows: dict[str, Window], covered: Coverage
) -> list[dict[str, Any]]:
    """Every member × window, also where nothing was sold; nothing when the book does not know the
    dimension.
    """
    months = sales.monthly(book, [dimension])
    if set(months[dimension]) <= {sales.NOT_GIVEN}:
        return []
    whys = {name: not_comparable(window, covered, book.fmt) for name, window in windows.items()}
    return [
        {"member": member, **compared(mine, window, whys[name])}
        for member, mine in MonthlySales.of_members(months, dimension).items()
        for name, window in windows.items()
    ]


def months_on_year(months: pd.DataFrame, last: Month, covered: Coverage) -> pd.DataFrame:
    """The last 24 months and the same months a year earlier, where the data cover those whole."""
    known = {m: float(a) for m, a in zip(months["month"], months["amount"], strict=True)}
    start = max(last - 23, min(known)) if known else last
    span = [start + i for i in range(last - start + 1)]
    before = [known.get(m - 12, 0.0) if covered.state(m - 12) == "whole" else None for m in span]
    return SalesMonths.make(
        {"month": span, "sales": [known.get(m, 0.0) for m in span], "before": before}
    )
