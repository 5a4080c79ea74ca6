"""Choosing the two plans of a page: the one in force and the one it is compared with; an
illustration where a book has none.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import numpy as np
import pandas as pd

from playbook.base.errors import ParameterProblem, Problem, did_you_mean
from playbook.base.language import MARGINAL, WHOLE_AMOUNT, say
from playbook.base.settings.plan_checks import in_force_days
from playbook.base.settings.plan_parts import Band
from playbook.base.settings.plans import CommissionPlan
from playbook.data.book import Book
from playbook.data.measures.credits import TICKS

from .periods import period_number

RATES = (Decimal("0.08"), Decimal("0.10"), Decimal("0.12"))  # the playbook's stepped commission


@dataclass(frozen=True)
class PlanChoice:
    """The two plans of a page.

    current: the plan in force. other: the plan it is compared with. given: False where the book has
    no plan and both are illustrations. derived: whether ``other`` was made from ``current``, by
    paying the same tiers the other way. learnt: whether the edges of an illustration follow what
    reps book; False where no order is credited to anybody.
    """

    current: CommissionPlan
    other: CommissionPlan
    given: bool = True
    derived: bool = False
    learnt: bool = True

    @property
    def note(self) -> str:
        """What must be said about where the plans come from; empty when both are the book's."""
        if not self.given:
            return say(
                "Illustration: playbook.toml has no commission_plans. The rates are"
                " 8, 10 and 12 %; the band edges are {edges}. Put your own plan in"
                " playbook.toml.",
                edges=self._edges,
            )
        if self.derived:
            return say(
                "playbook.toml has one plan; beside it stands the same table of"
                " tiers paid the other way ({name}).",
                name=self.other.name,
            )
        return ""

    @property
    def _edges(self) -> str:
        return (
            say(
                "round numbers near the median and the top fifth of what a rep books"
                " in a quarter here"
            )
            if self.learnt
            else say("round numbers made up, for no rep is credited with an order")
        )


def choose_plans(
    book: Book, orders: pd.DataFrame, plan: str = "", compare_with: str = ""
) -> PlanChoice:
    """The two plans of a page. plan and compare_with are names; empty = the plan of the settings
    where it is in force on the as-of date, else the one that is; and the settings' or the first
    other one beside it.

    Raises ParameterProblem for a name that is no plan of the book.
    """
    plans = list(book.settings.commission_plans)
    if not plans:
        if plan or compare_with:
            _named(plans, plan or compare_with, "plan" if plan else "compare_with")
        current = illustration(orders, book.settings.book.fiscal_year_start)
        return PlanChoice(
            current,
            paid_the_other_way(current),
            given=False,
            derived=True,
            learnt=len(_quarterly(orders, book.settings.book.fiscal_year_start)) > 0,
        )
    current = (
        _named(plans, plan, "plan")
        if plan
        else _current(plans, book.settings.incentives.plan, book)
    )
    beside = compare_with or book.settings.incentives.compare_with
    others = [p for p in plans if p.name != current.name]
    if beside and (compare_with or beside != current.name):
        return PlanChoice(current, _named(plans, beside, "compare_with"))
    return (
        PlanChoice(current, others[0])
        if others
        else PlanChoice(current, paid_the_other_way(current), derived=True)
    )


def _current(plans: list[CommissionPlan], wanted: str, book: Book) -> CommissionPlan:
    """The plan the settings name, where it is in force on the as-of date; else the one that is, by
    the days of all plans; else the one named, or the first.
    """
    held = [
        plan
        for first, last, plan in in_force_days(plans)
        if first <= book.as_of and (last is None or book.as_of <= last)
    ]
    named = [plan for plan in plans if plan.name == wanted]
    return next((plan for plan in held if plan.name == wanted), (held or named or plans)[0])


def _named(plans: list[CommissionPlan], name: str, parameter: str) -> CommissionPlan:
    for plan in plans:
        if plan.name == name:
            return plan
    raise ParameterProblem(
        Problem(
            found=f"{parameter} = {name!r}",
            expected=say("the name of a commission plan of playbook.toml"),
            try_=did_you_mean(name, [plan.name for plan in plans]),
        )
    )


def paid_the_other_way(plan: CommissionPlan) -> CommissionPlan:
    """The same tiers paid the other way: whole-amount for marginal and the reverse."""
    mode = "whole" if plan.mode == "marginal" else "marginal"
    word = WHOLE_AMOUNT if mode == "whole" else MARGINAL
    return plan.model_copy(
        update={
            "name": plan.name.removesuffix(MARGINAL).removesuffix(WHOLE_AMOUNT) + word,
            "mode": mode,
            "replaces": "",
        }
    )


def illustration(orders: pd.DataFrame, fiscal_year_start: int = 1) -> CommissionPlan:
    """8/10/12 % per quarter, edges near the median and the 80th percentile of quarterly amounts per
    rep.
    """
    totals = _quarterly(orders, fiscal_year_start)
    low, high = (
        (round_number(float(np.quantile(totals, q))) for q in (0.5, 0.8))
        if len(totals)
        else (1_000_000, 2_000_000)
    )
    high = high if high > low else 2 * low
    edges = (Decimal(0), Decimal(low), Decimal(high), None)
    tiers = [
        Band(lower=a, upper=b, rate=r) for a, b, r in zip(edges, edges[1:], RATES, strict=False)
    ]
    return CommissionPlan(
        name="Illustration (marginal)",
        tiers=tiers,
        starts=orders["date"].min().date() if len(orders) else date(2000, 1, 1),
    )


def _quarterly(orders: pd.DataFrame, fiscal_year_start: int) -> pd.Series:
    """What each rep booked in each quarter, where it is above nothing [currency]."""
    quarter = period_number(orders["date"], "quarter", fiscal_year_start)
    totals = orders.assign(quarter=quarter).groupby(["rep_id", "quarter"])["amount"].sum()
    return totals[totals > 0] / TICKS


def round_number(value: float) -> int:
    """The nearest of 1, 1.5, 2, 3, 4, 5, 6, 8 times a power of ten, and never below 1."""
    if value < 1:
        return 1
    power = 10 ** int(np.floor(np.log10(value)))
    return max(
        1,
        round(
            min((1, 1.5, 2, 3, 4, 5, 6, 8, 10), key=lambda step: abs(step * power - value)) * power
        ),
    )
