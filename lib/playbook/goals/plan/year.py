"""Which figure a year is planned with, where it comes from and when it is due."""

from __future__ import annotations

from dataclasses import dataclass

from playbook.base.errors import NotAvailable
from playbook.base.language import say
from playbook.base.periods import Month, fiscal_year, months_label
from playbook.data.book import Book
from playbook.data.measures.plan import Plan, plan_of
from playbook.data.measures.plan_curves import Curve, curve_of
from playbook.goals.actuals import Actuals
from playbook.goals.outlook import outlook
from playbook.methods.forecast import line


@dataclass(frozen=True)
class YearFigure:
    """The year planned and its figure [currency].

    source: where the figure comes from; given: it is a target rather than a forecast; own: it is
    the target in force in the book; original: what the table of targets said, where the target was
    moved since.
    """

    first: Month
    last: Month
    amount: float
    source: str
    given: bool
    own: bool = False
    original: float | None = None

    @property
    def name(self) -> str:
        """Its number where it is a calendar year, else the months it covers."""
        return months_label(self.first, self.last)


def year_figure(
    book: Book, year_target: float = 0.0, actuals: Actuals | None = None, holds: Month | None = None
) -> YearFigure:
    """The year planned and its figure: the parameter, else the book's target, else the forecast's
    base line.

    The year planned is the running fiscal year, the next one when the as-of month is its last, or
    the one that contains ``holds``. The parameter is for the first two only. Raises NotAvailable
    where there is no target and too little history for a forecast.
    """
    first, last = book.fiscal_year
    if book.month == last:
        first, last = fiscal_year(last + 1, book.settings.book.fiscal_year_start)
    if holds is not None and holds > last:
        (first, last), year_target = fiscal_year(holds, book.settings.book.fiscal_year_start), 0.0
    if year_target:
        return YearFigure(first, last, year_target, say("the notebook's year_target"), True)
    plan = plan_in_force(book)
    target = plan.get("sales", (), first, last) if plan else None
    if target and target.target > 0:
        source, original = say("the book's target"), None
        if target.moved and target.original != target.target:
            day = book.fmt.text(target.moved.date_, "date")
            source, original = say("the book's target as moved on {day}", day=day), target.original
            if original is not None:
                source += say("; {original} before", original=book.fmt.money(original))
        return YearFigure(first, last, target.target, source, True, True, original)
    return _forecast_figure(book, first, last, actuals or Actuals(book))


def _forecast_figure(book: Book, first: Month, last: Month, actuals: Actuals) -> YearFigure:
    history = actuals.history("sales", {})
    made = outlook(actuals, "sales", {}, last - book.month)
    if made is None:
        raise NotAvailable(
            {"targets": ("period", "metric", "target")},
            gives=say("the year split to regions, lines and months"),
            because=say("the history is too short to forecast a year from"),
        )
    done = sum(float(history.get(month, 0.0)) for month in [first + i for i in range(12)])
    probability = book.settings.goals.probability
    amount = done + line(
        made.paths[:, [month >= first for month in made.months]].sum(axis=1), probability
    )
    if amount <= 0:
        raise NotAvailable(
            {"targets": ("period", "metric", "target")},
            gives=say("the year split to regions, lines and months"),
            because=say("the forecast of the year is not above 0"),
        )
    return YearFigure(
        first,
        last,
        three_figures(amount),
        say(
            "the forecast's base line, reached with {probability} probability, in three figures",
            probability=book.fmt.share(probability, decimals=0),
        ),
        False,
    )


def three_figures(amount: float) -> float:
    """An amount to three significant figures: nobody plans to the cent."""
    return float(f"{amount:.3g}")


def plan_in_force(book: Book) -> Plan | None:
    """The targets in force; None where the book has none."""
    return plan_of(book) if book.has("targets", "period", "metric", "target") else None


def year_curve(book: Book, plan: Plan | None, actuals: Actuals, planned: YearFigure) -> Curve:
    """When the year's figure is due: the months of the plan in force where the book has one."""
    target = plan.get("sales", (), planned.first, planned.last) if plan else None
    if plan and target and target.target > 0:
        return plan.curve("sales", (), planned.first, planned.last)
    history = actuals.learnable("sales", {})
    return curve_of(planned.first, planned.last, history, book.settings.goals, book.calendar)
