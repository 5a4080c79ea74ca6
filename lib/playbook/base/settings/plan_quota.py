"""What a plan pays for reaching quotas, as playbook.toml writes it: measures with their weights,
levels, gates, the matrix, and how quotas change by days. The arithmetic is in ``playbook.pay``.
"""

from __future__ import annotations

import itertools
from datetime import date
from decimal import Decimal
from typing import Literal

from pydantic import Field, field_validator, model_validator

from playbook.base.language import say

from .plan_parts import Money, Part, is_part

Of = Literal["revenue", "gross_margin", "new_logos", "multi_year", "cash", "units"]


class AttainmentLevel(Part):
    """Reaching ``at`` of the quota pays ``pays`` of the target pay."""

    at: Decimal = Field(gt=0, description="attainment of the quota: 80 % is 0.8 [share]")
    pays: Decimal = Field(ge=0, description="share of the target pay: full is 1 [share]")

    _part = field_validator("at", "pays")(is_part)


class Gate(Part):
    """Nothing is paid before another measure has reached a part of its quota."""

    measure: str = Field(description="name of the measure that must be reached")
    at: Decimal = Field(gt=0, description="part of its quota that opens the gate [share]")

    _part = field_validator("at")(is_part)


class Measure(Part):
    """One of several things that the target pay is for."""

    name: str = Field(min_length=1, description="how statements call it")
    of: Of = Field("revenue", description="what is counted of the credited orders")
    weight: Decimal = Field(gt=0, le=1, description="part of the target pay it is worth [share]")
    quota: Money | None = Field(
        None,
        gt=0,
        description=(
            "quota of a full period, in currency or pieces; none = the rep's quota (revenue only)"
        ),
    )
    levels: list[AttainmentLevel] = Field(
        [], description="rising levels of its own; empty = those of the attainment"
    )
    gate: Gate | None = Field(None, description="measure that must be reached before it pays")
    least_months: int = Field(
        24, ge=1, description="of multi_year: months from which an order counts [months]"
    )

    @property
    def counted(self) -> str:
        """What is counted, with the least months where measures may differ in them."""
        return f"multi_year_{self.least_months}" if self.of == "multi_year" else self.of

    @model_validator(mode="after")
    def _has_quota(self) -> Measure:
        if self.of != "revenue" and self.quota is None:
            raise ValueError(
                say(
                    "measure '{name}' counts {of} and needs a quota of its own",
                    name=self.name,
                    of=self.of,
                )
            )
        rising(self.levels)
        return self


class Matrix(Part):
    """Pay by two measures: the share of the target pay by the attainment of both."""

    rows: str = Field(description="measure down the side")
    columns: str = Field(description="measure across")
    rows_at: list[Decimal] = Field(min_length=1, description="attainment each row starts at")
    columns_at: list[Decimal] = Field(min_length=1, description="attainment each column starts at")
    pays: list[list[Decimal]] = Field(
        description="share of the target pay by row and column; below the first nothing [share]"
    )

    @model_validator(mode="after")
    def _whole(self) -> Matrix:
        for name, edges in (("rows_at", self.rows_at), ("columns_at", self.columns_at)):
            if any(b <= a for a, b in itertools.pairwise(edges)):
                raise ValueError(say("matrix: {name} must rise", name=name))
        wide = {len(row) for row in self.pays}
        if len(self.pays) != len(self.rows_at) or wide != {len(self.columns_at)}:
            raise ValueError(
                say(
                    "matrix: pays needs {total} rows of {total_2} shares",
                    total=len(self.rows_at),
                    total_2=len(self.columns_at),
                )
            )
        if any(share < 0 for row in self.pays for share in row):
            raise ValueError(say("matrix: a share of the target pay is not below 0"))
        return self


def rising(levels: list[AttainmentLevel]) -> None:
    """Raise ValueError unless the levels rise."""
    for low, high in itertools.pairwise(levels):
        if high.at <= low.at or high.pays < low.pays:
            raise ValueError(
                say(
                    "levels must rise: {at} pays {pays} follows {at_2} pays {pays_2}",
                    at=high.at,
                    pays=high.pays,
                    at_2=low.at,
                    pays_2=low.pays,
                )
            )


class AttainmentPay(Part):
    """Pay for the quota: base 80 %, sprint 100 %, breakthrough 120 %."""

    target_pay: Money = Field(gt=0, description="pay of a period at full attainment [currency]")
    levels: list[AttainmentLevel] = Field(
        [], description="rising levels; below the first nothing is paid"
    )
    between: Literal["stepped", "interpolated"] = Field(
        "stepped", description="hold the last level reached, or rise evenly to the next"
    )
    above: Decimal = Field(
        Decimal(0),
        ge=0,
        le=10,
        description=(
            "what each part of the quota beyond the last level adds; 2 = twice its share [ratio]"
        ),
    )
    measures: list[Measure] = Field(
        [], description="what is counted, with weights that add up to 1; empty = revenue"
    )
    presence: Literal["ignored", "pro_rata", "at_end"] = Field(
        "ignored",
        description=(
            "pay of somebody on board for part of a period: ignored = as for all of it; pro_rata ="
            " by days on board; at_end = nothing for who has left before its last day"
        ),
    )
    matrix: Matrix | None = Field(None, description="pay by two of the measures, not by weights")

    @model_validator(mode="after")
    def _complete(self) -> AttainmentPay:
        rising(self.levels)
        names = [measure.name for measure in self.measures]
        if len(set(names)) < len(names):
            raise ValueError(say("attainment: two measures have the same name"))
        bare = [one.name for one in self.measures if not one.levels]
        if not self.levels and self.matrix is None and (bare or not names):
            raise ValueError(
                say("attainment: levels are missing for '{measure}'", measure=bare[0])
                if bare
                else say("attainment: levels are missing")
            )
        total = sum((measure.weight for measure in self.measures), Decimal(0))
        if self.measures and self.matrix is None and total != 1:
            raise ValueError(
                say(
                    "attainment: the weights add up to {value:f} %, not to 100 %",
                    value=(total * 100).normalize(),
                )
            )
        asked = [one.gate.measure for one in self.measures if one.gate]
        asked += [self.matrix.rows, self.matrix.columns] if self.matrix else []
        if unknown := [name for name in asked if name not in names]:
            raise ValueError(
                say(
                    "attainment: '{value}' is no measure; there are: {value_2}",
                    value=unknown[0],
                    value_2=", ".join(names) or "none",
                )
            )
        return self


class ModifierStep(Part):
    """From ``at`` on, pay of the tiers is multiplied by ``times``."""

    at: Decimal = Field(ge=0, description="margin on the period's revenue it starts at [share]")
    times: Decimal = Field(ge=0, le=10, description="factor on the pay of the tiers [ratio]")


class QuotaFrom(Part):
    """A quota from a day on, in place of the plan's; the parts of a period count by days."""

    starts: date = Field(description="first day it holds")
    quota: Money = Field(gt=0, description="quota of a full period [currency]")
    reps: list[str] = Field([], description="for whom; empty = everybody with the plan's quota")


class Relief(Part):
    """Days on which a rep's quota is not asked for, or only in part."""

    rep: str = Field(description="rep_id")
    starts: date = Field(description="first day")
    ends: date = Field(description="last day")
    reason: Literal["leave", "illness", "parental", "territory", "training", "other"] = Field(
        description="why"
    )
    share: Decimal = Field(
        Decimal(1), gt=0, le=1, description="part of the quota that is let off [share]"
    )

    @model_validator(mode="after")
    def _days_in_order(self) -> Relief:
        if self.ends < self.starts:
            raise ValueError(
                say(
                    "relief of {rep} ends on {ends}, before {starts}",
                    rep=self.rep,
                    ends=self.ends,
                    starts=self.starts,
                )
            )
        return self
