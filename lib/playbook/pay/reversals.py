"""Refunds: what the sale's period pays without the amount, less what it paid.

Where every line of a band pays the same rate, the running total says it all, and a refund inside
its period may stand as a negative line. Where rules or limits make lines of one period pay at
different rates, taking one back moves those after it; the period is then worked out anew at every
refund. A refund of an earlier period is always the difference between two states of that period.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from playbook.base.settings.plans import CommissionPlan
from playbook.methods import exact

from .bands import codes, edge_parts, rates_of
from .engine import tier_pay
from .steps import Steps
from .terms import CreditedLines, GroupTerms

AT_ONCE = 1_500_000  # rows of states paid in one go


def order_matters(plan: CommissionPlan) -> bool:
    """Whether lines of one band of a period may pay at different rates, so that which of them is
    taken back moves the others.
    """
    rates = rates_of(plan)
    mixed = rates.mixed and not (rates.even and plan.threshold_from == "first")
    return mixed or plan.deal_cap is not None or bool(plan.deal_floor)


def net_amounts(amount: np.ndarray, target: np.ndarray) -> np.ndarray:
    """Amounts with the refunds inside a period taken off the lines they take back."""
    net, refund = amount.copy(), target >= 0
    net[refund] = 0
    np.add.at(net, target[refund], amount[refund])
    return net


def net_lines(lines: CreditedLines, target: np.ndarray) -> CreditedLines:
    """The lines with the refunds inside a period taken off the lines they take back."""
    more = {name: net_amounts(values, target) for name, values in (lines.more or {}).items()}
    amount = net_amounts(lines.amount, target)
    return CreditedLines(lines.group, amount, lines.rule, lines.deal, more)


@dataclass(frozen=True)
class Taken:
    """Amounts taken off lines one after the other: number of the refund in its group, row it takes
    from, amount [ticks, below 0] and what else is counted of it.
    """

    group: np.ndarray
    rank: np.ndarray
    target: np.ndarray
    amount: np.ndarray
    more: dict[str, np.ndarray]


def taken(
    group: np.ndarray, target: np.ndarray, amount: np.ndarray, more: dict[str, np.ndarray]
) -> Taken:
    """Refunds in their order, numbered inside each group of the line they take from."""
    order = np.argsort(group, kind="stable")
    start = exact.starts(group[order])
    rank = np.empty(len(group), dtype=np.int64)
    rank[order] = np.arange(len(group)) - np.repeat(start, np.diff(np.r_[start, len(group)]))
    return Taken(group, rank, target, amount, more)


def pay_by_event(
    lines: CreditedLines,
    target: np.ndarray,
    plan: CommissionPlan,
    terms: GroupTerms,
    write: list[Steps] | None = None,
) -> tuple[np.ndarray, int]:
    """``engine.tier_pay`` with every refund inside its sale's period paid as the difference it
    makes to the period.

    target: position of the line that a refund takes back, −1 for the others.
    """
    pay, unit = tier_pay(lines, plan, terms, write=write)
    refund = np.flatnonzero(target >= 0)
    if not order_matters(plan) or not len(refund):
        return pay, unit
    first = exact.starts(lines.group)
    ends = np.r_[first[1:], len(lines)]
    group = lines.group[refund]
    touched, count = np.unique(group, return_counts=True)
    # one state before each refund and one after the last, each with the lines up to there
    of = np.repeat(touched, count + 1)
    last = np.cumsum(count + 1) - 1
    upto = np.empty(len(of), dtype=np.int64)
    upto[last] = ends[touched]
    others = np.ones(len(of), dtype=bool)
    others[last] = False
    upto[others] = refund
    made_by = np.full(len(of), -1, dtype=np.int64)
    made_by[np.r_[0, last[:-1] + 1]] = -1
    made_by[np.flatnonzero(others) + 1] = refund
    off = taken(group, target[refund], lines.amount[refund], _at(lines.more, refund))
    bare = CreditedLines(
        lines.group,
        np.where(target >= 0, 0, lines.amount),
        lines.rule,
        lines.deal,
        {k: np.where(target >= 0, 0, v) for k, v in (lines.more or {}).items()},
    )
    sums = np.zeros(len(of), dtype=object if pay.dtype == object else pay.dtype)
    pay = pay.copy()
    scale = edge_parts(plan, terms)
    state_of_refund = np.flatnonzero(others) + 1
    for part in _chunks(upto - first[of]):
        again, row, state = _states(bare, plan, terms, of, first, upto, off, part, scale)
        if again.dtype == object and pay.dtype != object:
            pay, sums = pay.astype(object), sums.astype(object)
        np.add.at(sums, part[state], again)
        made = made_by[part][state]
        later = (row > made) & (target[row] < 0)
        pay[row[later]] = again[later]
        before = (row < made) & (made >= 0)
        held = np.zeros(len(of), dtype=sums.dtype)
        np.add.at(held, part[state][before], again[before])
        here = state_of_refund[np.isin(state_of_refund, part)]
        pay[made_by[here]] = held[here]
    pay[refund] -= sums[state_of_refund - 1]
    return pay, unit


def _at(more: dict[str, np.ndarray] | None, rows: np.ndarray) -> dict[str, np.ndarray]:
    return {name: values[rows] for name, values in (more or {}).items()}


def _chunks(size: np.ndarray) -> list[np.ndarray]:
    """Numbers of the states in parts of about ``AT_ONCE`` rows (one state at least)."""
    if not len(size):
        return []
    which = (np.cumsum(size) - 1) // AT_ONCE
    return np.split(np.arange(len(size)), np.flatnonzero(which[1:] != which[:-1]) + 1)


def _states(
    lines: CreditedLines,
    plan: CommissionPlan,
    terms: GroupTerms,
    of: np.ndarray,
    first: np.ndarray,
    upto: np.ndarray,
    off: Taken,
    part: np.ndarray,
    scale: int,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(pay, row, state in ``part``) of every line of every state. State k of a group has the first
    k of its refunds taken off. of: group of each state; upto: row its lines end before.
    """
    start, size = first[of[part]], upto[part] - first[of[part]]
    begin = np.cumsum(size) - size
    state = np.repeat(np.arange(len(part)), size)
    row = np.arange(size.sum()) - begin[state] + start[state]
    amount, more = lines.amount[row], _at(lines.more, row)
    # every refund of the group with a lower number is off: pairs of refunds and later states
    position = np.empty(len(of), dtype=np.int64)  # number of the state in its group
    starts = np.flatnonzero(np.r_[True, of[1:] != of[:-1]])
    position[:] = np.arange(len(of)) - np.repeat(starts, np.diff(np.r_[starts, len(of)]))
    place = np.full(len(of), -1, dtype=np.int64)
    place[part] = np.arange(len(part))
    low = np.searchsorted(of, off.group) + off.rank + 1  # first state that lacks the refund
    high = np.searchsorted(of, off.group, side="right")
    low, high = np.maximum(low, part[0]), np.minimum(high, part[-1] + 1)
    number = np.maximum(high - low, 0)
    pair = np.repeat(np.arange(len(number)), number)
    into = np.arange(number.sum()) - np.repeat(np.cumsum(number) - number, number) + low[pair]
    at = off.target[pair] - first[of[into]]
    inside = at < upto[into] - first[of[into]]
    pair, into, at = pair[inside], into[inside], at[inside]
    np.add.at(amount, begin[place[into]] + at, off.amount[pair])
    for name, values in more.items():
        np.add.at(values, begin[place[into]] + at, off.more[name][pair])
    present, dense = np.unique(state, return_inverse=True)
    deal = None if lines.deal is None else lines.deal[row]
    again, _ = tier_pay(
        CreditedLines(dense, amount, lines.rule[row], deal, more),
        plan,
        terms.take(of[part[present]]),
        scale,
    )
    return again, row, state


def late_states(
    lines: CreditedLines, target: np.ndarray, off: Taken, plan: CommissionPlan
) -> tuple[CreditedLines, np.ndarray, np.ndarray]:
    """(lines, group of each state, number of the state after each refund): every group that refunds
    of earlier periods touch as it stands before the first of them and after each, ready for the
    engine.

    Where the order of lines does not matter, a state is one line per code and its totals say all.
    """
    net = net_lines(lines, target)
    touched, count = np.unique(off.group, return_counts=True)
    of = np.repeat(touched, count + 1)
    begin = np.cumsum(count + 1) - (count + 1)
    after = begin[np.searchsorted(touched, off.group)] + off.rank + 1
    if order_matters(plan):
        return _whole_states(net, off, of, after, touched)
    kinds = codes(plan)
    rule = net.rule + 1
    within = np.isin(net.group, touched)
    where = np.searchsorted(touched, net.group[within])

    def summed(values: np.ndarray, taken_: np.ndarray) -> np.ndarray:
        grid = np.zeros((len(of), kinds), dtype=np.int64)
        np.add.at(grid, (begin[where], rule[within]), values[within])
        np.add.at(grid, (after, rule[off.target]), taken_)
        total = np.cumsum(grid, axis=0)  # may wrap over all groups: that cancels in the difference
        before = total[begin] - grid[begin]
        return total - np.repeat(before, count + 1, axis=0)

    amount = summed(net.amount, off.amount)
    more = {
        name: summed(values, off.more[name]).ravel() for name, values in (net.more or {}).items()
    }
    group = np.repeat(np.arange(len(of)), kinds)
    code = np.tile(np.arange(-1, kinds - 1), len(of))
    return CreditedLines(group, amount.ravel(), code, None, more), of, after


def _whole_states(
    net: CreditedLines, off: Taken, of: np.ndarray, after: np.ndarray, touched: np.ndarray
) -> tuple[CreditedLines, np.ndarray, np.ndarray]:
    """States with all their lines, for plans in which the order of lines matters."""
    first = exact.starts(net.group)
    ends = np.r_[first[1:], len(net)]
    size = ends[of] - first[of]
    begin = np.cumsum(size) - size
    state = np.repeat(np.arange(len(of)), size)
    row = np.arange(size.sum()) - begin[state] + first[of][state]
    amount, more = net.amount[row], _at(net.more, row)
    last = np.searchsorted(of, off.group, side="right")
    number = last - after
    pair = np.repeat(np.arange(len(number)), number)
    into = np.arange(number.sum()) - np.repeat(np.cumsum(number) - number, number) + after[pair]
    at = begin[into] + off.target[pair] - first[of[into]]
    np.add.at(amount, at, off.amount[pair])
    for name, values in more.items():
        np.add.at(values, at, off.more[name][pair])
    deal = None if net.deal is None else net.deal[row]
    return CreditedLines(state, amount, net.rule[row], deal, more), of, after
