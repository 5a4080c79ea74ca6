"""What a commission plan pays for, as playbook.toml writes it: bands, rules, splits and awards. The
arithmetic is in ``playbook.pay``.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    field_validator,
    model_validator,
)

from playbook.base.language import say

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
            say(
                "a rate is a share, and {rate} would pay {shown:f} %; write {rate} % as {right:f}",
                rate=rate,
                shown=(rate * 100).normalize(),
                right=(rate / 100).normalize(),
            )
        )
    return rate


def as_fraction(value: Any) -> Any:
    """A share written as a number or as a fraction in quotes, exact."""
    if isinstance(value, Fraction):
        return value
    try:
        return Fraction(str(value))
    except (ValueError, ZeroDivisionError):
        raise ValueError(
            say("a share is a number or a fraction such as '1/3', not {value!r}", value=value)
        ) from None


SHOWN = PlainSerializer(str)  # fractions are written as text


def is_part(share: Decimal) -> Decimal:
    """A part of a quota; 80 where 80 % was meant is refused with the way to write it."""
    if share > 10:
        raise ValueError(
            say(
                "a part of the quota is a share, and {share} would be {shown:f} %; write {share}"
                " % as {right:f}",
                share=share,
                shown=(share * 100).normalize(),
                right=(share / 100).normalize(),
            )
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
    rate: Decimal = Field(
        Decimal(0), ge=0, description="share of the amount paid; 8 % is 0.08 [share]"
    )
    pays: Money | None = Field(
        None, description="money for the whole band, paid evenly over it, in place of a rate"
    )
    retroactive: bool | None = Field(
        None,
        description=(
            "whether reaching the band pays its rate on everything below too; left out = as the"
            " plan's mode says"
        ),
    )

    _share = field_validator("rate")(is_share)

    @model_validator(mode="after")
    def _rate_or_money(self) -> Band:
        if self.pays is None and "rate" not in self.model_fields_set:
            raise ValueError(
                say(
                    "the band from {lower} says neither its rate nor what it pays", lower=self.lower
                )
            )
        if self.pays is not None and (self.rate or self.upper is None):
            raise ValueError(
                say(
                    "the band from {lower} pays {pays} for the whole of it: that needs an upper"
                    " end and no rate",
                    lower=self.lower,
                    pays=self.pays,
                )
            )
        return self

    @property
    def share(self) -> Fraction:
        """What one unit of the amount earns inside the band, exact."""
        if self.pays is None or self.upper is None:
            return Fraction(self.rate)
        return Fraction(self.pays) / (Fraction(self.upper) - Fraction(self.lower))


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
    least_months: int = Field(
        0, ge=0, description="only orders for so many months or more (a three-year deal is 36)"
    )
    least_amount: Money = Field(
        Decimal(0), description="only order lines of so much or more [currency]"
    )
    starts: date | None = Field(None, description="first order day it holds; none = always")
    ends: date | None = Field(None, description="last order day it holds; none = always")
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
                say(
                    "rule '{name}': give one of times, points and rate; they would be added in"
                    " an order no one said",
                    name=self.name,
                )
            )
        if self.starts and self.ends and self.ends < self.starts:
            raise ValueError(
                say(
                    "rule '{name}' ends on {ends}, before it starts", name=self.name, ends=self.ends
                )
            )
        if not self.counts and self.rate is None:
            raise ValueError(
                say(
                    "rule '{name}': an amount that does not count needs a flat rate of its own",
                    name=self.name,
                )
            )
        return self


class Split(Part):
    """A share of every order's credit for the owner of something."""

    to: Literal["order", "deal", "customer", "lead"] = Field(
        description="whose owner is credited; without one the order's rep is"
    )
    share: Annotated[Fraction, BeforeValidator(as_fraction), SHOWN] = Field(
        gt=0, le=1, description="share of the credit; a third is '1/3' [share]"
    )


class Award(Part):
    """Money for an event or for being best, not for an amount."""

    name: str = Field(description="how a statement calls it")
    event: Literal[
        "referral",
        "first_deal",
        "best_research",
        "fastest_response",
        "most_visits",
        "by_hand",
        "order",
    ] = Field(
        description=(
            "what earns it: a referred customer's first order, a new hire's first deal, best of the"
            " month (needs research, response, visits), an order of the kinds named, or given by"
            " hand"
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
    starts: date | None = Field(None, description="first day that earns it; none = always")
    ends: date | None = Field(None, description="last day that earns it; none = always")
    per_rep: Money | None = Field(None, gt=0, description="most one person earns by it [currency]")
    in_all: Money | None = Field(None, gt=0, description="most it pays in all [currency]")
    every: Literal["time", "once"] = Field(
        "time", description="whether each order earns it, or one person earns it once"
    )
    kind: list[Kind] = Field([], description="kinds of order that earn it; empty = any")
    product_line: list[str] = Field([], description="product lines that earn it; empty = any")
    least_quantity: Decimal = Field(
        Decimal(0), ge=0, description="only orders of so many pieces or more"
    )
    least_amount: Money = Field(Decimal(0), description="only orders of so much or more [currency]")

    @model_validator(mode="after")
    def _days_in_order(self) -> Award:
        if self.starts and self.ends and self.ends < self.starts:
            raise ValueError(
                say(
                    "award '{name}' ends on {ends}, before it starts",
                    name=self.name,
                    ends=self.ends,
                )
            )
        return self
