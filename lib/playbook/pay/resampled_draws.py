"""Guarantees and draws of sampled years, as ``advances`` keeps them, many years at once."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from playbook.base.settings.plans import CommissionPlan
from playbook.methods import exact

from .monthly import MonthlyHistory

LENGTH = {"deal": 1, "month": 1, "quarter": 3, "year": 12}


def periods_of(slots: np.ndarray, plan: CommissionPlan) -> np.ndarray:
    """(years, months, reps) summed to accumulation periods."""
    length = LENGTH[plan.accumulate]
    return slots.reshape(len(slots), -1, length, slots.shape[2]).sum(axis=2)


def least_of(months: MonthlyHistory, sampled: np.ndarray) -> np.ndarray:
    """The guarantee of every sampled period and rep [minor units]."""
    plan = months.plan
    aboard = periods_of(months.aboard[sampled], plan)
    top, bottom = (Fraction(plan.floor) * 10**months.minor).as_integer_ratio()
    if not plan.prorate:
        return np.where(aboard > 0, round(Fraction(top, bottom)), 0)
    days = (
        months.days[sampled]
        .reshape(len(sampled), -1, LENGTH[plan.accumulate])
        .sum(axis=2)[:, :, None]
        * bottom
    )
    return _quotient(aboard.astype(object) * top, days.astype(object))


def _quotient(top: np.ndarray, bottom: np.ndarray) -> np.ndarray:
    """``top ÷ bottom`` rounded half-even, element by element."""
    floor = top // bottom
    twice = 2 * (top - floor * bottom)
    return (floor + ((twice > bottom) | ((twice == bottom) & (floor % 2 == 1)))).astype(np.int64)


def guaranteed_and_advanced(
    months: MonthlyHistory,
    sampled: np.ndarray,
    slots: np.ndarray,
    earned: np.ndarray,
    least: np.ndarray | None,
    owed: np.ndarray,
) -> np.ndarray:
    """Top-ups to the guarantee, and advances less what later pay takes back, over each year (years,
    reps), as ``advances.guarantee_and_advances`` keeps them [minor units].

    slots: pay by month; earned: pay by period, without clawbacks; least: guarantee by period.
    """
    draw, plan = months.plan.draw, months.plan
    assert draw is not None
    if least is None:
        return _net_advances(months, sampled, slots, np.zeros_like(slots), owed).sum(axis=1)
    if not draw.recoverable:
        net = _net_advances(months, sampled, slots, np.zeros_like(slots), owed)
        return net.sum(axis=1) + np.maximum(least - earned - periods_of(net, plan), 0).sum(axis=1)
    top_up = np.zeros_like(slots)
    length = LENGTH[plan.accumulate]
    top_up[:, length - 1 :: length] = np.maximum(least - earned, 0)
    net = _net_advances(months, sampled, slots, top_up, owed)
    return net.sum(axis=1) + top_up.sum(axis=1)


def _net_advances(
    months: MonthlyHistory,
    sampled: np.ndarray,
    slots: np.ndarray,
    top_up: np.ndarray,
    owed: np.ndarray,
) -> np.ndarray:
    """Advances less what later pay takes back, by month (years, months, reps), as
    ``advances.ledger`` keeps them [minor units].
    """
    draw = months.plan.draw
    assert draw is not None
    monthly = int(draw.monthly.scaleb(months.minor))
    balance = np.broadcast_to(owed, (len(sampled), len(months.reps))).copy()
    net = np.zeros_like(slots)
    for slot in range(sampled.shape[1]):
        may, pay = months.entitled[sampled[:, slot]], slots[:, slot] + top_up[:, slot]
        due = monthly if draw.adds == "on_top" else np.maximum(monthly - pay, 0)
        advanced = np.where(may, due, 0)
        spare = np.maximum(pay - np.where(may, monthly, 0), 0)
        if draw.recovery_share < 1:
            top, bottom = draw.recovery_share.as_integer_ratio()
            spare = exact.half_even(exact.times(spare, top), bottom).astype(np.int64)
        if draw.recovery_most is not None:
            spare = np.minimum(spare, int(draw.recovery_most.scaleb(months.minor)))
        if months.waits is not None:
            spare = np.where(months.waits[sampled[:, slot]], 0, spare)
        recovered = np.minimum(balance, spare) if draw.recoverable else 0
        balance += (advanced if draw.recoverable else 0) - recovered
        net[:, slot] = advanced - recovered
    return net
