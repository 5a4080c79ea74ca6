"""The parts of a commission plan as playbook.toml writes them: bands, rules, levels of the quota,
splits, awards and the draw. The arithmetic is in ``playbook.pay``.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

KINDS = ("new", "repurchase", "upgrade", "renewal")


Kind = Literal["new", "repurchase", "upgrade", "renewal"]


MOST = (
    Decimal(10) ** 13
    # largest band, quota or award [currency]: more reads as a slip and is beyond exact counting
)


Money = Annotated[Decimal, Field(ge=0, le=MOST)]


class Part(BaseModel):
    """A table inside a plan."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def is_share(rate: Decimal) -> Decimal:
    """A rate that reads as a share; 8 where 8 % was meant is refused with the way to write it."""
    if rate > 1:
        raise ValueError(
            f"a rate is a share, and {rate} would pay {(rate * 100).normalize():f} %; write {rate}"
            f" % as {(rate / 100).normalize():f}"
        )
    return rate


def is_part(share: Decimal) -> Decimal:
    """A part of a quota; 80 where 80 % was meant is refused with the way to write it."""
    if share > 10:
        raise ValueError(
            f"a part of the quota is a share, and {share} would be {(share * 100).normalize():f} %;"
            f" write {share} % as {(share / 100).normalize():f}"
        )
    return share


class Band(Part):
    """One tier ``(lower, upper]`` of the basis and its rate. No upper = everything above."""

    lower: Money = Field(
        description="amount the band starts above [currency, or share of the quota]"
    )
    upper: Money | None = Field(
        None, description="amount the band ends with, inclusive; none = no end"
    )
    rate: Decimal = Field(ge=0, description="share of the amount paid; 8 % is 0.08 [share]")

    _share = field_validator("rate")(is_share)


class RateRule(Part):
    """Another rate for some orders: those that match everything it names. It multiplies the tiers'
    rate by ``times``, adds ``points`` to it, or sets a flat ``rate``.
    """

    name: str = Field(description="how a statement calls it")
    kind: list[Kind] = Field([], description="kinds of order it is for; empty = any")
    product_line: list[str] = Field([], description="product lines it is for; empty = any")
    customer_type: list[str] = Field([], description="customer types it is for; empty = any")
    customer_tier: list[str] = Field(
        [],
        description=(
            "value tiers of the customer before the order (names of segments.tiers); empty = any"
        ),
    )
    channel: list[str] = Field([], description="channels it is for; empty = any")
    times: Decimal = Field(
        Decimal(1),
        ge=0,
        le=10,
        description="multiplies the tier's rate: raised by 20 % is 1.2 [ratio]",
    )
    points: Decimal = Field(
        Decimal(0),
        ge=-1,
        description="added to the tier's rate: raised by 20 points is 0.20 [share]",
    )
    rate: Decimal | None = Field(
        None, ge=0, description="a flat rate instead of the tier's [share]"
    )
    counts: bool = Field(True, description="whether the amount still moves the tiers")

    _share = field_validator("points", "rate")(
        lambda value: value if value is None else is_share(value)
    )

    @model_validator(mode="after")
    def _one_effect(self) -> RateRule:
        effects = [self.times != 1, self.points != 0, self.rate is not None]
        if sum(effects) > 1:
            raise ValueError(
                f"rule '{self.name}': give one of times, points and rate; they would be added in an"
                " order no one said"
            )
        if not self.counts and self.rate is None:
            raise ValueError(
                f"rule '{self.name}': an amount that does not count needs a flat rate of its own"
            )
        return self


class AttainmentLevel(Part):
    """Reaching ``at`` of the quota pays ``pays`` of the target pay."""

    at: Decimal = Field(gt=0, description="attainment of the quota: 80 % is 0.8 [share]")
    pays: Decimal = Field(ge=0, description="share of the target pay: full is 1 [share]")

    _part = field_validator("at", "pays")(is_part)


class AttainmentPay(Part):
    """Pay for the quota: base 80 %, sprint 100 %, breakthrough 120 %."""

    target_pay: Money = Field(gt=0, description="pay of a period at full attainment [currency]")
    levels: list[AttainmentLevel] = Field(
        min_length=1, description="rising levels; below the first nothing is paid"
    )
    between: Literal["stepped", "interpolated"] = Field(
        "stepped", description="hold the last level reached, or rise evenly to the next"
    )

    @model_validator(mode="after")
    def _rising(self) -> AttainmentPay:
        for low, high in zip(self.levels, self.levels[1:], strict=False):
            if high.at <= low.at or high.pays < low.pays:
                raise ValueError(
                    f"levels must rise: {high.at} pays {high.pays} follows {low.at} pays {low.pays}"
                )
        return self


class Split(Part):
    """A share of every order's credit for the owner of something."""

    to: Literal["order", "deal", "customer", "lead"] = Field(
        description="whose owner is credited; without one the order's rep is"
    )
    share: Decimal = Field(gt=0, le=1, description="share of the credit [share]")


class Award(Part):
    """Money for an event or for being best, not for an amount."""

    name: str = Field(description="how a statement calls it")
    event: Literal[
        "referral", "first_deal", "best_research", "fastest_response", "most_visits", "by_hand"
    ] = Field(
        description=(
            "what earns it: a referred customer's first order, a new hire's first deal, best of the"
            " month (needs research, response, visits), or given by hand"
        )
    )
    amount: Money = Field(description="paid to each receiver [currency]")
    to: list[Literal["rep", "customer_owner", "lead_owner", "mentor"]] = Field(
        ["rep"], min_length=1, description="who receives it, each person once"
    )
    channel: str = Field("referral", description="channel that means a referral")
    within_days: int = Field(
        0, ge=0, description="first deal within so many days of hiring; 0 = any time [days]"
    )
    at_least: int = Field(
        5,
        ge=1,
        description=(
            "events a rep needs to compete for a best-of-month award [contacts, leads answered,"
            " needs researched]"
        ),
    )
    quality: float = Field(
        0.0,
        ge=0,
        le=1,
        description="share of contacts that must have moved the deal on to compete [share]",
    )


class Draw(Part):
    """Money in advance of pay."""

    monthly: Money = Field(gt=0, description="least paid out in a month [currency]")
    recoverable: bool = Field(True, description="whether later pay makes up for what was advanced")
    months: int = Field(
        0, ge=0, description="only in the first months after hiring; 0 = always [months]"
    )
