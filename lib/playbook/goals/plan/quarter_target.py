"""What the next quarter has to bring, by region, and where that comes from."""

from __future__ import annotations

from playbook.base.errors import NotAvailable
from playbook.base.periods import Month
from playbook.data.book import Book
from playbook.data.measures.plan_curves import Curve
from playbook.data.measures.targets import Target, TargetPlan
from playbook.goals.actuals import Actuals
from playbook.methods.apportionment import split, to_units

from .year import YearFigure, year_curve, year_figure


def quarter_target(
    book: Book, actuals: Actuals, first: Month, year_target: float
) -> tuple[dict[str, int], str, Curve]:
    """Next quarter's target by region in minor units, where it comes from, and its months."""
    digits = book.fmt.minor_digits
    plan = TargetPlan(book) if book.has("targets", "period", "metric", "target") else None
    company = plan.get("sales", (), first, first + 2) if plan else None
    moved_year = (
        _moved_year(book, actuals, first)
        if plan and not year_target and company and not plan.moved(company)
        else None
    )
    if plan and company and company.target > 0 and not year_target and moved_year is None:
        return (
            {**_regions(plan, first, digits, _current(plan, company))},
            f"the book's targets{' by region' if _by_region(plan, first) else ' of the company'}",
            plan.curve(company, actuals.history("sales", {})),
        )
    planned = moved_year or year_figure(book, year_target, actuals, holds=first + 2)
    year = year_curve(book, plan, actuals, planned)
    months = dict(
        zip(year.months, split(to_units(planned.amount, digits), year.shares), strict=True)
    )
    quarter = [int(months.get(first + i, 0)) for i in range(3)]
    if not sum(quarter):
        raise NotAvailable(
            {"targets": ("period", "metric", "target")},
            gives="quotas per person",
            because="the next quarter lies outside the year planned",
        )
    curve = Curve(
        tuple(first + i for i in range(3)), tuple(q / sum(quarter) for q in quarter), year.source
    )
    return (
        (_regions(plan, first, digits, sum(quarter)) if plan else {"Company": sum(quarter)}),
        f"{planned.source}, by {year.source}",
        curve,
    )


def _moved_year(book: Book, actuals: Actuals, first: Month) -> YearFigure | None:
    """The year's figure where it was moved and holds the quarter: the quarter then follows it, not
    its own row of the table.
    """
    planned = year_figure(book, 0.0, actuals)
    return planned if planned.moved and planned.first <= first <= planned.last else None


def _current(plan: TargetPlan, target: Target) -> float:
    """The target as it stands: moved, else as the table has it."""
    change = plan.moved(target)
    return change.target if change else target.target


def _by_region(plan: TargetPlan, first: Month) -> dict[str, Target]:
    """The quarter's targets by region; empty unless every region with any target has one."""
    regions = sorted(
        {
            members[0][1]
            for metric, members in plan.subjects()
            if metric == "sales" and len(members) == 1 and members[0][0] == "region"
        }
    )
    found = {r: plan.get("sales", (("region", r),), first, first + 2) for r in regions}
    return found if all(found.values()) else {}  # type: ignore[return-value]


def _regions(plan: TargetPlan, first: Month, digits: int, total: float | int) -> dict[str, int]:
    """The total by region: the regions' own targets where they sum to it, else shared by them; the
    company where they have none.

    total: in currency (float: the quarter's target) or minor units (int).
    """
    units = total if isinstance(total, int) else to_units(total, digits)
    own = {r: to_units(_current(plan, t), digits) for r, t in _by_region(plan, first).items()}
    if not sum(own.values()):
        return {"Company": units}
    return (
        own
        if sum(own.values()) == units
        else dict(zip(own, (int(u) for u in split(units, list(own.values()))), strict=True))
    )
