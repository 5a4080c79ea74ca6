"""A commission plan as data: what playbook.toml may say about pay. The arithmetic is in
``playbook.pay``.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

from pydantic import ValidationInfo, field_validator, model_validator

from playbook.base.formats import joined
from playbook.base.language import say

from .plan_bands import NO_DATE, partition
from .plan_fields import PlanFields
from .plan_itself import own_mistakes
from .plan_parts import Band, Split, is_part, is_share


class CommissionPlan(PlanFields):
    """Tiers, what they add up over, on which amounts, and what else pays."""

    _share = field_validator("manager_rate")(is_share)
    _part = field_validator("threshold")(is_part)

    @field_validator("starts", mode="before")
    @classmethod
    def _dated(cls, starts: Any, info: ValidationInfo) -> Any:
        if starts is None:
            raise ValueError(say(NO_DATE, plan=info.data.get("name", "")))
        return starts

    @field_validator("ramp")
    @classmethod
    def _ramp_of_shares(cls, ramp: list[Decimal]) -> list[Decimal]:
        return [is_share(share) for share in ramp]

    @field_validator("tiers")
    @classmethod
    def _bands_partition(cls, tiers: list[Band], info: ValidationInfo) -> list[Band]:
        partition(tiers, f"plan '{info.data.get('name', '')}', tiers")
        return tiers

    @field_validator("splits")
    @classmethod
    def _splits_add_up(cls, splits: list[Split], info: ValidationInfo) -> list[Split]:
        where = f"plan '{info.data.get('name', '')}', splits"
        total = sum((split.share for split in splits), Fraction(0))
        if splits and total != 1:
            shown = f"{Decimal(total.numerator * 100) / total.denominator:.6g}"
            told = say("{where}: they add up to {shown} %, not to 100 %", where=where, shown=shown)
            raise ValueError(told)
        if len({split.to for split in splits}) < len(splits):
            raise ValueError(say("{where}: an owner is named twice", where=where))
        return splits

    @field_validator("rules", "awards")
    @classmethod
    def _named_once(cls, parts: list, info: ValidationInfo) -> list:
        names = [part.name for part in parts]
        if len(set(names)) < len(names):
            raise ValueError(
                say(
                    "plan '{plan}', {field}: two are called {name!r}",
                    plan=info.data.get("name", ""),
                    field=info.field_name,
                    name=next(n for n in names if names.count(n) > 1),
                )
            )
        return parts

    @model_validator(mode="after")
    def _agrees_with_itself(self) -> CommissionPlan:
        if wrong := own_mistakes(self):
            raise ValueError(joined(wrong, "; "))
        return self
