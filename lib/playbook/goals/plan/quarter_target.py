"""What the next quarter has to bring, by region, and where that comes from."""

from __future__ import annotations

from playbook.base.errors import NotAvailable
from playbook.base.language import say
from playbook.base.periods import Month
from playbook.data.book import Book
from playbook.data.measures.plan import Plan
from playbook.data.measures.plan_curves import Curve
from playbook.goals.actuals import Actuals
from playbook.methods.apportionment import split, to_units

from .year import plan_in_force, year_curve, year_figure


def quarter_target(
    book: Book, actuals: Actuals, first: Month, year_target: float
) -> tuple[dict[str, int], str, Curve, bool]:
    """Next quarter's target by region in minor units, where it comes from, its months, and whether
    it is a target (else a forecast).

    The plan in force where it has the quarter and no year_target is asked for; else the quarter's
    part of the year planned.
    """
    digits, plan = book.fmt.minor_digits, plan_in_force(book)
    company = plan.get("sales", (), first, first + 2) if plan else None
    if plan and company and company.target > 0 and not year_target:
        own = _by_region(plan, first)
        moved = bool(company.moved) and company.original != company.target
        return (
            _regions(own, to_units(company.target, digits)),
            _source_words(bool(own), moved),
            plan.curve("sales", (), first, first + 2),
            True,
        )
    planned = year_figure(book, year_target, actuals, holds=first + 2)
    year = year_curve(book, plan, actuals, planned)
    months = dict(
        zip(year.months, split(to_units(planned.amount, digits), year.shares), strict=True)
    )
    quarter = [int(months.get(first + i, 0)) for i in range(3)]
    if not sum(quarter):
        raise NotAvailable(
            {"targets": ("period", "metric", "target")},
            gives=say("quotas per person"),
            because=say("the next quarter lies outside the year planned"),
        )
    curve = Curve(
        tuple(first + i for i in range(3)), tuple(q / sum(quarter) for q in quarter), year.source
    )
    own = _by_region(plan, first) if plan else {}
    source = say("{source}, by {source_2}", source=planned.source, source_2=year.source)
    return _regions(own, sum(quarter)), source, curve, planned.given


def _source_words(by_region: bool, moved: bool) -> str:
    """Where targets of the book come from."""
    if by_region:
        return (
            say("the book's targets by region, as moved since")
            if moved
            else say("the book's targets by region")
        )
    return (
        say("the book's targets of the company, as moved since")
        if moved
        else say("the book's targets of the company")
    )


def _by_region(plan: Plan, first: Month) -> dict[str, float]:
    """The quarter's targets in force by region; empty unless every region with any target has
    one.
    """
    regions = sorted(
        {
            members[0][1]
            for metric, members in plan.subjects()
            if metric == "sales" and len(members) == 1 and members[0][0] == "region"
        }
    )
    found = {r: plan.get("sales", (("region", r),), first, first + 2) for r in regions}
    return (
        {r: target.target for r, target in found.items() if target} if all(found.values()) else {}
    )


def _regions(own: dict[str, float], units: int) -> dict[str, int]:
    """The quarter [minor units] by region, in proportion to the regions' own targets (their targets
    themselves where those sum to it); the company where they have none.
    """
    if not sum(own.values()):
        return {"Company": units}
    return {r: int(u) for r, u in zip(own, split(units, list(own.values())), strict=True)}
