"""Notebook parameters, typed. The parameters cell of each notebook and the model here agree by
test.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from playbook.base.language import say

from .errors import ParameterProblem, Problem, did_you_mean
from .periods import Month
from .places import sample_folder

SAMPLE = sample_folder()
ASKED_FROM = "PLAYBOOK_ASKED_FROM"  # environment: the folder `playbook lab` was asked for in


class Common(BaseModel):
    """What all five notebooks take. An empty text means: the usual."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    book: str = Field("", description="folder of the book; empty = the sample company")
    month: str = Field(
        "", description="report month YYYY-MM; empty = last closed month in the data"
    )

    @field_validator("month")
    @classmethod
    def _real_month(cls, month: str) -> str:
        if not month:
            return month
        try:
            return str(Month.parse(month))
        except ParameterProblem:
            raise ValueError(
                f"'{month}' is no month; expected YYYY-MM, for example 2023-09"
            ) from None

    @property
    def book_path(self) -> Path:
        """Folder of the book, absolute; the sample when none is named. A name is looked up beside
        the notebook, then where `playbook lab` was asked for.
        """
        if not self.book:
            return SAMPLE
        asked = os.environ.get(ASKED_FROM)
        places = [Path.cwd(), *([Path(asked)] if asked else [])]
        found = [place / Path(self.book).expanduser() for place in places]
        return next((path for path in found if path.exists()), found[0])

    @classmethod
    def from_notebook(cls, names: Mapping[str, Any]) -> Self:
        """The parameters a notebook's globals hold, checked."""
        return cls.check({name: names[name] for name in cls.model_fields if name in names})

    @classmethod
    def check(cls, values: Mapping[str, Any]) -> Self:
        """Validated parameters; every problem at once, unknown names with a suggestion."""
        try:
            return cls.model_validate(dict(values))
        except ValidationError as error:
            problems = [cls._problem(dict(entry)) for entry in error.errors()]
            raise ParameterProblem(problems) from None

    @classmethod
    def _problem(cls, entry: dict[str, Any]) -> Problem:
        name = ".".join(str(part) for part in entry["loc"])
        if entry["type"] == "extra_forbidden":
            return Problem(
                found=say("unknown parameter '{name}'", name=name),
                expected=say("a parameter of {name}", name=cls.__name__),
                try_=did_you_mean(name, cls.model_fields),
            )
        return Problem(
            found=say("parameter {name} = {get!r}", name=name, get=entry.get("input")),
            expected=entry["msg"].removeprefix("Value error, "),
            try_=(
                cls.model_fields[name].description or say("see `playbook params`")
                if name in cls.model_fields
                else say("see `playbook params`")
            ),
        )

    def changed(self) -> dict[str, Any]:
        """Parameters that differ from their default, for the footer."""
        return {
            name: value
            for name, value in self.model_dump().items()
            if value != type(self).model_fields[name].default
        }


class Goals(Common):
    """01-goal-setting."""

    year_target: float = Field(
        0.0,
        ge=0,
        description=(
            "the company's sales target of the year planned; 0: the book's own, else the forecast's"
            " base line [currency]"
        ),
    )
    deals_target: int = Field(
        0,
        ge=0,
        le=1_000_000,
        description="deals a month, for back-solving; 0: what the plan asks [deals]",
    )
    win_rate: float = Field(
        0.0,
        ge=0,
        le=1,
        description="lead-to-deal rate for back-solving; 0: learnt from the book [share]",
    )
    probability: float = Field(
        0.8, gt=0, lt=1, description="chance with which the deals are to be reached [share]"
    )


class Segments(Common):
    """02-segmentation."""

    top: int = Field(15, ge=1, le=500, description="customers listed in a table [customers]")
    months_back: int = Field(
        1, ge=1, le=36, description="months to the date movement is measured from [months]"
    )


class Funnel(Common):
    """03-funnel-diagnosis."""

    window: Literal["month", "quarter_to_date", "year_to_date", "trailing_12m"] = Field(
        "month", description="span of the performance table and of the gap"
    )
    since: str = Field(
        "",
        description=(
            "day a measure took hold, YYYY-MM-DD, for the comparison before and after; empty: the"
            " first strategy of the last 12 months"
        ),
    )
    top: int = Field(15, ge=1, le=500, description="rows listed in a table [rows]")

    @field_validator("since")
    @classmethod
    def _real_day(cls, since: str) -> str:
        if since:
            try:
                date.fromisoformat(since)
            except ValueError:
                raise ValueError(
                    f"'{since}' is no day; expected YYYY-MM-DD, for example 2023-04-01"
                ) from None
        return since


class Incentives(Common):
    """04-incentive-design."""

    plan: str = Field("", description="plan in force; empty = the one of the settings")
    compare_with: str = Field(
        "", description="plan to compare with; empty = the one of the settings"
    )
    statements: int = Field(
        3,
        ge=0,
        le=500,
        description="statements printed in full, best paid first; actions.xlsx holds all [reps]",
    )


class Case(Common):
    """05-case-study-replay."""


NOTEBOOKS: dict[str, type[Common]] = {
    "01-goal-setting": Goals,
    "02-segmentation": Segments,
    "03-funnel-diagnosis": Funnel,
    "04-incentive-design": Incentives,
    "05-case-study-replay": Case,
}


def is_batch() -> bool:
    """Whether the runner executes the notebook (it sets PLAYBOOK_BATCH=1): widgets then show their
    static form.
    """
    return os.environ.get("PLAYBOOK_BATCH") == "1"
