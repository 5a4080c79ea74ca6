"""[[alerts]]: numbers of results.json that are told when they cross a line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pydantic import Field, field_validator, model_validator

from playbook.base.errors import did_you_mean
from playbook.base.language import say
from playbook.base.vocabulary import METRICS

from .audiences import Audience
from .deliver import DeliverSettings, audience_mistakes
from .group import Group


class Alert(Group):
    number: str = Field(description="name of a number of results.json, such as win_rate.narrow")
    window: str = Field("month", description="its window: month, quarter_to_date, all …")
    by: dict[str, str] = Field(
        {}, description='its split, such as { region = "East" }; empty = the whole'
    )
    below: float | None = Field(None, description="told when the number is below this")
    above: float | None = Field(None, description="told when the number is above this")
    changes_by: float | None = Field(
        None,
        gt=0,
        description=(
            "told when it moved by at least this since the last printed pack: a share of its value"
            " (0.1 = 10 %), of shares the points (0.1 = 10 points)"
        ),
    )
    audience: str = Field(
        "director", description="who is told by `playbook deliver`; the summary and record tell all"
    )

    @field_validator("number")
    @classmethod
    def _known(cls, number: str) -> str:
        if number not in METRICS:
            raise ValueError(
                say(
                    "no number is called '{number}'; {hint}",
                    number=number,
                    hint=did_you_mean(number, METRICS),
                )
            )
        return number

    @model_validator(mode="after")
    def _a_line(self) -> Alert:
        if self.below is None and self.above is None and self.changes_by is None:
            raise ValueError(say("an alert needs below, above or changes_by"))
        if self.below is not None and self.above is not None and self.below > self.above:
            raise ValueError(say("below must not lie above `above`: every value would be told"))
        return self


def told_mistakes(
    deliver: DeliverSettings, alerts: Sequence[Alert], audiences: Mapping[str, Audience]
) -> list[str]:
    """What is wrong with the audiences that recipients and alerts name, given [audiences]."""
    named = [(f"deliver.to '{one.name}'", one.audience) for one in deliver.to]
    named += [(f"alerts '{one.number}'", one.audience) for one in alerts]
    return audience_mistakes(named, audiences)
