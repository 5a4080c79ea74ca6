"""Pay of many credited lines at once, exact: each line earns what it adds to its group's cumulative
pay.

A *group* is one rep in one accumulation period (or one deal). Money is counted in whole numbers:
amounts in ticks (ten-thousandths of a currency unit), rates in the power of ten that holds every
rate of the plan exactly, pay in the product of both. Nothing is rounded before
``exact.round_lines``.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

import numpy as np

from playbook.base.settings.plans import CommissionPlan
from playbook.data.measures.credits import TICKS
from playbook.methods import exact

from .tiers import attainment_pay

FINE = 10**6  # parts of a minor unit in which quotients (attainment between levels) are kept


@dataclass(frozen=True)
class CreditedLines:
    """Credited lines, sorted by group and then by date and id.

    group: number of the rep and period, dense from 0. amount: [ticks]. rule: position of the plan's
    rule that sets the rate, −1 for the tiers alone.
    """

    group: np.ndarray
    amount: np.ndarray
    rule: np.ndarray

    def __len__(self) -> int:
        return len(self.amount)


@dataclass(frozen=True)
class GroupTerms:
    """Quota and length of each group's period.

    quota: of a full period [ticks] per group, 0 for none; None where the plan asks for no quota.
    days: on which the plan is in force, and of the period, per group; None where it holds for all
    of every period. Edges, quota and cap count for that part of themselves.
    """

    quota: np.ndarray | None = None
    days: tuple[np.ndarray, np.ndarray] | None = None

    def take(self, groups: np.ndarray) -> GroupTerms:
        """The terms of some groups, in that order."""
        return GroupTerms(
            None if self.quota is None else self.quota[groups],
            None if self.days is None else (self.days[0][groups], self.days[1][groups]),
        )

    def parts(self) -> int:
        """The least number that makes a whole number of every share of a period times it."""
        if self.days is None or not len(self.days[0]):
            return 1
        pairs = np.unique(np.stack(self.days), axis=1).T
        return math.lcm(*(Fraction(int(a), int(b)).denominator for a, b in pairs))

    def share_of(self, values: np.ndarray | int, scale: int) -> np.ndarray:
        """``values`` × share of the period × ``scale`` (a multiple of ``parts``), per group, exact
        in whole numbers.
        """
        if self.days is None:
            return exact.times(np.asarray(values), scale)
        days, length = self.days
        each = (days.astype(object) * scale) // length
        return _narrow(np.asarray(values, dtype=object) * each)


def tier_pay(
    lines: CreditedLines,
    plan: CommissionPlan,
    terms: GroupTerms = GroupTerms(),
    scale: int | None = None,
) -> tuple[np.ndarray, int]:
    """Exact pay of every line from the tiers and rules, and the units in one currency unit it is
    counted in.

    scale: parts of a tick that edges and cap are counted in, so that shares of a period are exact;
    default: ``edge_parts`` of the plan and terms.

    Returns
    -------
    (pay, unit): pay[i] / unit is what line i adds to its group's pay [currency]; int64, or Python
    integers where those would not fit.
    """
    rate_digits, times_digits, steps, effects = _scaled(plan)
    scale = edge_parts(plan, terms) if scale is None else scale
    unit = TICKS * 10 ** (rate_digits + times_digits) * scale
    amount = _fitting(lines, plan, unit)
    amount = amount if scale == 1 else amount * scale
    first = exact.starts(lines.group)
    times, points, counts = (
        effect[lines.rule + 1] if plan.rules else int(effect[0]) for effect in effects
    )
    if amount.dtype == object and plan.rules:
        times, points = times.astype(object), points.astype(object)
    base = amount * counts if plan.rules else amount
    total = exact.running(base, first, lines.group)
    edges = _edges(plan, terms, len(first), scale)
    edges = edges[:, lines.group] if edges.shape[1] != 1 else edges
    if plan.mode == "marginal":
        pay = (
            exact.increments(_marginal(total, edges, steps), first) * times
        )  # a total of nought pays nothing, so a group's first line adds all
    else:
        pay = exact.increments(
            _reached_rate(total, edges, steps) * exact.running(base * times, first, lines.group),
            first,
        )
    pay = pay + amount * points if plan.rules else pay
    return _limited(pay, total, lines, plan, terms, unit, first, scale), unit


def edge_parts(plan: CommissionPlan, terms: GroupTerms) -> int:
    """Parts of a tick in which every edge of the plan is a whole number in every group."""
    shares = (
        [band.lower for band in plan.tiers] + [plan.threshold] if plan.tiers_of == "quota" else []
    )
    return terms.parts() * math.lcm(1, *(Fraction(part).denominator for part in shares))


def attained_pay(
    lines: CreditedLines,
    plan: CommissionPlan,
    terms: GroupTerms,
    minor: int,
    tiers: tuple[np.ndarray, int] | None = None,
) -> tuple[np.ndarray, int]:
    """Exact increments of the pay for reaching the quota, kept to a millionth of a minor unit; same
    form as ``tier_pay``.

    tiers: what ``tier_pay`` gave for the same lines; the plan's cap holds for both together.
    """
    first = exact.starts(lines.group)
    parts = terms.parts()
    total = exact.times(exact.running(lines.amount, first, lines.group), parts)
    pay = attained(total, terms.share_of(terms.quota, parts)[lines.group], plan, minor)
    if plan.cap is not None:
        taken = (exact.running(tiers[0], first, lines.group), tiers[1]) if tiers else None
        days = terms.days and tuple(each[lines.group] for each in terms.days)
        pay = within_cap(pay, plan, minor, taken, days)
    return exact.increments(pay, first), 10**minor * FINE


def within_cap(
    pay: np.ndarray,
    plan: CommissionPlan,
    minor: int,
    tiers: tuple[np.ndarray, int] | None = None,
    days: tuple[np.ndarray, ...] | None = None,
) -> np.ndarray:
    """Attainment pay (millionths of a minor unit) that the plan's cap leaves room for beside the
    ``tiers``' pay (values, unit of one currency unit). days: in force and of the period, per value.
    """
    most = np.full(len(pay), int(plan.cap * 10**minor * FINE), dtype=object)
    if days is not None:
        most = exact.half_even(most * days[0], days[1].astype(object))
    if tiers is not None:
        most = most - exact.half_even(
            exact.times(tiers[0].astype(object), 10**minor * FINE), tiers[1]
        )
    return np.minimum(pay.astype(object), np.maximum(most, 0)).astype(pay.dtype)


def attained(total: np.ndarray, quota: np.ndarray, plan: CommissionPlan, minor: int) -> np.ndarray:
    """Pay for reaching ``quota`` with ``total`` (both ticks) in millionths of a minor unit; 0 where
    there is no quota.

    Levels are compared in whole numbers. Between levels the quotient is taken in floating point
    where that is exact to far below a
    millionth of a minor unit, else in fractions one by one.
    """
    part, unit = plan.attainment, 10**minor * FINE
    steepest = max(
        [level.pays for level in part.levels]
        + [(b.pays - a.pays) / (b.at - a.at) for a, b in itertools.pairwise(part.levels)]
    )
    if float(steepest * part.target_pay) * unit >= 2**49:
        paid = [
            round(attainment_pay(Decimal(int(t)), plan, Decimal(int(q))) * unit) if q else 0
            for t, q in zip(total, quota, strict=True)
        ]
        return np.array(paid, dtype=object)
    pay = np.zeros(len(total), dtype=np.int64)
    for level, above in itertools.zip_longest(part.levels, part.levels[1:]):
        top, bottom = Fraction(level.at).as_integer_ratio()
        there = (exact.times(total, bottom) >= exact.times(quota, top)).astype(bool) & (quota > 0)
        pay[there] = round(Fraction(level.pays) * Fraction(part.target_pay) * unit)
        if part.between == "interpolated" and above is not None:
            share = total[there].astype(float) / quota[there].astype(float)
            steep = float(
                (above.pays - level.pays) / (above.at - level.at) * part.target_pay * unit
            )
            pay[there] += np.rint((share - float(level.at)) * steep).astype(np.int64)
    return pay


def _scaled(plan: CommissionPlan):
    """Rates and rules of the plan as whole numbers: digits of rates and of times, (first rate,
    steps up), per-rule effects.
    """
    rising = sorted(plan.tiers, key=lambda band: band.lower)
    flat = [rule.rate for rule in plan.rules if rule.rate is not None] + [
        rule.points for rule in plan.rules
    ]
    rate_digits = exact.decimal_places([*(band.rate for band in rising), *flat])
    times_digits = exact.decimal_places([rule.times for rule in plan.rules])
    rates = [exact.scaled(band.rate, rate_digits) for band in rising] or [0]
    one = 10**times_digits
    times, points, counts = [one], [0], [1]
    for rule in plan.rules:
        times.append(0 if rule.rate is not None else exact.scaled(rule.times, times_digits))
        points.append(
            exact.scaled(rule.points if rule.rate is None else rule.rate, rate_digits) * one
        )
        counts.append(int(rule.counts))
    steps = [rates[0], *(high - low for low, high in itertools.pairwise(rates))]
    return (
        rate_digits,
        times_digits,
        steps,
        [np.array(column, dtype=np.int64) for column in (times, points, counts)],
    )


def _fitting(lines: CreditedLines, plan: CommissionPlan, unit: int) -> np.ndarray:
    """Amounts as int64 when every product is sure to fit, else as Python integers."""
    most = sum(abs(int(v)) for v in (lines.amount.max(initial=0), lines.amount.min(initial=0)))
    largest = (
        exact.group_sum(np.abs(lines.amount), exact.starts(lines.group)).max(initial=0)
        if most < exact.SAFE // max(len(lines), 1)
        else most * len(lines)
    )
    steepest = max(
        [
            *(band.rate for band in plan.tiers),
            *(abs(r.points) + (r.rate or 0) + 1 for r in plan.rules),
            Decimal(1),
        ]
    ) * max([r.times for r in plan.rules] + [Decimal(1)])
    fits = int(largest) * int(steepest + 1) * (unit // TICKS) * max(len(plan.tiers), 1) < exact.SAFE
    return lines.amount if fits else lines.amount.astype(object)


def _edges(plan: CommissionPlan, terms: GroupTerms, groups: int, scale: int) -> np.ndarray:
    """Lower edges in ``scale`` parts of a tick, one row per band and one column per group, or a
    single column where all groups have the same.
    """
    rising = sorted(plan.tiers, key=lambda band: band.lower)
    same = plan.tiers_of == "amount" and terms.days is None
    rows = []
    for i, band in enumerate(rising):
        if plan.tiers_of == "quota":
            top, bottom = band.lower.as_integer_ratio()
            edge = terms.share_of(exact.times(terms.quota, top), scale // bottom)
            none_yet = exact.SAFE if i else 0  # no quota yet: first band
            rows.append(np.where(terms.quota > 0, edge, none_yet))
        elif same:
            rows.append(np.array([int(band.lower * TICKS) * scale]))
        else:
            ticks = np.full(groups, int(band.lower * TICKS), dtype=np.int64)
            rows.append(terms.share_of(ticks, scale))
    return np.stack(rows) if rows else np.zeros((1, 1 if same else groups), dtype=np.int64)


def _narrow(values: np.ndarray) -> np.ndarray:
    """Python integers as int64 where all fit."""
    if max((abs(int(v)) for v in values), default=0) < exact.SAFE:
        return values.astype(np.int64)
    return values


def _marginal(total: np.ndarray, edges: np.ndarray, steps: list[int]) -> np.ndarray:
    """Σ (rateᵢ − rateᵢ₋₁) × the amount above edge i; the first band also takes amounts below 0."""
    pay = total * steps[0]
    for edge, step in zip(edges[1:], steps[1:], strict=False):
        pay = pay + step * np.maximum(total - edge, 0)
    return pay


def _reached_rate(total: np.ndarray, edges: np.ndarray, steps: list[int]) -> np.ndarray:
    rate = np.full(len(total), steps[0], dtype=total.dtype)
    for edge, step in zip(edges[1:], steps[1:], strict=False):
        rate = rate + step * (total > edge).astype(np.int64)
    return rate


def _limited(
    pay,
    total,
    lines: CreditedLines,
    plan: CommissionPlan,
    terms: GroupTerms,
    unit: int,
    first: np.ndarray,
    scale: int,
) -> np.ndarray:
    """Threshold and cap of the period, applied to the cumulative pay so that lines still add up to
    it.
    """
    if not plan.threshold and plan.cap is None:
        return pay
    cumulative = exact.running(pay, first, lines.group)
    if plan.threshold:
        top, bottom = Fraction(plan.threshold).as_integer_ratio()
        least = exact.times(terms.share_of(terms.quota, scale), top)[lines.group]
        cumulative = np.where(exact.times(total, bottom) >= least, cumulative, 0)
    if plan.cap is not None:
        each = int(plan.cap * (unit // scale))
        ticks = np.full(len(first), each, dtype=np.int64 if each < exact.SAFE else object)
        most = terms.share_of(ticks, scale)
        cumulative = np.minimum(cumulative, most[lines.group])
    return exact.increments(cumulative, first)
