"""What bounds the tiers' pay: limits per deal, the threshold, gates, the modifier, the cap.

All but the deal's work on the cumulative pay of a group, so that lines still add up to it.
"""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction

import numpy as np

from playbook.base.settings.plan_quota import Gate, Measure
from playbook.base.settings.plans import CommissionPlan
from playbook.data.measures.credits import TICKS
from playbook.methods import exact

from .steps import Steps
from .terms import CreditedLines, GroupTerms, narrow


def modifier_unit(plan: CommissionPlan) -> int:
    """Parts in which the modifier's factors are whole numbers."""
    return math.lcm(1, *(Fraction(step.times).denominator for step in plan.modifier))


def deal_limited(
    pay: np.ndarray,
    steps: Steps,
    lines: CreditedLines,
    plan: CommissionPlan,
    unit: int,
    first: np.ndarray,
) -> np.ndarray:
    """Pay with each deal's sum inside its limits. A deal of which nothing stands pays nothing, one
    sold after the last day no more than the plan leaves to leavers.
    """
    assert lines.deal is not None
    if not len(pay):
        return pay
    part = _left_to_leavers(lines, plan)
    order = np.lexsort((np.arange(len(pay)), lines.deal, lines.group))
    group, deal = lines.group[order], lines.deal[order]
    own = np.cumsum(np.r_[True, (group[1:] != group[:-1]) | (deal[1:] != deal[:-1])]) - 1
    start = exact.starts(own)
    total = exact.running(pay[order], start, own)

    def limit(amount: Decimal) -> np.ndarray:
        each = np.array([int(Fraction(amount) * share * unit) for share in part[1]], dtype=object)
        return narrow(each)[part[0][order]]

    if plan.deal_floor:
        stands = exact.running(lines.amount[order], start, own) > 0
        total = np.where(stands, np.maximum(total, limit(plan.deal_floor)), total)
        steps.pay.append(("deal minimum", _back(exact.increments(total, start), order)))
    if plan.deal_cap is not None:
        total = np.minimum(total, limit(plan.deal_cap))
        steps.pay.append(("deal cap", _back(exact.increments(total, start), order)))
    return _back(exact.increments(total, start), order)


def _left_to_leavers(
    lines: CreditedLines, plan: CommissionPlan
) -> tuple[np.ndarray, tuple[Fraction, ...]]:
    """Which of the shares each line's deal pays, and the shares: all, the leavers', none."""
    kinds = len(plan.rules) + 1
    code = lines.rule + 1
    which = (code >= kinds).astype(np.int64) + (code >= 2 * kinds)
    return which, (Fraction(1), Fraction(plan.leaving.share), Fraction(0))


def _back(values: np.ndarray, order: np.ndarray) -> np.ndarray:
    out = np.empty_like(values)
    out[order] = values
    return out


def limited(
    pay: np.ndarray,
    steps: Steps,
    lines: CreditedLines,
    plan: CommissionPlan,
    terms: GroupTerms,
    unit: int,
    first: np.ndarray,
) -> tuple[np.ndarray, int]:
    """(pay, factor of the unit) with the threshold, the gate, the modifier and the cap of the
    period.
    """
    first_unit = plan.threshold and plan.threshold_from == "first"
    if not (first_unit or plan.gate or plan.modifier or plan.cap_of_tiers is not None):
        return pay, 1
    factor = 1
    total = exact.running(pay, first, lines.group)
    if first_unit:
        top, bottom = Fraction(plan.threshold).as_integer_ratio()
        least = exact.times(terms.share_of(terms.quota, steps.scale), top)[lines.group]
        total = np.where(exact.times(steps.after, bottom) >= least, total, 0)
        steps.pay.append(("threshold", exact.increments(total, first)))
    if plan.gate:
        total = np.where(gate_open(plan.gate, lines, plan, terms, first), total, 0)
        steps.pay.append((f"gate: {plan.gate.measure}", exact.increments(total, first)))
    if plan.modifier:
        factor = modifier_unit(plan)
        times = margin_factor(lines, plan, first)
        steps.pay = [(name, exact.times(part, factor)) for name, part in steps.pay]
        total = total * times
        steps.factor = times
        steps.pay.append(("modifier", exact.increments(total, first)))
    if plan.cap_of_tiers is not None:
        each = int(plan.cap_of_tiers * (unit // steps.scale)) * factor
        ticks = np.full(len(first), each, dtype=np.int64 if each < exact.SAFE else object)
        most = terms.share_of(ticks, steps.scale)
        total = np.minimum(total, most[lines.group])
        steps.pay.append(("cap", exact.increments(total, first)))
    return exact.increments(total, first), factor


def margin_factor(lines: CreditedLines, plan: CommissionPlan, first: np.ndarray) -> np.ndarray:
    """The modifier's factor at each line, by the margin on the period's revenue so far."""
    assert lines.more is not None
    revenue = exact.running(lines.amount, first, lines.group)
    margin = exact.running(lines.more["gross_margin"], first, lines.group)
    parts = modifier_unit(plan)
    times = np.zeros(len(lines), dtype=np.int64)
    for step in plan.modifier:
        top, bottom = Fraction(step.at).as_integer_ratio()
        there = (exact.times(margin, bottom) >= exact.times(revenue, top)).astype(bool)
        times[there & (revenue > 0)] = int(Fraction(step.times) * parts)
    return times


def gate_open(
    gate: Gate, lines: CreditedLines, plan: CommissionPlan, terms: GroupTerms, first: np.ndarray
) -> np.ndarray:
    """Whether the measure has reached its part of the quota at each line."""
    total, quota, parts = measured(gate.measure, lines, plan, terms, first)
    top, bottom = Fraction(gate.at).as_integer_ratio()
    reached = exact.times(total, bottom * parts) >= exact.times(quota, top)
    return reached.astype(bool) & (quota > 0)


def measured(
    name: str, lines: CreditedLines, plan: CommissionPlan, terms: GroupTerms, first: np.ndarray
) -> tuple[np.ndarray, np.ndarray, int]:
    """(running total [ticks], quota of the part in force in ``parts`` of a tick, parts) of a
    measure of the attainment at each line.
    """
    assert plan.attainment is not None
    one = next(m for m in plan.attainment.measures if m.name == name)
    values = lines.amount if one.of == "revenue" else (lines.more or {})[one.counted]
    parts = terms.parts()
    quota = quota_of_measure(one, terms, first)
    total = exact.running(values, first, lines.group)
    return total, terms.share_of(quota, parts)[lines.group], parts


def quota_of_measure(one: Measure, terms: GroupTerms, first: np.ndarray) -> np.ndarray:
    """Quota of a full period of every group [ticks]: the measure's own, else the rep's."""
    if one.quota is not None:
        return np.full(len(first), int(one.quota * TICKS), dtype=np.int64)
    return np.zeros(len(first), dtype=np.int64) if terms.quota is None else terms.quota
