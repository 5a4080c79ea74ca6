"""Tiers as a function of the amount: what they pay in all, where they jump, and how far the next
one is.

Bands are ``(lower, upper]``. Marginal tiers pay each band's rate on the part of the amount inside
it; whole-amount tiers pay the
reached band's rate on everything. Vendors' words contradict each other ("cumulative" means both),
so they are not used here.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction
from typing import Any

import numpy as np

from playbook.base.settings.plan_parts import Band
from playbook.base.settings.plans import CommissionPlan
from playbook.data.measures.credits import TICKS

from .attained import level_pay, level_slopes
from .bands import reaches_back, rising
from .engine import tier_pay
from .terms import CreditedLines, GroupTerms


@dataclass(frozen=True)
class Cliff:
    """One unit more than ``at`` [currency] lifts pay by ``jump`` [currency] at once."""

    at: Decimal
    jump: Decimal
    plan: str


def bands(plan: CommissionPlan, quota: Decimal | None = None) -> list[Band]:
    """The plan's bands in money, rising; edges that are shares of the quota are multiplied out.

    Raises ValueError when edges are shares and no quota is given.
    """
    rising = sorted(plan.tiers, key=lambda band: band.lower)
    if plan.tiers_of == "amount":
        return rising
    if quota is None:
        raise ValueError(f"plan '{plan.name}' counts bands in shares of a quota; none is given")
    return [
        Band(
            lower=band.lower * quota,
            upper=None if band.upper is None else band.upper * quota,
            rate=band.rate,
        )
        for band in rising
    ]


def stretched(tiers: Sequence[Band], share: Fraction) -> list[Band]:
    """Bands of a period in which the plan is in force for ``share`` of it: every edge is that part
    of itself, to 28 digits.
    """

    def part(edge: Decimal | None) -> Decimal | None:
        return None if edge is None else edge * share.numerator / share.denominator

    return [
        band.model_copy(update={"lower": part(band.lower), "upper": part(band.upper)})
        for band in sorted(tiers, key=lambda band: band.lower)
    ]


def payout(
    amount: Decimal | int | str, plan: CommissionPlan, quota: Decimal | None = None
) -> Decimal:
    """Pay of a whole period with ``amount`` in the tiers alone, exact and not rounded [currency].

    A negative amount is owed back at the first band's rate.

    Examples
    --------
    8/10/12 % at 1m and 2m: ``payout(2_500_000, plan)`` is 240,000 marginal and 300,000 whole.
    """
    if not plan.tiers:
        return Decimal(0)
    if plan.tiers_of == "quota" and quota is None:
        raise ValueError(f"plan '{plan.name}' counts bands in shares of a quota; none is given")
    plain: dict[str, Any] = {
        "threshold": Decimal(0),
        "cap": None,
        "deal_cap": None,
        "deal_floor": Decimal(0),
        "gate": None,
        "modifier": [],
        "rules": [],
    }
    ticks, parts = Fraction(Decimal(amount)) * TICKS, Fraction(quota or 0) * TICKS
    scale = math.lcm(ticks.denominator, parts.denominator)  # sums finer than a tick stay exact
    line = CreditedLines(
        np.zeros(1, dtype=np.int64),
        np.array([int(ticks * scale)], dtype=object),
        np.array([-1]),
    )
    terms = GroupTerms(np.array([int(parts * scale)], dtype=object))
    pay, unit = tier_pay(line, _finer(plan.model_copy(update=plain), scale), terms)
    return as_decimal(Fraction(int(pay[0]), unit * scale))


def _finer(plan: CommissionPlan, scale: int) -> CommissionPlan:
    """The plan with edges in money counted in ``scale`` parts."""
    if scale == 1 or plan.tiers_of == "quota":
        return plan
    edges = [
        band.model_copy(
            update={
                "lower": band.lower * scale,
                "upper": None if band.upper is None else band.upper * scale,
                "pays": None if band.pays is None else band.pays * scale,
            }
        )
        for band in plan.tiers
    ]
    return plan.model_copy(update={"tiers": edges})


def as_decimal(value: Fraction) -> Decimal:
    """A fraction to 28 digits."""
    return Decimal(value.numerator) / Decimal(value.denominator)


def reached(amount: Decimal, steps: list[Band]) -> Band:
    """The band ``amount`` lies in: above its lower edge, up to and including its upper."""
    return next((band for band in reversed(steps) if amount > band.lower), steps[0])


def cliffs(plan: CommissionPlan, quota: Decimal | None = None) -> list[Cliff]:
    """Every place where pay jumps: whole-amount edges, thresholds, and stepped attainment levels
    (at the quota given, else 1).
    """
    found = []
    if plan.tiers and (plan.tiers_of == "amount" or quota is not None):
        steps = bands(plan, quota)
        for band, high in zip(rising(plan)[1:], steps[1:], strict=True):
            if reaches_back(plan, band):  # its rate on all of the edge, less what was paid there
                jump = as_decimal(band.share * Fraction(high.lower)) - payout(
                    high.lower, plan, quota
                )
                found += [Cliff(high.lower, jump, plan.name)] if jump else []
    if quota is not None and plan.threshold:
        edge = plan.threshold * quota
        found.append(Cliff(edge, payout(edge, plan, quota), plan.name))
    if quota is not None and plan.attainment:
        found += _level_cliffs(plan, quota)
    return sorted(found, key=lambda cliff: cliff.at)


def _level_cliffs(plan: CommissionPlan, quota: Decimal) -> list[Cliff]:
    assert plan.attainment is not None
    levels = plan.attainment.levels
    steps = levels[:1] if plan.attainment.between == "interpolated" else levels
    paid = [Decimal(0), *(level.pays for level in levels)]
    return [
        Cliff(level.at * quota, (level.pays - before) * plan.attainment.target_pay, plan.name)
        for level, before in zip(steps, paid, strict=False)
        if level.pays != before
    ]


def next_edge(amount: Decimal, steps: list[Band]) -> Band | None:
    """The band that begins above ``amount``; None in the last one."""
    return next((band for band in steps if band.lower >= amount and band.lower > 0), None)


def attainment_pay(amount: Decimal, plan: CommissionPlan, quota: Decimal) -> Fraction:
    """Pay for reaching the quota, exact [currency]: nothing below the first level, no more above
    the last.
    """
    part = plan.attainment
    assert part is not None
    slopes = level_slopes(part.levels, part.between == "interpolated", Fraction(part.above))
    share = Fraction(amount) / Fraction(quota)
    return level_pay(share, part.levels, slopes) * Fraction(part.target_pay)


def to_money(exact: Fraction | Decimal, minor_digits: int = 2) -> Decimal:
    """Rounded half-even to the currency's minor unit."""
    exact = Fraction(exact)
    scaled = round(exact * 10**minor_digits)  # Fraction rounds half to even
    return (
        Decimal(scaled)
        .scaleb(-minor_digits)
        .quantize(Decimal(1).scaleb(-minor_digits), rounding=ROUND_HALF_EVEN)
    )
