"""[report]: which editions a run prints, for whom, and in what dress."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field, field_validator

from playbook.base.contrast import LEAST, contrast, darker
from playbook.base.errors import did_you_mean
from playbook.base.language import say

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
        description=(
            "colour of heads and numbers of decisions in the short editions, #RRGGBB, dark enough"
            " to be read on white paper (contrast of 4.5 at least)"
        ),
    )
    fonts: list[str] = Field(
        [],
        max_length=8,
        description=(
            "font files (OTF or TTF) in the book's folder, one family: the short editions are set"
            " in it, and in the usual fonts where it lacks a character"
        ),
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

    @field_validator("accent")
    @classmethod
    def _readable(cls, accent: str) -> str:
        found = contrast(accent)
        if found < LEAST:
            raise ValueError(
                say(
                    "a contrast of {found:.1f} to white paper, where words need {least}; the"
                    " lightest shade of it that can be read is {value}",
                    found=found,
                    least=LEAST,
                    value=darker(accent),
                )
            )
        return accent

    @field_validator("fonts")
    @classmethod
    def _font_files(cls, fonts: list[str]) -> list[str]:
        for name in fonts:
            if not name.lower().endswith((".otf", ".ttf")):
                raise ValueError(say("'{name}' is no OTF or TTF file", name=name))
        return fonts

    def missing_files(self, folder: Path) -> list[tuple[str, str]]:
        """(setting, file) of every file named that does not lie in the book's folder."""
        named = [("report.logo", self.logo), *(("report.fonts", font) for font in self.fonts)]
        return [(key, name) for key, name in named if name and not (folder / name).is_file()]

    @field_validator("chapters")
    @classmethod
    def _known(cls, chapters: list[str]) -> list[str]:
        for name in chapters:
            if name not in CHAPTERS:
                raise ValueError(
                    say(
                        "no chapter is called '{name}'; {hint}",
                        name=name,
                        hint=did_you_mean(name, CHAPTERS),
                    )
                )
        return chapters
