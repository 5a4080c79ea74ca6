"""What finance accrues beside the pay of a running period: the rate its expected total will be paid
at, on what was sold so far.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

import pandas as pd

from playbook.base.settings.plans import CommissionPlan
from playbook.incentives.plans.standing import terms_of
from playbook.pay.accrual import accrued
from playbook.pay.history import History
from playbook.pay.periods import period_number, period_span


def expected_more(
    past: History, plans: Mapping[str, CommissionPlan], standings: Mapping[str, Mapping[str, str]]
) -> dict[str, int]:
    """Plan → what to accrue beyond pay to date for the running period [minor units].

    The period's total is expected to go on evenly by days. A period that is over and a plan per
    deal need nothing.

    standings: as ``standings.standings`` gives them.
    """
    found: dict[str, int] = {}
    for rep, at in standings.items():
        plan = plans.get(at.get("plan", ""))
        sold = Decimal(at.get("total", "0"))
        if plan is None or plan.accumulate == "deal" or sold <= 0:
            continue
        passed = _passed(past, plan)
        if passed == 1:
            continue
        whole = Fraction(sold) / passed
        expected = Decimal(whole.numerator) / Decimal(whole.denominator)
        terms = terms_of([rep], plan, past)[rep]
        if not terms.pays_amounts:
            continue
        then, now = (accrued(sold, total, terms) for total in (expected, sold))
        found[plan.name] = found.get(plan.name, 0) + int((then - now).scaleb(past.minor))
    return found


def _passed(past: History, plan: CommissionPlan) -> Fraction:
    """Part of the running period that is over, by days the plan is in force."""
    day = past.book.as_of
    number = int(
        period_number(pd.Series([pd.Timestamp(day)]), plan.accumulate, past.fiscal_year_start)[0]
    )
    first, last = period_span(number, plan.accumulate, past.fiscal_year_start)
    first, last = max(first, plan.starts), min(last, plan.ends or last)
    return min(Fraction((day - first).days + 1, (last - first).days + 1), Fraction(1))
