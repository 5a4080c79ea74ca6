"""What a commission plan may say, field by field. What it is refused for is in ``plans``."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from .plan_parts import Award, Band, Money, Part, RateRule, Split
from .plan_quota import AttainmentPay, Gate, ModifierStep, QuotaFrom, Relief
from .plan_terms import Draw, Leaving, Negative, Refunds


class PlanFields(Part):
    """What a plan says, field by field; ``CommissionPlan`` is one that was checked."""

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
        True,
        description=(
            "shorten bands, quota, caps and target pay when the plan covers only part of a period"
        ),
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
