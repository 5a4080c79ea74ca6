"""Quotas of the months that years are put together from: what stands for a month in which no one
set one.

A quarter paid with a quota on some of its months and none on the others would be measured against
a small quota by the sales of all of them. So a month without one is drawn with the rep's mean;
only the year that was keeps its quotas as they were paid by.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from playbook.base.periods import Month
from playbook.base.settings.plans import CommissionPlan
from playbook.data.measures.credits import TICKS

from .history import History
from .periods import period_number
from .quota import Quotas

QUOTA_PARTS = 10**5  # parts of a tick in which a month's share of a quota is kept


def drawn_quotas(
    past: History, plan: CommissionPlan, reps: list[str], months: list[Month], credit: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Quotas of the months as they are drawn, and as they were paid by, in parts of a tick, and
    whether the drawn one is a mean; (months, reps) each.

    A month on board (or with credit) for which no one set a quota is drawn with the mean of the
    rep's others; a rep for whom no one ever set one has none in any. Where the last twelve months
    are not whole accumulation periods, no year was paid by them, and they are as drawn.

    credit: of each month and rep [ticks]
    """
    quotas = Quotas(past.book, plan, past.people, strict=False)
    paid = np.zeros((len(months), len(reps)), dtype=np.int64)
    known = np.zeros(paid.shape, dtype=bool)
    for j, rep in enumerate(reps):
        for i, month in enumerate(months):
            paid[i, j] = round((quotas.month(rep, month) or 0) * TICKS * QUOTA_PARTS)
            known[i, j] = quotas.is_set(rep, month)
    here = _on_board(past, reps, months) | (credit > 0)
    some = known & here
    carries = ~known & here & some.any(axis=0)
    mean = np.where(some, paid, 0).sum(axis=0) // np.maximum(some.sum(axis=0), 1)
    drawn = np.where(known, paid, np.where(carries, mean, 0))
    return drawn, paid if _whole_periods(past, plan, months) else drawn, carries


def _on_board(past: History, reps: list[str], months: list[Month]) -> np.ndarray:
    """Months in which each rep was there for a day at least; all where the hiring is unknown."""
    found = np.ones((len(months), len(reps)), dtype=bool)
    for j, rep in enumerate(reps):
        if rep in past.terms:
            hired, left = past.terms[rep]
            found[:, j] = [m.end >= hired and (left is None or m.start <= left) for m in months]
    return found


def _whole_periods(past: History, plan: CommissionPlan, months: list[Month]) -> bool:
    """Whether an accumulation period ends with the last month."""
    if plan.accumulate == "deal":
        return True
    days = pd.Series([pd.Timestamp(one.start) for one in (months[-1], months[-1] + 1)])
    last, after = period_number(days, plan.accumulate, past.fiscal_year_start)
    return bool(last != after)
