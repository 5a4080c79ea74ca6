"""Accumulation periods of a plan: their numbers, their days, and how long a plan is in force."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from playbook.base.periods import Month
from playbook.base.settings.plans import CommissionPlan


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


def in_force_shares(
    groups: pd.DataFrame, plan: CommissionPlan, fiscal_year_start: int
) -> np.ndarray:
    """Part of each group's period in which the plan is in force [ten-thousandths]."""
    if plan.accumulate == "deal":
        return np.full(len(groups), 10_000)
    parts = {
        int(number): in_force_share(int(number), plan, fiscal_year_start)
        for number in np.unique(groups["period"])
    }
    return np.array([parts[int(number)] for number in groups["period"]], dtype=np.int64)


def in_force_share(number: int, plan: CommissionPlan, fiscal_year_start: int) -> int:
    """Part of a period's days the plan is in force, in ten-thousandths."""
    first, last = period_span(number, plan.accumulate, fiscal_year_start)
    start, end = max(first, plan.starts), min(last, plan.ends or last)
    return max(0, round(10_000 * ((end - start).days + 1) / ((last - first).days + 1)))
