"""A commission plan as data: what playbook.toml may say about pay. The arithmetic lives in ``incentives``."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator


class Band(BaseModel):
    """One tier ``(lower, upper]`` of the basis and its rate. No upper = everything above."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    lower: Decimal = Field(ge=0, description="amount the band starts above [currency]")
    upper: Decimal | None = Field(None, description="amount the band ends with, inclusive [currency]; none = no end")
    rate: Decimal = Field(ge=0, le=1, description="share of the amount paid; 8 % is 0.08 [share]")


class CommissionPlan(BaseModel):
    """Tiers, what they add up over, and on which amounts."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(description="how statements and settings call the plan")
    tiers: list[Band] = Field(min_length=1, description="bands that start at 0 and leave no gap")
    mode: Literal["marginal", "whole"] = Field("marginal", description="each band at its own rate, or the reached rate on everything")
    accumulate: Literal["deal", "month", "quarter", "year"] = Field("quarter", description="what the tiers add up over")
    basis: Literal["bookings", "cash"] = Field("bookings", description="booked amounts, or amounts paid")
    starts: date | None = Field(None, description="first day the plan is in force")
    ends: date | None = Field(None, description="last day the plan is in force")

    @model_validator(mode="after")
    def _bands_partition(self) -> CommissionPlan:
        bands = sorted(self.tiers, key=lambda band: band.lower)
        if bands[0].lower != 0:
            raise ValueError(f"plan '{self.name}': the first band starts at {bands[0].lower}, not at 0")
        for low, high in zip(bands, bands[1:], strict=False):
            if low.upper is None or low.upper > high.lower:
                raise ValueError(f"plan '{self.name}': the band from {low.lower} overlaps the band from {high.lower}")
            if low.upper < high.lower:
                raise ValueError(f"plan '{self.name}': nothing is said between {low.upper} and {high.lower}")
        if bands[-1].upper is not None:
            raise ValueError(f"plan '{self.name}': nothing is said above {bands[-1].upper}; leave the last upper out")
        if any(band.upper is not None and band.upper <= band.lower for band in bands):
            raise ValueError(f"plan '{self.name}': a band ends before it starts")
        return self
