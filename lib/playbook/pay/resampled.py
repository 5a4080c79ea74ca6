"""Pay of years put together from months of history in any order, by the engine of the statements,
many years at once.

A month carries with it what happened in it: credited lines, quotas, clawbacks, awards, what was
held until customers pay, days on board, the right to a draw. Tiers, rules, attainment, caps,
guarantees, the manager's part and draws are worked out anew for every sampled year, to the minor
unit.
"""

from __future__ import annotations

import numpy as np

from playbook.base.settings.plans import CommissionPlan
from playbook.methods import exact

from .attained import FINE, attained_pay
from .drawn_quotas import QUOTA_PARTS
from .engine import tier_pay
from .monthly import MonthlyHistory
from .resampled_draws import LENGTH, guaranteed_and_advanced, least_of, periods_of
from .reversals import order_matters
from .terms import CreditedLines, GroupTerms

AT_ONCE = 400_000  # years × months × reps paid in one go


# -- paying sampled years


def yearly_pay(
    months: MonthlyHistory,
    sampled: np.ndarray,
    factor: np.ndarray | None = None,
    owed: np.ndarray | None = None,
) -> np.ndarray:
    """Pay of every sampled year and rep.

    Parameters
    ----------
    sampled : positions of months of history, one row per year; whole accumulation periods
    from the left
    factor : what every amount of a year and rep is multiplied with (years, reps)
    owed : balance of draws the years begin with [minor units]; default: none

    Returns
    -------
    (years, reps) [minor units]
    """
    step = max(1, AT_ONCE // max(sampled.shape[1] * len(months.reps), 1))
    parts = [
        _pay(months, sampled[i : i + step], None if factor is None else factor[i : i + step], owed)
        for i in range(0, len(sampled), step)
    ]
    return np.concatenate(parts) if parts else np.zeros((0, len(months.reps)), dtype=np.int64)


def _pay(
    months: MonthlyHistory, sampled: np.ndarray, factor: np.ndarray | None, owed: np.ndarray | None
) -> np.ndarray:
    plan = months.plan
    if plan.draw:
        slots = _by_month(months, sampled, factor)
        earned = periods_of(slots, plan)
    else:
        earned = _by_period(months, sampled, factor)
    back = months.back[sampled]
    of_orders = _paid_out(earned, plan, months.minor).sum(axis=1) + back.sum(axis=1)
    if plan.cap_year is not None:
        of_orders = np.minimum(of_orders, int(plan.cap_year * 10**months.minor))
    total = of_orders + months.other[sampled].sum(axis=1)
    least = least_of(months, sampled) if plan.floor and plan.accumulate != "deal" else None
    if plan.draw:
        begin = np.zeros(len(months.reps), dtype=np.int64) if owed is None else owed
        total += guaranteed_and_advanced(months, sampled, slots + back, earned, least, begin)
    elif least is not None:
        total += np.maximum(least - earned, 0).sum(axis=1)
    if plan.manager_rate:
        part = _scaled(months.managed[sampled], factor).sum(axis=1)
        for boss in set(months.manager) - {-1}:
            total[:, boss] += part[:, months.manager == boss].sum(axis=1)
    return total


def _paid_out(earned: np.ndarray, plan: CommissionPlan, minor: int) -> np.ndarray:
    """Pay of each period (years, periods, reps) where what a cap keeps back is paid later; a year
    begins with nothing kept back.
    """
    if plan.excess != "later" or plan.cap is None:
        return earned
    most, carried = int(plan.cap * 10**minor), np.zeros_like(earned[:, 0])
    paid = np.empty_like(earned)
    for period in range(earned.shape[1]):
        due = earned[:, period] + carried
        paid[:, period] = np.minimum(due, most)
        carried = due - paid[:, period]
    return paid


def _scaled(slots: np.ndarray, factor: np.ndarray | None) -> np.ndarray:
    return slots if factor is None else np.rint(slots * factor[:, None, :]).astype(np.int64)


def _quota(months: MonthlyHistory, sampled: np.ndarray) -> np.ndarray | None:
    """Quotas of sampled period [ticks]."""
    return (
        None
        if months.quota is None
        else exact.half_even(periods_of(months.quota[sampled], months.plan), QUOTA_PARTS)
    )


def _present(months: MonthlyHistory, sampled: np.ndarray) -> tuple[np.ndarray, np.ndarray] | None:
    """(days that pay for the quota is for, days) of each sampled period (years, periods, reps)."""
    plan = months.plan
    if months.present is None or plan.attainment is None:
        return None
    length = LENGTH[plan.accumulate]
    here = months.present[sampled]
    each = np.broadcast_to(months.days[sampled][:, :, None], here.shape)
    days = periods_of(each, plan)
    if plan.attainment.presence == "at_end":
        last = slice(length - 1, None, length)
        return np.where(here[:, last] == each[:, last], days, 0), days
    return periods_of(here, plan), days


def _by_period(
    months: MonthlyHistory, sampled: np.ndarray, factor: np.ndarray | None
) -> np.ndarray:
    """Tier and attainment pay (years, periods, reps), each rounded half-even as a period's is
    [minor units].
    """
    if months.alone is None:
        return _worked_out(months, sampled, factor)
    if factor is None:
        return months.alone[sampled]
    # A deal's refund of a later month is paid by what the deal was paid before, which a month alone
    # does not tell: what sales times the factor change is added to what the month was paid.
    changed = _worked_out(months, sampled, factor) - _worked_out(months, sampled, None)
    return months.alone[sampled] + changed


def _worked_out(
    months: MonthlyHistory, sampled: np.ndarray, factor: np.ndarray | None
) -> np.ndarray:
    """The same of each period by itself, whatever its deals were paid before."""
    plan, minor = months.plan, months.minor
    credit, quota = (
        periods_of(_scaled(months.credit[sampled], factor), plan),
        _quota(months, sampled),
    )
    paid, tiers = np.zeros(credit.shape, dtype=np.int64), None
    if plan.tiers:
        tiers = pay, unit = _tiers(months, sampled, factor, credit, quota)
        paid += exact.half_even(pay, unit // 10**minor).astype(np.int64).reshape(credit.shape)
    if plan.attainment:
        totals = CreditedLines(
            np.arange(credit.size),
            credit.ravel(),
            np.full(credit.size, -1, dtype=np.int64),
            more=_counted(months, sampled, factor, credit.size),
        )
        here = _present(months, sampled)
        present = None if here is None else (here[0].ravel(), here[1].ravel())
        terms = GroupTerms(None if quota is None else quota.ravel(), present=present)
        for _, pay, _ in attained_pay(totals, plan, terms, minor, tiers):
            paid += exact.half_even(pay, FINE).astype(np.int64).reshape(credit.shape)
    return paid


def _counted(
    months: MonthlyHistory, sampled: np.ndarray, factor: np.ndarray | None, size: int
) -> dict[str, np.ndarray]:
    """What else the plan counts, by period (years, periods, reps) in one row."""
    if not months.more:
        return {}
    lines, at, _ = _lines(months, sampled, factor)
    made = {}
    for name, values in (lines.more or {}).items():
        sums = np.zeros(size, dtype=np.int64)
        np.add.at(sums, at, exact.group_sum(values, exact.starts(lines.group)))
        by = sums.reshape(len(sampled), len(months.reps), -1).transpose(0, 2, 1)
        made[name] = by.ravel()
    return made


def _tiers(
    months: MonthlyHistory,
    sampled: np.ndarray,
    factor: np.ndarray | None,
    credit: np.ndarray,
    quota: np.ndarray | None,
) -> tuple[np.ndarray, int]:
    """Exact tier pay of every (year, period, rep) and its unit. Without rules, and where a whole
    amount pays the reached rate, totals say all; else line follows line.
    """
    plan = months.plan
    if plan.accumulate != "deal" and not order_matters(plan) and not (plan.gate or plan.modifier):
        credit_by_rule = (
            [
                periods_of(_scaled(part[sampled], factor), plan).ravel()
                for part in months.credit_by_rule()
            ]
            if plan.rules or plan.leaving.pays != "none"
            else [credit.ravel()]
        )
        kinds = len(credit_by_rule)
        lines = CreditedLines(
            np.repeat(np.arange(credit.size), kinds),
            np.stack(credit_by_rule, axis=1).ravel(),
            np.tile(np.arange(-1, kinds - 1), credit.size),
        )
        pay, unit = tier_pay(lines, plan, GroupTerms(None if quota is None else quota.ravel()))
        return pay.reshape(-1, kinds).sum(axis=1), unit
    lines, at, _ = _lines(months, sampled, factor)
    pay, unit = tier_pay(
        lines,
        plan,
        GroupTerms(None if quota is None else quota.transpose(0, 2, 1).ravel()[at]),
    )
    if plan.accumulate == "deal":  # every deal is rounded by itself
        pay = exact.half_even(
            exact.group_sum(pay, exact.starts(lines.group)), unit // 10**months.minor
        ) * (unit // 10**months.minor)
    else:
        pay = exact.group_sum(pay, exact.starts(lines.group))
    sums = np.zeros(credit.size, dtype=pay.dtype)
    np.add.at(sums, at, pay)
    return sums.reshape(len(sampled), len(months.reps), -1).transpose(0, 2, 1).ravel(), unit


def _by_month(months: MonthlyHistory, sampled: np.ndarray, factor: np.ndarray | None) -> np.ndarray:
    """Tier and attainment pay of every sampled month (years, months, reps), lines rounded as on a
    statement [minor units].
    """
    if months.alone is not None:
        return _by_period(months, sampled, factor)
    plan, minor, tiers = months.plan, months.minor, None
    lines, at, cell = _lines(months, sampled, factor)
    quota, first = _quota(months, sampled), exact.starts(lines.group)
    here = _present(months, sampled)
    terms = GroupTerms(
        None if quota is None else quota.transpose(0, 2, 1).ravel()[at],
        present=here
        and (here[0].transpose(0, 2, 1).ravel()[at], here[1].transpose(0, 2, 1).ravel()[at]),
    )
    earned = np.zeros(sampled.size * len(months.reps), dtype=np.int64)
    if plan.tiers:
        tiers = pay, unit = tier_pay(lines, plan, terms)
        np.add.at(earned, cell, exact.round_lines(pay, unit // 10**minor, first, lines.group))
    if plan.attainment:
        for _, pay, unit in attained_pay(lines, plan, terms, minor, tiers):
            np.add.at(earned, cell, exact.round_lines(pay, unit // 10**minor, first, lines.group))
    return earned.reshape(len(sampled), len(months.reps), -1).transpose(0, 2, 1)


def _lines(
    months: MonthlyHistory, sampled: np.ndarray, factor: np.ndarray | None
) -> tuple[CreditedLines, np.ndarray, np.ndarray]:
    """Lines of sampled years in the order the engine reads: by year, rep, month sampled and their
    own order.

    Returns the lines, each group's place in (years, reps, periods), and each line's in (years,
    reps, months).
    """
    years, slots, reps = len(sampled), sampled.shape[1], len(months.reps)
    begin = np.r_[0, np.cumsum(months.count.ravel())[:-1]].reshape(months.count.shape)
    count = months.count[sampled].transpose(0, 2, 1).ravel()
    start = begin[sampled].transpose(0, 2, 1).ravel()
    cell = np.repeat(np.arange(years * reps * slots), count)
    line = np.arange(len(cell)) - np.repeat(np.cumsum(count) - count, count) + start[cell]
    if months.plan.accumulate == "deal":  # all lines of a deal in a month stand together
        order = np.lexsort((months.deal[line], cell))
        cell, line = cell[order], line[order]
    amount = months.amount[line]
    if factor is not None:
        amount = np.rint(amount * factor.ravel()[cell // slots]).astype(np.int64)
    place = cell // LENGTH[months.plan.accumulate]
    key = (
        np.flatnonzero(
            np.r_[
                True,
                (place[1:] != place[:-1])
                | (
                    (months.deal[line][1:] != months.deal[line][:-1])
                    if months.plan.accumulate == "deal"
                    else False
                ),
            ]
        )
        if len(cell)
        else np.empty(0, dtype=np.int64)
    )
    group = np.zeros(len(cell), dtype=np.int64)
    group[key[1:]] = 1
    more = {
        name: values[line]
        if factor is None or name == "new_logos"
        else np.rint(values[line] * factor.ravel()[cell // slots]).astype(np.int64)
        for name, values in months.more.items()
    }
    found = CreditedLines(np.cumsum(group), amount, months.rule[line], months.deal[line], more)
    return found, place[key], cell
