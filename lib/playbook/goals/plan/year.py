"""Which figure a year is planned with, where it comes from and when it is due."""

from __future__ import annotations

from dataclasses import dataclass

from playbook.base.errors import NotAvailable
from playbook.base.periods import Month, fiscal_year
from playbook.data.book import Book
from playbook.goals.actuals import Reached
from playbook.methods.forecast import forecast, line

from .phasing import Curve, curve_of
from .targets import Plan


@dataclass(frozen=True)
class Whole:
    """The figure to split: the year planned, its amount, where it comes from, and whether it is a
    target of the book.
    """

    first: Month
    last: Month
    amount: float
    source: str
    given: bool
    moved: bool = False  # in an adjustment window, since the table of targets was written

    @property
    def name(self) -> str:
        return str(self.first.year)


def whole_of(
    book: Book, year_target: float = 0.0, met: Reached | None = None, holds: Month | None = None
) -> Whole:
    """The year planned (the next one when this is over, or the one that holds a later month) and
    its figure: the parameter, which is of the year planned
    alone, else the book's target, else the forecast's base line."""
    first, last = book.fiscal_year
    if book.month == last:
        first, last = fiscal_year(last + 1, book.settings.book.fiscal_year_start)
    if holds is not None and holds > last:
        (first, last), year_target = fiscal_year(holds, book.settings.book.fiscal_year_start), 0.0
    if year_target:
        return Whole(first, last, year_target, "the notebook's year_target", True)
    if book.has("targets", "period", "metric", "target"):
        plan = Plan(book)
        target = plan.get("sales", (), first, last)
        moved = plan.moved(target) if target else None
        if moved and moved.target > 0:
            return Whole(
                first,
                last,
                moved.target,
                f"the book's target as moved on {book.fmt.text(moved.date_, 'date')}",
                True,
                moved=True,
            )
        if target and target.target > 0:
            return Whole(first, last, target.target, "the book's target", True)
    return _forecast_whole(book, first, last, met or Reached(book))


def _forecast_whole(book: Book, first: Month, last: Month, met: Reached) -> Whole:
    history = met.history("sales", {})
    made = forecast(history, last - book.month)
    if made is None:
        raise NotAvailable(
            {"targets": ("period", "metric", "target")},
            gives="the year split to regions, lines and months",
            because="the history is too short to forecast a year from",
        )
    done = sum(float(history.get(month, 0.0)) for month in [first + i for i in range(12)])
    probability = book.settings.goals.probability
    amount = done + line(
        made.paths[:, [month >= first for month in made.months]].sum(axis=1), probability
    )
    if amount <= 0:
        raise NotAvailable(
            {"targets": ("period", "metric", "target")},
            gives="the year split to regions, lines and months",
            because="the forecast of the year is not above 0",
        )
    return Whole(
        first,
        last,
        three_figures(amount),
        f"the forecast's base line, reached with {book.fmt.share(probability, decimals=0)}"
        " probability, in three figures",
        False,
    )


def three_figures(amount: float) -> float:
    """An amount to three significant figures: nobody plans to the cent."""
    return float(f"{amount:.3g}")


def year_curve(book: Book, plan: Plan | None, met: Reached, whole: Whole) -> Curve:
    """When the year's figure is due: the plan's own curve where the book has one."""
    history = met.history("sales", {})
    target = plan.get("sales", (), whole.first, whole.last) if plan else None
    if plan and target and target.target > 0:
        return plan.curve(target, history)
    return curve_of(whole.first, whole.last, history, book.settings.goals, book.calendar)
