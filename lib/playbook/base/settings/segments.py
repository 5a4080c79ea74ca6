"""[segments]: windows, thresholds, tiers, cadence and capacity."""

from __future__ import annotations

from itertools import pairwise
from math import isfinite
from typing import Literal

from pydantic import Field, ValidationInfo, field_validator, model_validator

from playbook.base.formats import joined
from playbook.base.language import later, say

from .group import Group
from .segment_maps import MapSegment, map_mistakes

OUR_TIERS = later(("VIP", "key", "ordinary"), context="tier")


class TierTable(Group):
    names: list[str] = Field(min_length=1)
    lower: list[float] = Field(min_length=1)

    @model_validator(mode="after")
    def _partition(self) -> TierTable:
        if len(self.names) != len(self.lower):
            raise ValueError(say("names and lower edges differ in number"))
        if len(set(self.names)) < len(self.names) or not all(name.strip() for name in self.names):
            raise ValueError(say("every tier has a name of its own"))
        if not all(map(isfinite, self.lower)) or any(a <= b for a, b in pairwise(self.lower)):
            raise ValueError(
                say("lower edges must be numbers that fall from the best tier to the last")
            )
        if self.lower[-1] > 0:
            raise ValueError(
                say("the last tier must start at 0, or customers below it belong nowhere")
            )
        return self


class SegmentSettings(Group):
    renewal_days: int = Field(
        60,
        ge=0,
        le=366,
        description=(
            "days around a contract's end within which the next contract of the same customer"
            " renews it, where renewed_by does not say"
        ),
    )
    verify_days: int = Field(
        30, ge=0, le=366, description="days after a deal is won on which its value is checked"
    )
    satisfaction_days: int = Field(
        2, ge=0, le=366, description="days after an order until the customer is asked how it went"
    )
    notice_days: int = Field(
        30,
        ge=0,
        le=366,
        description="days before a contract's end on which the value report is due",
    )
    actions_days: int = Field(
        365,
        ge=31,
        le=1830,
        description="days past its due day for which an action that nobody did stays on the list",
    )
    rfm_months: int = Field(24, ge=1, le=120, description="length of the RFM window [months]")
    recency_days: list[float] = Field(
        [], description="fixed recency thresholds, rising [days]; empty = quantiles"
    )
    frequency: list[float] = Field(
        [], description="fixed frequency thresholds, rising [orders]; empty = quantiles"
    )
    monetary: list[float] = Field(
        [], description="fixed monetary thresholds, rising [currency]; empty = quantiles"
    )
    classes: int = Field(
        5, ge=2, le=10, description="scores on each axis, from 1; other than 5 with an own map only"
    )
    segment_map: Literal["eleven", "source", "own"] = Field(
        "eleven", description="which map leads the chapter: a named one, or own_map"
    )
    own_map: list[MapSegment] = Field(
        [], description="segments of your own, the most valuable first, for segment_map = own"
    )
    tiers: TierTable = Field(
        TierTable(names=list(OUR_TIERS), lower=[500_000, 200_000, 0]),
        description="value tiers by net amount of the trailing 12 months, lower edge inclusive",
    )
    abc_value: list[float] = Field(
        [0.8, 0.95],
        min_length=2,
        max_length=2,
        description="cumulative value at which class A and B end",
    )
    abc_heads: list[float] = Field(
        [0.2, 0.3, 0.5],
        min_length=3,
        max_length=3,
        description="head-count shares of the other ABC rule",
    )
    visit_hours: float = Field(
        3.0, gt=0, description="hours one promised visit takes, travel included"
    )
    contact_hours: float = Field(
        0.5, gt=0, description="hours one call, message or mail takes, preparation included"
    )
    selling_hours: float = Field(
        20.0, gt=0, description="hours a rep has for customers [hours a week]"
    )
    intent_days: list[float] = Field(
        [7, 14, 30],
        min_length=3,
        max_length=3,
        description="days between contacts with a lead of high, medium, low intent",
    )
    class_days: list[float] = Field(
        [3.5, 7, 30],
        min_length=3,
        max_length=3,
        description="days between contacts with an A, B, C customer",
    )
    tier_visits: list[float] = Field(
        [4, 2, 0],
        description=(
            "visits a year promised to each value tier, best first; further tiers get the last"
        ),
    )
    tier_calls: list[float] = Field(
        [0, 0, 2], description="calls a year promised to each value tier beside the visits"
    )
    tier_greetings: list[list[str]] = Field(
        [],
        description=(
            "days of the year on which customers of each value tier get a greeting or a gift, best"
            " first: holidays of [book] holidays by name, days as MM-DD, or anniversary (of"
            " customers.since); further tiers get none"
        ),
    )
    tier_repurchase: list[float] = Field(
        [0.9, 0.7, 0.5], description="repurchase target of each value tier [share]"
    )
    tier_satisfaction: list[float] = Field(
        [95, 90, 85], description="satisfaction target of each value tier [points of 100]"
    )
    tier_referrals: list[float] = Field(
        [2, 1, 0], description="referrals a year asked of a customer of each value tier"
    )
    tier_response_hours: list[float] = Field(
        [2, 4, 24], description="hours in which a question of each value tier is answered"
    )
    tier_solving_hours: list[float] = Field(
        [24, 48, 72], description="hours in which a problem of each value tier is solved"
    )
    request_kinds: list[str] = Field(
        [
            "request",
            "complaint",
            "question",
            "inquiry",
            "ticket",
            "咨询",
            "投诉",
            "报修",
            "客户来电",
        ],
        description="kinds of activity that come from the customer and wait for an answer",
    )
    referral_channels: list[str] = Field(
        [
            "referral",
            "referrals",
            "customer referral",
            "word of mouth",
            "转介绍",
            "老客户介绍",
            "客户推荐",
            "客户转介绍",
        ],
        description="channels that mean a customer brought another",
    )
    fit_rule: Literal["scaled", "totals"] = Field(
        "scaled", description="need fit by share of the maximum, or by raw totals"
    )
    fit_shares: list[float] = Field(
        [0.8, 0.4],
        min_length=2,
        max_length=2,
        description="share of the maximum from which need fit is high, medium",
    )
    fit_totals: list[float] = Field(
        [20, 10],
        min_length=2,
        max_length=2,
        description="raw total from which need fit is high, medium",
    )
    record_days: int = Field(
        2, ge=0, description="days after a contact from which its record is called late"
    )

    @field_validator(
        "tier_visits",
        "tier_calls",
        "tier_repurchase",
        "tier_satisfaction",
        "tier_referrals",
        "tier_response_hours",
        "tier_solving_hours",
    )
    @classmethod
    def _some(cls, values: list[float]) -> list[float]:
        if not values or min(values) < 0:
            raise ValueError(say("one value or more per tier, none negative"))
        return values

    @field_validator("abc_value")
    @classmethod
    def _cumulative(cls, ends: list[float]) -> list[float]:
        if not 0 < ends[0] < ends[1] <= 1:
            raise ValueError(say("two shares between 0 and 1 that rise, such as 0.8 and 0.95"))
        return ends

    @field_validator("abc_heads")
    @classmethod
    def _all_heads(cls, shares: list[float]) -> list[float]:
        if min(shares) < 0 or abs(sum(shares) - 1) > 1e-6:
            raise ValueError(
                say(
                    "three shares of 0 or more that sum to 1; these sum to {total:g}",
                    total=sum(shares),
                )
            )
        return shares

    @field_validator("fit_shares", "fit_totals")
    @classmethod
    def _falling(cls, bands: list[float], info: ValidationInfo) -> list[float]:
        if not bands[0] > bands[1] > 0 or (info.field_name == "fit_shares" and bands[0] > 1):
            raise ValueError(
                "from which fit is high, then medium: two falling "
                + ("shares, 80 % written 0.8" if info.field_name == "fit_shares" else "totals")
            )
        return bands

    @field_validator("intent_days", "class_days")
    @classmethod
    def _days(cls, days: list[float]) -> list[float]:
        if min(days) <= 0:
            raise ValueError(say("days above 0"))
        return days

    @field_validator("recency_days", "frequency", "monetary")
    @classmethod
    def _rising(cls, edges: list[float]) -> list[float]:
        if any(a >= b for a, b in pairwise(edges)):
            raise ValueError(say("thresholds that rise"))
        return edges

    @model_validator(mode="after")
    def _map_fits(self) -> SegmentSettings:
        wrong = map_mistakes(self.own_map, self.classes)
        if self.segment_map == "own" and not self.own_map:
            wrong.append(say("segment_map = own without a [[segments.own_map]]"))
        if self.segment_map != "own" and self.classes != 5:
            wrong.append(
                say(
                    "the {name} map has 5 classes; {classes} need an own map",
                    name=self.segment_map,
                    classes=self.classes,
                )
            )
        for axis in ("recency_days", "frequency", "monetary"):
            edges = getattr(self, axis)
            if edges and len(edges) != self.classes - 1:
                wrong.append(
                    say(
                        "{axis}: {n} rising thresholds make {classes} scores",
                        axis=axis,
                        n=self.classes - 1,
                        classes=self.classes,
                    )
                )
        if wrong:
            raise ValueError(joined(wrong, "; "))
        return self
