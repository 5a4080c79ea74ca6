"""[goals]: lines, pace, phasing, quotas and the log of moved targets."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field, field_validator, model_validator

from playbook.base.language import say
from playbook.base.periods import Period

from .goals_split import SplitSettings
from .group import Group


class Adjustment(Group):
    """A target moved in an adjustment window: kept beside the original one, with its reason."""

    date_: date = Field(alias="date", description="day the change was agreed")
    period: str = Field(
        description="year, quarter or month the target is for, as in the targets table"
    )
    metric: str = Field("sales", description="metric of the target")
    target: float = Field(ge=0, description="the target from that day on")
    reason: str = Field(min_length=1, description="why it was changed")
    by: str = Field("", description="who agreed to it")
    region: str = Field(
        "", description="region the target is for; all of these empty = the company"
    )
    product_line: str = Field("", description="product line the target is for")
    customer_type: str = Field("", description="customer type the target is for")
    rep_id: str = Field("", description="person the target is for")
    team: str = Field("", description="team the target is for")

    @field_validator("period")
    @classmethod
    def _a_period(cls, period: str) -> str:
        Period.parse(period)  # its error says which forms there are
        return period


class GoalSettings(SplitSettings):
    probability: float = Field(
        0.8,
        gt=0,
        lt=1,
        description="probability with which back-solving and the base line reach the target",
    )
    lines: list[float] = Field(
        [0.8, 0.5, 0.2],
        min_length=3,
        max_length=3,
        description="probabilities of the base, sprint and breakthrough lines",
    )
    green_from: float = Field(1.0, gt=0, description="pace from which a target is green")
    amber_from: float = Field(
        0.9, gt=0, description="pace from which a target is amber; below it is red"
    )
    green_chance: float = Field(
        0.5, ge=0, le=1, description="chance from which a target whose period runs may be green"
    )
    amber_chance: float = Field(
        0.2, ge=0, le=1, description="chance from which it may be amber; below it counts as red"
    )
    thirds: list[float] = Field(
        [0.3, 0.5, 0.2],
        min_length=3,
        max_length=3,
        description="weights of a month's ten-day thirds, summing to 1",
    )
    phases: list[float] = Field(
        [0.3, 0.4, 0.3],
        min_length=3,
        max_length=3,
        description="weights of a quarter's months (assault, deepen, sprint), summing to 1",
    )
    phasing: Literal["history", "working_days", "even", "phases"] = Field(
        "history", description="where a year's monthly curve comes from when targets give none"
    )
    history_weight: float = Field(
        0.6,
        ge=0,
        le=1,
        description=(
            "weight of a rep's own sales beside the open pipeline, in what capability and potential"
            " leave of the quota's weight"
        ),
    )
    capability_weight: float = Field(
        0.15,
        ge=0,
        le=1,
        description=(
            "weight of a rep's capability in the quota: the share of decided deals won, drawn"
            " towards the team's where they are few"
        ),
    )
    potential_weight: float = Field(
        0.15,
        ge=0,
        le=1,
        description=(
            "weight of the territory's potential in the quota: [goals] potential where given, else"
            " what the rep's customers would buy if each bought as its kind does"
        ),
    )
    potential: dict[str, float] = Field(
        {},
        description=(
            "potential of a rep (its key) or a region [currency]; a region's is shared by its reps"
            " alike. Empty = learnt from the customers in their care"
        ),
    )
    fair_from: float = Field(
        0.67,
        gt=0,
        description="quota ÷ potential, in the team's middle, below which a quota looks light",
    )
    fair_to: float = Field(
        1.5, gt=0, description="quota ÷ potential, in the team's middle, above which it looks heavy"
    )
    quota_floor: float = Field(
        0.3, ge=0, description="smallest quota of a fully ramped rep, in average quotas"
    )
    quota_cap: float = Field(2.5, gt=0, description="largest quota of a rep, in average quotas")
    ramp: list[float] = Field(
        [0.25, 0.5, 0.75],
        description="share of a full quota in a new hire's first, second, … quarter",
    )
    deals_by: Literal["quota", "even"] = Field(
        "quota",
        description=(
            "how the deals of a month are parted among the reps in back-solving: by their targets"
            " where reps have some, else evenly; or always evenly"
        ),
    )
    over_assignment: float = Field(
        1.0, ge=1, description="sum of the reps' quotas ÷ the target they carry; 1.1 = 10 % hedge"
    )
    pins: dict[str, float] = Field(
        {}, description="rep_id = quota of the next quarter held fixed; the others share the rest"
    )
    adjustments: list[Adjustment] = Field(
        [], description="targets moved in an adjustment window, with date and reason"
    )
    agenda: dict[str, int] = Field(
        {"key customers": 3, "new leads": 2, "follow-ups": 5, "proposals": 2, "failed cases": 3},
        description="most of each kind of work one person does on one day",
    )
    stale_days: int = Field(
        14, ge=1, description="days after which a key result without check-in is stale"
    )
    most_strategies: int = Field(
        2, ge=1, description="strategies at once beyond which the page warns"
    )
    reserve_leads: int = Field(100, ge=0, description="leads a month the reserve pool should hold")
    reserve_share: float = Field(
        0.2, ge=0, le=1, description="share of the reserve kept for plans at high risk"
    )
    new_customer_share: float = Field(
        0.3,
        ge=0,
        le=1,
        description="wanted share of new customers from outside strategic industries",
    )
    strategic_industries: list[str] = Field(
        [],
        description=(
            "industries the strategy is about, as the customers name them; new customers from all"
            " other industries spread the risk. Empty = not stated, and no share is worked out"
        ),
    )
    largest_share: float = Field(
        0.2,
        gt=0,
        le=1,
        description="share of sales from which one customer or industry is a concentration risk",
    )

    @field_validator("thirds", "phases")
    @classmethod
    def _whole(cls, weights: list[float]) -> list[float]:
        if any(weight < 0 for weight in weights) or abs(sum(weights) - 1) > 1e-6:
            raise ValueError(
                say(
                    "weights of 0 or more that sum to 1; these sum to {total:g}", total=sum(weights)
                )
            )
        return weights

    @field_validator("lines")
    @classmethod
    def _falling(cls, lines: list[float]) -> list[float]:
        if any(not 0 < chance < 1 for chance in lines) or sorted(lines, reverse=True) != lines:
            raise ValueError(
                say(
                    "probabilities between 0 and 1 that fall from the base to the breakthrough line"
                )
            )
        return lines

    @field_validator("pins", "agenda", "potential")
    @classmethod
    def _not_negative(cls, values: dict[str, float]) -> dict[str, float]:
        if wrong := [name for name, value in values.items() if value < 0]:
            raise ValueError(
                say(
                    "amounts of 0 or more; {name} is {value:g}",
                    name=wrong[0],
                    value=values[wrong[0]],
                )
            )
        return values

    @field_validator("ramp")
    @classmethod
    def _a_share(cls, ramp: list[float]) -> list[float]:
        if any(not 0 <= share <= 1 for share in ramp):
            raise ValueError(
                say("shares of a full quota between 0 and 1, one per quarter of tenure")
            )
        return ramp

    @model_validator(mode="after")
    def _bounds(self) -> GoalSettings:
        if self.amber_from > self.green_from:
            raise ValueError(say("amber_from lies above green_from"))
        if self.amber_chance > self.green_chance:
            raise ValueError(say("amber_chance lies above green_chance"))
        if self.capability_weight + self.potential_weight > 1:
            raise ValueError(say("capability_weight and potential_weight are more than 1 together"))
        if self.quota_floor > self.quota_cap:
            raise ValueError(say("quota_floor lies above quota_cap"))
        return self
