"""A commission plan as data: what playbook.toml may say about pay. The arithmetic is in
``playbook.pay``.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationInfo, field_validator, model_validator

from .plan_parts import (
    AttainmentPay,
    Award,
    Band,
    Draw,
    Money,
    Part,
    RateRule,
    Split,
    is_part,
    is_share,
)


class CommissionPlan(Part):
    """Tiers, what they add up over, on which amounts, and what else pays."""

    name: str = Field(description="how statements and settings call the plan", min_length=1)
    tiers: list[Band] = Field([], description="bands that start at 0 and leave no gap")
    tiers_of: Literal["amount", "quota"] = Field(
        "amount", description="whether band edges are money or shares of the rep's quota"
    )
    mode: Literal["marginal", "whole"] = Field(
        "marginal", description="each band at its own rate, or the reached rate on everything"
    )
    accumulate: Literal["deal", "month", "quarter", "year"] = Field(
        "quarter", description="what the tiers add up over"
    )
    basis: Literal["bookings", "cash"] = Field(
        "bookings", description="booked amounts, or amounts paid"
    )
    starts: date = Field(
        None,
        validate_default=True,
        description="first day the plan is in force; every plan says it",
    )
    ends: date | None = Field(None, description="last day the plan is in force")
    replaces: str = Field(
        "", description="plan in force before `starts`; empty = the one that ends the day before"
    )
    compare_only: bool = Field(
        False, description="whether the plan is only compared with others and never in force"
    )
    prorate: bool = Field(
        True, description="shorten bands and quota when the plan covers only part of a period"
    )
    quota: Money | None = Field(
        None, gt=0, description="quota of a period where targets give none [currency]"
    )
    quotas: dict[str, Money] = Field(
        {}, description="quota of a period by rep, over the targets table [currency]"
    )
    ramp: list[Annotated[Decimal, Field(ge=0)]] = Field(
        [],
        description=(
            "quota share in a new hire's first, second … month; later months count in full [share]"
        ),
    )
    threshold: Decimal = Field(
        Decimal(0),
        ge=0,
        description="attainment below which the tiers pay nothing [share of the quota]",
    )
    cap: Money | None = Field(
        None,
        gt=0,
        description="most the tiers and attainment of a period can pay together [currency]",
    )
    floor: Money = Field(
        Decimal(0), description="least a period pays someone on board in it [currency]"
    )
    rules: list[RateRule] = Field(
        [], description="other rates by product, kind, customer; the first that matches holds"
    )
    attainment: AttainmentPay | None = Field(None, description="pay for reaching the quota")
    splits: list[Split] = Field([], description="who shares the credit of an order; adds up to 1")
    manager_rate: Decimal = Field(
        Decimal(0), ge=0, description="what a manager earns on the credit of direct reports [share]"
    )
    awards: list[Award] = Field([], description="money for events")
    draw: Draw | None = Field(None, description="money in advance")

    _share = field_validator("manager_rate")(is_share)
    _part = field_validator("threshold")(is_part)

    @property
    def needs_quota(self) -> bool:
        return self.attainment is not None or self.tiers_of == "quota" or self.threshold > 0

    @field_validator("starts", mode="before")
    @classmethod
    def _dated(cls, starts: Any, info: ValidationInfo) -> Any:
        if starts is None:
            raise ValueError(
                f"plan '{info.data.get('name', '')}' has no date, and no one knows when it holds:"
                " give the first day it is in force, starts = 2023-01-01"
            )
        return starts

    @field_validator("ramp")
    @classmethod
    def _ramp_of_shares(cls, ramp: list[Decimal]) -> list[Decimal]:
        return [is_share(share) for share in ramp]

    @field_validator("tiers")
    @classmethod
    def _bands_partition(cls, tiers: list[Band], info: ValidationInfo) -> list[Band]:
        bands = sorted(tiers, key=lambda band: band.lower)
        where = f"plan '{info.data.get('name', '')}', tiers"
        for band in bands:
            if band.upper is not None and band.upper <= band.lower:
                raise ValueError(
                    f"{where}: the band from {band.lower} ends at {band.upper},"
                    f" {'where' if band.upper == band.lower else 'before'} it starts"
                )
        if bands and bands[0].lower != 0:
            raise ValueError(
                f"{where}: the first band starts at {bands[0].lower}, not at 0, and below it"
                " nothing would be paid"
            )
        for low, high in itertools.pairwise(bands):
            if low.upper is None or low.upper > high.lower:
                raise ValueError(
                    f"{where}: the band from {low.lower} overlaps the band from {high.lower}"
                )
            if low.upper < high.lower:
                raise ValueError(
                    f"{where}: nothing is said between {low.upper} and {high.lower}; a deal there"
                    " would pay nothing"
                )
        if bands and bands[-1].upper is not None:
            raise ValueError(
                f"{where}: nothing is said above {bands[-1].upper}; leave the last upper out"
            )
        return tiers

    @field_validator("splits")
    @classmethod
    def _splits_add_up(cls, splits: list[Split], info: ValidationInfo) -> list[Split]:
        where = f"plan '{info.data.get('name', '')}', splits"
        total = sum((split.share for split in splits), Decimal(0))
        if splits and total != 1:
            raise ValueError(
                f"{where}: they add up to {(total * 100).normalize():f} %, not to 100 %"
            )
        if len({split.to for split in splits}) < len(splits):
            raise ValueError(f"{where}: an owner is named twice")
        return splits

    @field_validator("rules", "awards")
    @classmethod
    def _named_once(cls, parts: list, info: ValidationInfo) -> list:
        names = [part.name for part in parts]
        if len(set(names)) < len(names):
            raise ValueError(
                f"plan '{info.data.get('name', '')}', {info.field_name}: two are called"
                f" {next(n for n in names if names.count(n) > 1)!r}"
            )
        return parts

    @model_validator(mode="after")
    def _pays_something(self) -> CommissionPlan:
        if not self.tiers and self.attainment is None and not self.awards:
            raise ValueError(
                f"plan '{self.name}' pays for nothing: give tiers, attainment or awards"
            )
        if self.accumulate == "deal" and self.needs_quota:
            raise ValueError(
                f"plan '{self.name}': a quota belongs to a period; accumulate over a month, a"
                " quarter or a year"
            )
        if self.cap is not None and self.floor > self.cap:
            raise ValueError(
                f"plan '{self.name}': the floor of {self.floor} is above the cap of {self.cap}"
            )
        return self

    @model_validator(mode="after")
    def _no_rate_below_nothing(self) -> CommissionPlan:
        least = min((band.rate for band in self.tiers), default=Decimal(0))
        for rule in self.rules:
            if rule.points < 0 and least + rule.points < 0:
                raise ValueError(
                    f"plan '{self.name}', rule '{rule.name}': {rule.points * 100} points on the"
                    f" band of {least * 100} % would pay less than nothing"
                )
        return self

    @model_validator(mode="after")
    def _days_in_order(self) -> CommissionPlan:
        if self.ends and self.ends < self.starts:
            raise ValueError(
                f"plan '{self.name}' ends on {self.ends}, before it starts on {self.starts}"
            )
        return self


def plan_mistakes(
    plans: Sequence[CommissionPlan], names: Sequence[tuple[str, str]], tiers: Sequence[str] = ()
) -> str:
    """Everything wrong between plans, one sentence each, joined by ``; ``; empty when nothing.

    Names used twice, naming (setting, plan) pairs that do not exist, a plan replacing itself or a
    later one, a rule for a value tier that is not one of ``tiers``, and days that two plans cover,
    or none between the first plan's start and the last one's end.
    """
    known = {plan.name: plan for plan in plans}
    all_names = [plan.name for plan in plans]
    twice = sorted({name for name in all_names if all_names.count(name) > 1})
    found = [f"two commission plans are called {name!r}" for name in twice]
    for setting, name in [*names, *((f"{plan.name}.replaces", plan.replaces) for plan in plans)]:
        if name and name not in known:
            found.append(
                f"{setting} = {name!r} is no commission plan; there are:"
                f" {', '.join(known) or 'none'}"
            )
    for plan, rule in ((one, rule) for one in plans for rule in one.rules):
        if unknown := [tier for tier in rule.customer_tier if tier not in tiers]:
            found.append(
                f"plan '{plan.name}', rule '{rule.name}': customer_tier {unknown[0]!r} is no value"
                f" tier of segments.tiers; there are: {', '.join(tiers)}"
            )
    for plan in plans:
        old = known.get(plan.replaces)
        if old and old.starts >= plan.starts:
            found.append(
                f"plan '{plan.name}' starts on {plan.starts} and cannot replace '{plan.replaces}',"
                f" which starts on {old.starts}"
            )
        if old and (old.compare_only or plan.compare_only):
            only = old.name if old.compare_only else plan.name
            found.append(
                f"plan '{plan.name}' replaces '{old.name}', but '{only}' is compare_only and never"
                " in force"
            )
    return "; ".join(found or _uncovered(plans))


def in_force_days(
    plans: Sequence[CommissionPlan],
) -> list[tuple[date, date | None, CommissionPlan]]:
    """(first day, last day or None for no end, plan) of every plan in force, by first day. A plan
    ends where the next that replaces it starts.
    """
    made = []
    for plan in plans:
        if plan.compare_only:
            continue
        follow = [one.starts for one in plans if one.replaces == plan.name]
        ends = [start - timedelta(days=1) for start in follow] + ([plan.ends] if plan.ends else [])
        made.append((plan.starts, min(ends, default=None), plan))
    return sorted(made, key=lambda one: (one[0], one[2].name))


def _uncovered(plans: Sequence[CommissionPlan]) -> list[str]:
    """Days that two plans in force cover, and days between them that none does."""
    found, spans = [], in_force_days(plans)
    for number, (first, last, plan) in enumerate(spans):
        for start, end, other in spans[number + 1 :]:
            if last is None or start <= last:
                to = min((day for day in (last, end) if day), default=None)
                span = f"{start} to {to}" if to else f"every day from {start} on"
                eve = start - timedelta(days=1)
                apart = (
                    f"give '{plan.name}' ends = {eve}, or '{other.name}' replaces ="
                    f' "{plan.name}", or '
                )
                found.append(
                    f"plans '{plan.name}' and '{other.name}' both cover {span}:"
                    f" {apart if start > first else ''}mark the one that is only compared with"
                    " compare_only = true"
                )
    reached = spans[0][1] if spans else None
    for first, last, plan in spans[1:]:
        if reached is None:
            break
        if first > reached + timedelta(days=1):
            found.append(
                f"no plan covers {reached + timedelta(days=1)} to {first - timedelta(days=1)},"
                f" before plan '{plan.name}' starts; orders of those days would pay nothing"
            )
        reached = None if last is None else max(reached, last)
    return found


def plan_named(plans: Sequence[CommissionPlan], name: str) -> CommissionPlan:
    """The plan called ``name``."""
    return next(plan for plan in plans if plan.name == name)


def plan_before(plan: CommissionPlan, plans: Sequence[CommissionPlan]) -> CommissionPlan | None:
    """The plan in force until the day before ``plan`` starts: the one it replaces, else the one
    that ends on that day.
    """
    if plan.replaces:
        return plan_named(plans, plan.replaces)
    eve = plan.starts - timedelta(days=1)
    return next((one for one in plans if one.ends == eve and not one.compare_only), None)
