"""The terms on which a plan's pay is paid out, as playbook.toml writes them: draws, refunds,
leavers, negative pay. Where trade or law differs the setting is an enumeration with its default
named; the arithmetic is in ``playbook.pay``.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from pydantic import Field, model_validator

from playbook.base.language import say

from .plan_parts import Money, Part


class Draw(Part):
    """Money in advance of pay."""

    monthly: Money = Field(gt=0, description="least paid out in a month [currency]")
    recoverable: bool = Field(True, description="whether later pay makes up for what was advanced")
    months: int = Field(
        0, ge=0, description="only in the first months after hiring; 0 = always [months]"
    )
    adds: Literal["greater_of", "on_top"] = Field(
        "greater_of",
        description="whether it makes pay up to the draw, or comes on top of whatever was earned",
    )
    recovery_from: int = Field(
        1, ge=1, description="month of the draw from which pay takes it back; 1 = at once"
    )
    recovery_share: Decimal = Field(
        Decimal(1),
        gt=0,
        le=1,
        description="part of the pay above the draw that takes it back [share]",
    )
    recovery_most: Money | None = Field(
        None, gt=0, description="most that a month takes back [currency]"
    )
    at_exit: Literal["owed", "written_off"] = Field(
        "owed",
        description=(
            "what a leaver still owes after the last month's pay has made up for it: owed, or"
            " written off with a line that says so"
        ),
    )

    @model_validator(mode="after")
    def _one_kind(self) -> Draw:
        if self.adds == "on_top" and self.recoverable:
            raise ValueError(
                say("a draw on top of what was earned is not recoverable: set recoverable = false")
            )
        return self


class Refunds(Part):
    """What a refund takes back."""

    rule: Literal["recompute", "original_rate", "by_time"] = Field(
        "recompute",
        description=(
            "recompute = what the sale's period pays without it, less what it paid; original_rate ="
            " at the rate of the sale's line; by_time = the first, for the part of the contract's"
            " months or days that was not served"
        ),
    )
    window_days: int | None = Field(
        None, ge=0, description="days after the sale in which pay is taken back; none = always"
    )
    by: Literal["months", "days"] = Field(
        "months", description="how by_time counts: whole months begun, or days"
    )


class Leaving(Part):
    """What orders after the last day still pay."""

    pays: Literal["none", "within_days", "booked"] = Field(
        "none",
        description=(
            "none = orders after the last day pay nothing; within_days = those of the days after"
            " it; booked = all that are credited"
        ),
    )
    days: int = Field(0, ge=0, description="of within_days: so many days after the last one")
    share: Decimal = Field(Decimal(1), gt=0, le=1, description="part of the pay they earn [share]")

    @model_validator(mode="after")
    def _days_said(self) -> Leaving:
        if (self.pays == "within_days") != (self.days > 0):
            raise ValueError(say("leaving: give days with pays = 'within_days', and only then"))
        return self


class Negative(Part):
    """What happens in a month whose pay is below 0."""

    rule: Literal["deduct", "carry", "instalments"] = Field(
        "deduct",
        description=(
            "deduct = the month pays less than 0; carry = it pays 0 and later pay makes up for the"
            " rest; instalments = the same, in equal parts"
        ),
    )
    instalments: int = Field(1, ge=1, le=36, description="of instalments: how many months")
    most_share: Decimal = Field(
        Decimal(1),
        gt=0,
        le=1,
        description="most of a later month's pay that may be taken (China: 0.2) [share]",
    )
