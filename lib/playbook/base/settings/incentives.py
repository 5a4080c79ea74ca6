"""[incentives]: plans compared, lines of the quota, simulated years."""

from __future__ import annotations

from pydantic import Field, field_validator

from playbook.base.language import later, say

from .group import Group


class IncentiveLevel(Group):
    """One of the lines of a quota and what reaching it gives."""

    name: str = Field(description="how pages call the line")
    at: float = Field(
        gt=0, le=10, description="attainment from which it is reached [share of the quota]"
    )
    gives: str = Field("", description="what reaching it gives, in money and otherwise")


LINES = [
    IncentiveLevel(
        name=later("base", context="line"), at=0.8, gives=later("base pay, commission, team fund")
    ),
    IncentiveLevel(
        name=later("sprint", context="line"),
        at=1.0,
        gives=later("bonus, promotion points, a pack of customers to develop"),
    ),
    IncentiveLevel(
        name=later("breakthrough", context="line"),
        at=1.2,
        gives=later("share options, an industry summit, help with a public profile"),
    ),
]


class Culture(Group):
    """How a kind of team is assumed to respond to pay."""

    name: str = Field(min_length=1, description="how pages call the kind of team")
    effort: float = Field(
        1.0, ge=0, le=10, description="factor on the answer to rates that `effort` assumes [ratio]"
    )
    spread: float = Field(
        1.0,
        ge=0,
        le=5,
        description="factor on how far months lie from each rep's mean [ratio]",
    )
    hold: float = Field(
        1.0,
        gt=0,
        le=1,
        description="share of sales that stays when pay falls; the rest leaves [share]",
    )
    assumption: str = Field("", description="the same as words for the page")


CULTURES = [
    Culture(
        name=later("as assumed"),
        assumption=later("the response of the settings, nothing else"),
    ),
    Culture(
        name=later("wolf"),
        effort=2.0,
        spread=1.3,
        hold=0.97,
        assumption=later(
            "high pay for results and the last ones go: strong answer to rates, uneven months, some"
            " sales leave when pay falls"
        ),
    ),
    Culture(
        name=later("mixed"),
        spread=1.1,
        hold=0.99,
        assumption=later("results and shared learning: middling answer to rates"),
    ),
    Culture(
        name=later("learning"),
        effort=0.5,
        spread=0.9,
        assumption=later("knowledge shared in the team: weak answer to rates, even months"),
    ),
]


class IncentiveSettings(Group):
    plan: str = Field(
        "",
        description=(
            "name of the commission plan in force; empty = the first whose dates hold the as-of"
            " date"
        ),
    )
    compare_with: str = Field(
        "", description="name of the plan to compare with; empty = the first other plan listed"
    )
    ramp_days: int = Field(
        92, ge=1, description="days within which a new hire's first deal counts as early"
    )
    levels: list[IncentiveLevel] = Field(
        LINES, min_length=1, description="lines of the quota, rising, and what they give"
    )
    budget_uplift: float = Field(
        0.1,
        ge=0,
        le=10,
        description=(
            "how far pay may exceed the last twelve months' before the budget is overspent [share]"
        ),
    )
    effort: float = Field(
        0.2,
        ge=0,
        le=2,
        description=(
            "assumed answer: sales move by this part of the relative change in pay per unit sold"
            " [ratio]"
        ),
    )
    cultures: list[Culture] = Field(
        CULTURES, min_length=1, description="kinds of team the simulated years are shown for"
    )
    courses: dict[str, str] = Field(
        {},
        description=(
            "course that trains a step of the funnel, for example { 'lead→intent' = 'Product"
            " knowledge' }; empty = a topic by the step's place"
        ),
    )
    top_share: float = Field(
        0.2,
        gt=0,
        le=1,
        description="best sellers of a year, as a share of the team, for attrition [share]",
    )
    seed: int = Field(1, ge=0, description="seed of the simulated years")

    @field_validator("cultures")
    @classmethod
    def _told_apart(cls, cultures: list[Culture]) -> list[Culture]:
        names = [one.name for one in cultures]
        if len(set(names)) < len(names):
            raise ValueError(say("two kinds of team have the same name"))
        return cultures
