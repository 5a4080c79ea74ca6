"""What one commission plan is refused for: nothing to pay, limits that contradict each other, rates
below nothing, days the wrong way round. What must hold between plans is in ``plan_checks``.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from decimal import Decimal

from playbook.base.formats import joined
from playbook.base.language import say

from .plan_fields import PlanFields


def own_mistakes(plan: PlanFields) -> list[str]:
    """Everything of the plan that contradicts itself, a sentence each; empty when nothing does."""
    return [*_pays_nothing(plan), *_limits(plan), *_rates(plan), *_days(plan)]


def _pays_nothing(plan: PlanFields) -> Iterator[str]:
    """What is missing for the plan to pay, or cannot be told."""
    name = plan.name
    if not plan.tiers and plan.attainment is None and not plan.awards:
        yield say(
            "plan '{plan}' pays for nothing: give tiers, attainment or awards",
            plan=name,
        )
    if plan.accumulate == "deal" and (plan.needs_quota or plan.attainment):
        yield say(
            "plan '{plan}': a quota belongs to a period; accumulate over a month, a quarter or a"
            " year",
            plan=name,
        )
    yield from _gate(plan)
    if any(high.at <= low.at for low, high in itertools.pairwise(plan.modifier)):
        yield say("plan '{plan}': the modifier's steps must rise", plan=name)
    if any(band.pays is not None for band in plan.tiers) and plan.tiers_of == "quota":
        yield say(
            "plan '{plan}': bands that pay money need edges in money, not in quotas", plan=name
        )
    if plan.ramp_first == "days" and not plan.ramp:
        yield say("plan '{plan}': ramp_first = 'days' needs a ramp", plan=name)


def _gate(plan: PlanFields) -> Iterator[str]:
    names = [one.name for one in plan.attainment.measures] if plan.attainment else []
    if plan.gate is None or plan.gate.measure in names:
        return
    if names:
        yield say(
            "plan '{plan}', gate: '{measure}' is no measure of the attainment; there are: {names}",
            plan=plan.name,
            measure=plan.gate.measure,
            names=joined(names),
        )
    else:
        yield say(
            "plan '{plan}', gate: '{measure}' is no measure of the attainment; there are none",
            plan=plan.name,
            measure=plan.gate.measure,
        )


def _limits(plan: PlanFields) -> Iterator[str]:
    """Limits that contradict each other."""
    name = plan.name
    if plan.deal_cap is not None and plan.deal_floor > plan.deal_cap:
        yield say(
            "plan '{plan}': the deal_floor of {floor} is above the deal_cap of {cap}",
            plan=name,
            floor=plan.deal_floor,
            cap=plan.deal_cap,
        )
    if (plan.deal_cap is not None or plan.deal_floor) and (
        plan.mode == "whole" or any(band.retroactive for band in plan.tiers)
    ):
        yield say(
            "plan '{plan}': a deal's limit needs bands that do not reach back, for those move the"
            " pay of other deals",
            plan=name,
        )
    if plan.excess == "later" and plan.cap is None:
        yield say("plan '{plan}': excess = 'later' needs a cap", plan=name)
    if plan.excess == "later" and plan.accumulate == "deal":
        yield say("plan '{plan}': a deal has no later period to pay its excess in", plan=name)
    if plan.change == "carry" and plan.tiers_of == "quota" and plan.prorate:
        yield say(
            "plan '{plan}': change = 'carry' goes on from the total reached, and bands of a part"
            " of the quota do not: set prorate = false",
            plan=name,
        )
    if plan.cap is not None and plan.floor > plan.cap:
        yield say(
            "plan '{plan}': the floor of {floor} is above the cap of {cap}",
            plan=name,
            floor=plan.floor,
            cap=plan.cap,
        )


def _rates(plan: PlanFields) -> Iterator[str]:
    """Rules that would pay less than nothing."""
    least = min((Decimal(band.rate) for band in plan.tiers), default=Decimal(0))
    for rule in plan.rules:
        if rule.points < 0 and least + rule.points < 0:
            yield say(
                "plan '{plan}', rule '{rule}': {points} points on the band of {rate} % would pay"
                " less than nothing",
                plan=plan.name,
                rule=rule.name,
                points=rule.points * 100,
                rate=least * 100,
            )


def _days(plan: PlanFields) -> Iterator[str]:
    if plan.ends and plan.ends < plan.starts:
        yield say(
            "plan '{plan}' ends on {ends}, before it starts on {starts}",
            plan=plan.name,
            ends=plan.ends,
            starts=plan.starts,
        )
    for rule in plan.rules:
        if rule.starts and plan.ends and rule.starts > plan.ends:
            yield say(
                "plan '{plan}', rule '{rule}': starts on {starts}, after the plan ends",
                plan=plan.name,
                rule=rule.name,
                starts=rule.starts,
            )
        if rule.ends and rule.ends < plan.starts:
            yield say(
                "plan '{plan}', rule '{rule}': ends on {ends}, before the plan starts",
                plan=plan.name,
                rule=rule.name,
                ends=rule.ends,
            )
