"""Pay for reaching quotas: levels of one or more measures, weights, gates and the matrix."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from playbook.base.settings.plan_quota import AttainmentLevel
from playbook.base.settings.plans import CommissionPlan
from playbook.methods import exact

from .bands import rates_of
from .limits import gate_open, measured, quota_of_measure
from .terms import CreditedLines, GroupTerms, narrow


@dataclass(frozen=True)
class Reached:
    """One measure of the attainment at each line.

    name: of the measure, empty where the attainment names none. of: what it counts. total: running
    total after the line [ticks, of pieces and customers 1/10,000]; own: what the line adds to it.
    quota: of a full period, the same unit; 0 for none.
    """

    name: str
    of: str
    total: np.ndarray
    own: np.ndarray
    quota: np.ndarray

    @property
    def before(self) -> np.ndarray:
        return self.total - self.own


FINE = 10**6  # parts of a minor unit in which quotients (attainment between levels) are kept


def attained_pay(
    lines: CreditedLines,
    plan: CommissionPlan,
    terms: GroupTerms,
    minor: int,
    tiers: tuple[np.ndarray, int] | None = None,
) -> list[tuple[str, np.ndarray, int]]:
    """(item, exact increments, units in one currency unit) of the pay for reaching the quota, one
    entry per measure, kept to a millionth of a minor unit.

    tiers: what ``tier_pay`` gave for the same lines; the plan's cap holds for all together.
    """
    if plan.attainment is None:
        return []
    lines = _attaining(lines, plan)
    first = exact.starts(lines.group)
    unit = 10**minor * FINE
    made = []
    taken = tiers and (exact.running(tiers[0], first, lines.group), tiers[1])
    days = terms.days and tuple(each[lines.group] for each in terms.days)
    for item, pay in _measures(lines, plan, terms, first, minor):
        for here, length in _shares(plan, terms):
            part, whole = here[lines.group].astype(object), length[lines.group].astype(object)
            pay = narrow(exact.half_even(pay.astype(object) * part, whole))
        if plan.cap_of_tiers is not None:
            pay = within_cap(pay, plan, minor, taken or None, days or None)
            taken = _both(taken, pay, unit) if taken else (pay, unit)
        made.append((item, exact.increments(pay, first), unit))
    return made


def _shares(plan: CommissionPlan, terms: GroupTerms) -> list[tuple[np.ndarray, np.ndarray]]:
    """Parts of a period, (days, of days) per group, that the target pay is for: those in force, and
    those on board. Days on board count only where the plan is in force, so one part says both.
    """
    part = plan.attainment
    by_days = terms.present is not None and part is not None and part.presence == "pro_rata"
    return [one for one in (None if by_days else terms.days, terms.present) if one is not None]


def reached_by(
    lines: CreditedLines, plan: CommissionPlan, terms: GroupTerms
) -> dict[str, list[Reached]]:
    """Item of ``attained_pay`` → the measures it looks at, its own first."""
    part = plan.attainment
    if part is None:
        return {}
    lines, found = _attaining(lines, plan), {}
    first = exact.starts(lines.group)
    for one in part.measures:
        total, _, _ = measured(one.name, lines, plan, terms, first)
        values = lines.amount if one.of == "revenue" else (lines.more or {})[one.counted]
        quota = quota_of_measure(one, terms, first)[lines.group]
        found[one.name] = Reached(one.name, one.of, total, values, quota)
    if part.matrix:
        return {"attainment": [found[part.matrix.rows], found[part.matrix.columns]]}
    if not part.measures:
        total = exact.running(lines.amount, first, lines.group)
        quota = (terms.quota if terms.quota is not None else np.zeros(len(first), dtype=np.int64))[
            lines.group
        ]
        return {"attainment": [Reached("", "revenue", total, lines.amount, quota)]}
    made = {}
    for one in part.measures:
        gates = [found[one.gate.measure]] if one.gate else []
        made[f"attainment: {one.name}"] = [found[one.name], *gates]
    return made


def _attaining(lines: CreditedLines, plan: CommissionPlan) -> CreditedLines:
    """The lines with amounts 0 where they do not count towards quotas."""
    if not len(lines) or lines.rule.max() < len(plan.rules):
        return lines
    counts = np.array(rates_of(plan).attains, dtype=np.int64)[lines.rule + 1]
    more = {name: values * counts for name, values in (lines.more or {}).items()}
    return CreditedLines(lines.group, lines.amount * counts, lines.rule, lines.deal, more)


def _measures(
    lines: CreditedLines, plan: CommissionPlan, terms: GroupTerms, first: np.ndarray, minor: int
) -> list[tuple[str, np.ndarray]]:
    """(item, cumulative pay in millionths of a minor unit) of each measure."""
    part = plan.attainment
    assert part is not None
    target = Fraction(part.target_pay)
    if not part.measures:
        parts = terms.parts()
        total = exact.times(exact.running(lines.amount, first, lines.group), parts)
        quota = terms.share_of(terms.quota, parts)[lines.group]
        return [("attainment", attained(total, quota, plan, minor))]
    if part.matrix:
        return [("attainment", _by_matrix(lines, plan, terms, first, minor))]
    made = []
    for one in part.measures:
        total, quota, parts = measured(one.name, lines, plan, terms, first)
        pay = attained(
            exact.times(total, parts),
            quota,
            plan,
            minor,
            levels=one.levels or part.levels,
            target=target * Fraction(one.weight),
        )
        if one.gate:
            pay = np.where(gate_open(one.gate, lines, plan, terms, first), pay, 0)
        made.append((f"attainment: {one.name}", pay))
    return made


def _by_matrix(
    lines: CreditedLines, plan: CommissionPlan, terms: GroupTerms, first: np.ndarray, minor: int
) -> np.ndarray:
    part = plan.attainment
    assert part is not None and part.matrix is not None
    cell = []
    for name, edges in (
        (part.matrix.rows, part.matrix.rows_at),
        (part.matrix.columns, part.matrix.columns_at),
    ):
        total, quota, parts = measured(name, lines, plan, terms, first)
        at = np.zeros(len(lines), dtype=np.int64)
        for edge in edges:
            top, bottom = Fraction(edge).as_integer_ratio()
            there = exact.times(total, bottom * parts) >= exact.times(quota, top)
            at += (there.astype(bool) & (quota > 0)).astype(np.int64)
        cell.append(at)
    worth = np.zeros((len(part.matrix.rows_at) + 1, len(part.matrix.columns_at) + 1), dtype=object)
    for i, row in enumerate(part.matrix.pays):
        for j, share in enumerate(row):
            worth[i + 1, j + 1] = round(
                Fraction(share) * Fraction(part.target_pay) * 10**minor * FINE
            )
    paid = worth[cell[0], cell[1]]
    most = max(int(v) for v in worth.ravel())
    return paid.astype(np.int64) if most < exact.SAFE else paid


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
    assert plan.cap is not None
    unit = 10**minor * FINE
    cap = int(plan.cap * unit)
    if days is None:
        most = np.full(len(pay), cap, dtype=np.int64 if cap < exact.SAFE else object)
    else:  # few different parts of a period
        pairs, at = np.unique(np.stack(days), axis=1, return_inverse=True)
        each = [round(Fraction(cap * int(a), int(b))) for a, b in pairs.T]
        most = narrow(np.array(each, dtype=object))[at.ravel()]
    if tiers is not None:
        same = Fraction(unit, tiers[1])
        held = exact.times(tiers[0], same.numerator)
        most = most - (held if same.denominator == 1 else exact.half_even(held, same.denominator))
    return np.minimum(pay, np.maximum(most, 0)).astype(pay.dtype)


def _both(taken: tuple[np.ndarray, int], pay: np.ndarray, unit: int) -> tuple[np.ndarray, int]:
    """Two cumulative pays in one unit, exact."""
    whole = math.lcm(taken[1], unit)
    both = exact.times(taken[0], whole // taken[1]) + exact.times(pay, whole // unit)
    return both, whole


def attained(
    total: np.ndarray,
    quota: np.ndarray,
    plan: CommissionPlan,
    minor: int,
    levels: Sequence[AttainmentLevel] = (),
    target: Fraction | None = None,
) -> np.ndarray:
    """Pay for reaching ``quota`` with ``total`` (in the same unit) in millionths of a minor unit; 0
    where there is no quota. levels, target: of one measure; default: of the attainment.

    Levels are compared in whole numbers. Between levels the quotient is taken in floating point
    where that is exact to far below a millionth of a minor unit, else in fractions one by one.
    """
    part, unit = plan.attainment, 10**minor * FINE
    assert part is not None
    levels = levels or part.levels
    target = Fraction(part.target_pay) if target is None else target
    slopes = level_slopes(levels, part.between == "interpolated", Fraction(part.above))
    known = quota > 0
    widest = float((total[known].astype(float) / quota[known].astype(float)).max(initial=1.0))
    steepest = max([*(Fraction(level.pays) for level in levels), *slopes])
    if float(steepest * target) * unit * max(widest, 1.0) >= 2**49:
        paid = [
            round(level_pay(Fraction(int(t), int(q)), levels, slopes) * target * unit) if q else 0
            for t, q in zip(total, quota, strict=True)
        ]
        return np.array(paid, dtype=object)
    pay = np.zeros(len(total), dtype=np.int64)
    for level, slope in zip(levels, slopes, strict=True):
        top, bottom = Fraction(level.at).as_integer_ratio()
        there = (exact.times(total, bottom) >= exact.times(quota, top)).astype(bool) & known
        pay[there] = round(Fraction(level.pays) * target * unit)
        if slope:
            share = total[there].astype(float) / quota[there].astype(float)
            steep = float(slope * target * unit)
            pay[there] += np.rint((share - float(level.at)) * steep).astype(np.int64)
    return pay


def level_slopes(levels: Sequence[AttainmentLevel], even: bool, above: Fraction) -> list[Fraction]:
    """What each part of the quota adds from each level on to the next, and beyond the last."""
    between = [
        (Fraction(b.pays) - Fraction(a.pays)) / (Fraction(b.at) - Fraction(a.at))
        if even
        else Fraction(0)
        for a, b in itertools.pairwise(levels)
    ]
    return [*between, above]


def level_pay(
    share: Fraction, levels: Sequence[AttainmentLevel], slopes: Sequence[Fraction]
) -> Fraction:
    """Share of the target pay for a share of the quota, exact; nothing below the first level."""
    found = Fraction(0)
    for level, slope in zip(levels, slopes, strict=True):
        if share >= Fraction(level.at):
            found = Fraction(level.pays) + slope * (share - Fraction(level.at))
    return found
