"""A commission plan as data: what playbook.toml may say about pay. The arithmetic is in
``playbook.pay``.
"""

from __future__ import annotations

import itertools
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationInfo, field_validator, model_validator

from playbook.base.language import say

from .plan_bands import NO_DATE, partition
from .plan_parts import Award, Band, Money, Part, RateRule, Split, is_part, is_share
from .plan_quota import AttainmentPay, Gate, ModifierStep, QuotaFrom, Relief
from .plan_terms import Draw, Leaving, Negative, Refunds


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
    roles: list[str] = Field([], description="roles it holds for, beside its teams and reps")
    teams: list[str] = Field([], description="teams it holds for; none of the three = everybody")
    reps: list[str] = Field([], description="rep_ids it holds for")
    prorate: bool = Field(
        True, description="shorten bands and quota when the plan covers only part of a period"
    )
    prorate_by: Literal["days", "months"] = Field(
        "days", description="how a part of a period is counted; a month begun counts in full"
    )
    change: Literal["prorate", "carry"] = Field(
        "prorate",
        description=(
            "a plan that starts inside a period: prorate = its tiers start at 0, with its part of"
            " the bands where `prorate` says so; carry = they go on from the total reached before"
        ),
    )
    quota: Money | None = Field(
        None, gt=0, description="quota of a period where targets give none [currency]"
    )
    quotas: dict[str, Money] = Field(
        {}, description="quota of a period by rep, over the targets table [currency]"
    )
    quota_from: list[QuotaFrom] = Field([], description="quotas that hold from a day on")
    relief: list[Relief] = Field([], description="days on which a quota is let off, and why")
    ramp_first: Literal["month", "days"] = Field(
        "month", description="whether the month of hiring counts whole, or its days from hiring on"
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
    threshold_from: Literal["first", "excess"] = Field(
        "first",
        description="whether reaching the threshold pays from the first unit or only what is above",
    )
    gate: Gate | None = Field(
        None, description="measure of the attainment that must be reached before the tiers pay"
    )
    modifier: list[ModifierStep] = Field(
        [], description="factors on the tiers' pay by the margin of the period; below the first 0"
    )
    cap: Money | None = Field(
        None,
        gt=0,
        description="most the tiers and attainment of a period can pay together [currency]",
    )
    cap_year: Money | None = Field(
        None, gt=0, description="most that orders of a fiscal year can pay [currency]"
    )
    excess: Literal["lost", "later"] = Field(
        "lost", description="whether what the period's cap keeps back is lost or paid later"
    )
    deal_cap: Money | None = Field(
        None, gt=0, description="most that one deal pays a person from the tiers [currency]"
    )
    deal_floor: Money = Field(
        Decimal(0), description="least that one deal pays a person from the tiers [currency]"
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
    manager_rates: list[Annotated[Decimal, Field(ge=0, le=1)]] = Field(
        [], description="the same for the manager's manager, and so on upwards [share]"
    )
    booking_share: Decimal = Field(
        Decimal(1),
        ge=0,
        le=1,
        description="part of an order's pay at booking; the rest follows as it is paid [share]",
    )
    refunds: Refunds = Field(Refunds(), description="what a refund takes back")
    leaving: Leaving = Field(Leaving(), description="what orders after the last day still pay")
    negative: Negative = Field(Negative(), description="what a month below 0 does")
    currency_rate: Literal["plan", "close", "payment"] = Field(
        "close",
        description=(
            "whose month's rate brings an order in another currency to the book's: the plan's first"
            " month, the order's, or its payment's; a refund keeps its sale's"
        ),
    )
    awards: list[Award] = Field([], description="money for events")
    draw: Draw | None = Field(None, description="money in advance")

    _share = field_validator("manager_rate")(is_share)
    _part = field_validator("threshold")(is_part)

    @property
    def needs_quota(self) -> bool:
        """Whether anything of it asks for the rep's own quota."""
        part = self.attainment
        own = part is not None and (
            not part.measures or any(one.quota is None for one in part.measures)
        )
        return own or self.tiers_of == "quota" or self.threshold > 0

    @property
    def cap_of_tiers(self) -> Money | None:
        """The cap that cuts a period's pay off; None where the excess is paid later."""
        return self.cap if self.excess == "lost" else None

    @property
    def for_all(self) -> bool:
        """Whether it holds for everybody."""
        return not (self.roles or self.teams or self.reps)

    @property
    def measured(self) -> tuple[str, ...]:
        """What is counted beside revenue, in the words of ``Measure.counted``."""
        of = [one.counted for one in self.attainment.measures] if self.attainment else []
        more = ["gross_margin"] if self.modifier else []
        return tuple(sorted({*of, *more} - {"revenue"}))

    @field_validator("starts", mode="before")
    @classmethod
    def _dated(cls, starts: Any, info: ValidationInfo) -> Any:
        if starts is None:
            raise ValueError(say(NO_DATE, plan=info.data.get("name", "")))
        return starts

    @field_validator("ramp")
    @classmethod
    def _ramp_of_shares(cls, ramp: list[Decimal]) -> list[Decimal]:
        return [is_share(share) for share in ramp]

    @field_validator("tiers")
    @classmethod
    def _bands_partition(cls, tiers: list[Band], info: ValidationInfo) -> list[Band]:
        partition(tiers, f"plan '{info.data.get('name', '')}', tiers")
        return tiers

    @field_validator("splits")
    @classmethod
    def _splits_add_up(cls, splits: list[Split], info: ValidationInfo) -> list[Split]:
        where = f"plan '{info.data.get('name', '')}', splits"
        total = sum((split.share for split in splits), Fraction(0))
        if splits and total != 1:
            shown = f"{Decimal(total.numerator * 100) / total.denominator:.6g}"
            told = say("{where}: they add up to {shown} %, not to 100 %", where=where, shown=shown)
            raise ValueError(told)
        if len({split.to for split in splits}) < len(splits):
            raise ValueError(say("{where}: an owner is named twice", where=where))
        return splits

    @field_validator("rules", "awards")
    @classmethod
    def _named_once(cls, parts: list, info: ValidationInfo) -> list:
        names = [part.name for part in parts]
        if len(set(names)) < len(names):
            raise ValueError(
                say(
                    "plan '{plan}', {field}: two are called {name!r}",
                    plan=info.data.get("name", ""),
                    field=info.field_name,
                    name=next(n for n in names if names.count(n) > 1),
                )
            )
        return parts

    @model_validator(mode="after")
    def _agrees_with_itself(self) -> CommissionPlan:
        if wrong := [*self._pays_nothing(), *self._limits(), *self._rates(), *self._days()]:
            raise ValueError("; ".join(f"plan '{self.name}'{said}" for said in wrong))
        return self

    def _pays_nothing(self) -> list[str]:
        """What is missing for the plan to pay, or cannot be told."""
        found = []
        if not self.tiers and self.attainment is None and not self.awards:
            found.append(" pays for nothing: give tiers, attainment or awards")
        if self.accumulate == "deal" and (self.needs_quota or self.attainment):
            found.append(
                ": a quota belongs to a period; accumulate over a month, a quarter or a year"
            )
        names = [one.name for one in self.attainment.measures] if self.attainment else []
        if self.gate and self.gate.measure not in names:
            found.append(
                f", gate: '{self.gate.measure}' is no measure of the attainment; there are:"
                f" {', '.join(names) or 'none'}"
            )
        if any(high.at <= low.at for low, high in itertools.pairwise(self.modifier)):
            found.append(": the modifier's steps must rise")
        if any(band.pays is not None for band in self.tiers) and self.tiers_of == "quota":
            found.append(": bands that pay money need edges in money, not in quotas")
        if self.ramp_first == "days" and not self.ramp:
            found.append(": ramp_first = 'days' needs a ramp")
        return found

    def _limits(self) -> list[str]:
        """Limits that contradict each other."""
        found = []
        if self.deal_cap is not None and self.deal_floor > self.deal_cap:
            found.append(
                f": the deal_floor of {self.deal_floor} is above the deal_cap of {self.deal_cap}"
            )
        if (self.deal_cap is not None or self.deal_floor) and (
            self.mode == "whole" or any(band.retroactive for band in self.tiers)
        ):
            found.append(
                ": a deal's limit needs bands that do not reach back, for those move the pay of"
                " other deals"
            )
        if self.excess == "later" and self.cap is None:
            found.append(": excess = 'later' needs a cap")
        if self.excess == "later" and self.accumulate == "deal":
            found.append(": a deal has no later period to pay its excess in")
        if self.change == "carry" and self.tiers_of == "quota" and self.prorate:
            found.append(
                ": change = 'carry' goes on from the total reached, and bands of a part of the"
                " quota do not: set prorate = false"
            )
        if self.cap is not None and self.floor > self.cap:
            found.append(f": the floor of {self.floor} is above the cap of {self.cap}")
        return found

    def _rates(self) -> list[str]:
        """Rules that would pay less than nothing."""
        least = min((Decimal(band.rate) for band in self.tiers), default=Decimal(0))
        return [
            f", rule '{rule.name}': {rule.points * 100} points on the band of {least * 100} % would"
            " pay less than nothing"
            for rule in self.rules
            if rule.points < 0 and least + rule.points < 0
        ]

    def _days(self) -> list[str]:
        found = []
        if self.ends and self.ends < self.starts:
            found.append(f" ends on {self.ends}, before it starts on {self.starts}")
        for rule in self.rules:
            if rule.starts and self.ends and rule.starts > self.ends:
                found.append(f", rule '{rule.name}': starts on {rule.starts}, after the plan ends")
            if rule.ends and rule.ends < self.starts:
                found.append(f", rule '{rule.name}': ends on {rule.ends}, before the plan starts")
        return found
