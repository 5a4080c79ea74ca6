"""[case] and [pilot]: the programme of measures, and how a pilot is planned and decided."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field, model_validator

from playbook.base.language import say

from .group import Group


class PilotSettings(Group):
    by: Literal["team", "region", "product_line", "rep"] = Field(
        "team", description="what a pilot's groups are"
    )
    take: int = Field(2, ge=1, description="groups to pilot when one is planned")
    months: int = Field(
        3,
        ge=1,
        le=24,
        description=(
            "length of a pilot, and of the span before it that it is compared with [months]"
        ),
    )
    outcome: Literal["sales", "orders", "buyers", "win_rate"] = Field(
        "sales",
        description=(
            "the one outcome a pilot is decided on, named before it starts; the others are looked"
            " at with a correction"
        ),
    )
    wanted: float = Field(
        0.1,
        gt=0,
        description=(
            "smallest effect worth rolling out, as a share of the level before (of the win rate"
            " too) [share]"
        ),
    )
    cost: float = Field(0.0, ge=0, description="what the pilot costs [currency]")
    groups: list[str] = Field(
        [], description="groups of the pilot that runs or ran; empty = none yet"
    )
    starts: date | None = Field(
        None, description="first day of the pilot that runs or ran, the first of a month"
    )
    starts_by: dict[str, date] = Field(
        {},
        description=(
            "first day of each group where all start one after the other, in place of groups and"
            " starts; firsts of months"
        ),
    )
    compare: Literal["means", "covariate", "synthetic"] = Field(
        "means",
        description=(
            "what the piloted groups are held against: the others' mean; the same after the change"
            " of the span before is taken into account; or a mean of the others weighed so that it"
            " moved like them before (few groups)"
        ),
    )

    @model_validator(mode="after")
    def _one_after_the_other(self) -> PilotSettings:
        if not self.starts_by:
            return self
        if self.groups or self.starts:
            raise ValueError(say("a pilot has either groups and starts, or starts_by"))
        if late := [group for group, day in self.starts_by.items() if day.day != 1]:
            raise ValueError(say("starts_by.{value} is the first of a month", value=late[0]))
        if len(set(self.starts_by.values())) < 2:
            raise ValueError(say("starts_by needs at least two different months; else give starts"))
        return self

    @property
    def ran(self) -> tuple[date, ...]:
        """First days of the pilot that runs or ran, the earliest first; empty when none did."""
        days = {*self.starts_by.values(), *([self.starts] if self.starts else [])}
        return tuple(sorted(days))

    @model_validator(mode="after")
    def _whole(self) -> PilotSettings:
        if bool(self.groups) != bool(self.starts):
            raise ValueError(say("a pilot that ran has both groups and starts"))
        if self.starts is not None and self.starts.day != 1:
            raise ValueError(say("starts is the first of a month"))
        return self


class CaseSettings(Group):
    company: bool = Field(
        False, description="the book is the published case's company, so its figures are recomputed"
    )
    measures_from: date | None = Field(
        None,
        description="first day of a programme of measures; before and after are told apart there",
    )
    referral: list[str] = Field(
        ["referral", "转介绍", "老带新"],
        description="parts of the names of channels through which customers bring customers",
    )
    advertising: list[str] = Field(
        ["ads", "advert", "paid", "广告", "投放", "竞价"],
        description="parts of the names of channels that are bought advertising",
    )
