"""[report]: which editions a run prints, for whom, and in what dress."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, field_validator

from playbook.base.errors import did_you_mean

from .group import Group

Edition = Literal["brief", "director", "details", "chapters", "slides"]
CHAPTERS = (
    "goal-setting",
    "segmentation",
    "funnel-diagnosis",
    "incentive-design",
    "case-study-replay",
)


class ReportSettings(Group):
    editions: list[Edition] = Field(
        ["brief", "director", "details"],
        description=(
            "what a run prints: brief (one page, upright and 16:9), director (at most ten pages),"
            " details (every section), chapters (each chapter alone), slides (the director's"
            " edition as PowerPoint)"
        ),
    )
    chapters: list[str] = Field(
        list(CHAPTERS[:4]),
        description=(
            "chapters of details.pdf; the case, which does not change from month to month, only"
            " where it is named here"
        ),
    )
    accent: str = Field(
        "#1F5FA8",
        pattern=r"^#[0-9A-Fa-f]{6}$",
        description="colour of heads and numbers of decisions in the short editions, #RRGGBB",
    )
    footer: str = Field(
        "", max_length=120, description="words at the foot of the short editions; else the company"
    )
    logo: str = Field(
        "",
        description="SVG or PNG in the book's folder, set at the head of the short editions",
        pattern=r"(?i)^$|\.(svg|png)$",
    )
    owner_sheets: bool = Field(
        False,
        description=(
            "a sheet of the own plan and targets for each owner in actions.xlsx, beside the one"
            " action list that everybody filters"
        ),
    )
    contacts: bool = Field(
        False,
        description=(
            "print e-mail addresses, telephone, identity and bank card numbers and chat names that"
            " stand in free texts; off, they are masked in every edition. Columns that hold contact"
            " data are shown by privacy.show_personal alone"
        ),
    )
    # How often a pack was made is no part of what it is made from: never in a manifest.
    keep: int = Field(
        3,
        ge=0,
        le=1000,
        exclude=True,
        description=(
            "how many earlier versions of a month's pack stay when it is made again, in the month's"
            " folder under .earlier/BOOK, numbered from the first"
        ),
    )

    @field_validator("chapters")
    @classmethod
    def _known(cls, chapters: list[str]) -> list[str]:
        for name in chapters:
            if name not in CHAPTERS:
                raise ValueError(f"no chapter is called '{name}'; {did_you_mean(name, CHAPTERS)}")
        return chapters
