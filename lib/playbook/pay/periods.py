"""Accumulation periods of a plan: their numbers, their days, and how long a plan is in force."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import numpy as np
import pandas as pd

from playbook.base.language import later, say
from playbook.base.periods import Month
from playbook.base.settings.plans import CommissionPlan

PERIODS = later(("deal", "month", "quarter", "year"), context="period")


BASES = later(("bookings", "cash"), context="basis")


def basis_name(basis: str) -> str:
    """What is counted, bookings or cash, in the language spoken."""
    return say(basis, context="basis")


def period_name(accumulate: str) -> str:
    """What a plan adds up over, in the language spoken."""
    return say(accumulate, context="period")


def period_number(days: pd.Series, accumulate: str, fiscal_year_start: int) -> np.ndarray:
    """Number of the fiscal month, quarter or year of each day; 0 for plans that look at one deal at
    a time.
    """
    if accumulate == "deal":
        return np.zeros(len(days), dtype=np.int64)
    month = (
        days.to_numpy().astype("datetime64[M]").astype(np.int64)
        + 1970 * 12
        - (fiscal_year_start - 1)
    )
    return month // {"month": 1, "quarter": 3, "year": 12}[accumulate]


def period_span(number: int, accumulate: str, fiscal_year_start: int) -> tuple[date, date]:
    """First and last day of a period number (not for plans per deal)."""
    length = {"month": 1, "quarter": 3, "year": 12}[accumulate]
    index = number * length + fiscal_year_start - 1
    first = Month.from_number(index)
    return first.start, (first + (length - 1)).end


def in_force_days(
    groups: pd.DataFrame, plan: CommissionPlan, fiscal_year_start: int
) -> tuple[np.ndarray, np.ndarray]:
    """Days of each group's period on which the plan is in force, and all its days; both 1 for plans
    per deal.
    """
    if plan.accumulate == "deal":
        one = np.ones(len(groups), dtype=np.int64)
        return one, one
    parts = {
        int(number): days_in_force_of(int(number), plan, fiscal_year_start)
        for number in np.unique(groups["period"])
    }
    both = np.array([parts[int(number)] for number in groups["period"]], dtype=np.int64)
    both = both.reshape(-1, 2)
    return both[:, 0], both[:, 1]


def days_in_force_of(number: int, plan: CommissionPlan, fiscal_year_start: int) -> tuple[int, int]:
    """Days of a period on which the plan is in force, and all days of the period."""
    first, last = period_span(number, plan.accumulate, fiscal_year_start)
    start, end = max(first, plan.starts), min(last, plan.ends or last)
    if plan.prorate_by == "months":  # a month begun counts in full
        held = Month.of(end) - Month.of(start) + 1 if end >= start else 0
        return max(0, held), Month.of(last) - Month.of(first) + 1
    return max(0, (end - start).days + 1), (last - first).days + 1


def in_force_share(number: int, plan: CommissionPlan, fiscal_year_start: int) -> Fraction:
    """Part of a period's days the plan is in force, exact."""
    return Fraction(*days_in_force_of(number, plan, fiscal_year_start))
