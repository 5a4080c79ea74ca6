"""[incentives]: plans compared, lines of the quota, simulated years."""

from __future__ import annotations

from pydantic import Field

from .group import Group


class IncentiveLevel(Group):
    """One of the lines of a quota and what reaching it gives."""

    name: str = Field(description="how pages call the line")
    at: float = Field(
        gt=0, le=10, description="attainment from which it is reached [share of the quota]"
    )
    gives: str = Field("", description="what reaching it gives, in money and otherwise")


LINES = [
    IncentiveLevel(name="base", at=0.8, gives="base pay, commission, team fund"),
    IncentiveLevel(
        name="sprint", at=1.0, gives="bonus, promotion points, a pack of customers to develop"
    ),
    IncentiveLevel(
        name="breakthrough",
        at=1.2,
        gives="share options, an industry summit, help with a public profile",
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
