"""What the book is: [book] and [privacy]."""

from __future__ import annotations

import re
from datetime import date
from typing import Literal
from zoneinfo import available_timezones

from pydantic import Field, field_validator

from playbook.base.errors import did_you_mean
from playbook.base.language import say

from .group import Group

DIMENSION = re.compile(r"[^\W\d_]\w{0,59}")
LONGEST_NAME = 80  # characters of a book's name: file systems stop at 255 bytes of a path part
RESERVED = {"con", "prn", "aux", "nul"}  # names Windows keeps for devices


def folder_name_problem(name: str) -> str:
    """Why a folder cannot have this name; empty when it can."""
    if not name.strip(" .\t") or any(character in name for character in '/\\<>:"|?*'):
        return say(
            'a name a folder can have, without / and \\, < > : " | ? *; title takes any text'
        )
    if not name.isprintable() or name != name.strip() or name.endswith("."):
        return say("a name without line breaks, blanks around it or a point at its end")
    if len(name) > LONGEST_NAME:
        return say("at most {most} characters; title takes any text", most=LONGEST_NAME)
    if name.split(".")[0].casefold() in RESERVED:
        return say("another name: Windows keeps this one for a device")
    return ""


class BookSettings(Group):
    name: str = Field(
        "book", description="folder name under reports/; left out = the name of the book's folder"
    )
    title: str = Field("", description="name printed on the pages; empty = the name")
    currency: str = Field("CNY", description="ISO code of every money column")
    language: Literal["en", "zh"] = Field(
        "en", description="how numbers and dates are written and the language the pages declare"
    )
    fiscal_year_start: int = Field(1, ge=1, le=12, description="month the fiscal year starts in")
    fiscal_year_name: Literal["start", "end"] = Field(
        "end",
        description=(
            "which calendar year names a fiscal year: the one it ends in, as most firms say (July"
            " 2019 to June 2020 is 2020), or the one it starts in; the same from January"
        ),
    )
    holidays: str | list[date] = Field(
        "",
        description=(
            "a country of the holidays package (CN) or a list of dates; empty = weekends only"
        ),
    )
    workdays: list[date] = Field(
        [],
        description=(
            "weekend days worked in exchange for a holiday, beside those the country's calendar"
            " knows"
        ),
    )
    time_zone: str = Field(
        "",
        description=(
            "zone whose calendar a moment with an offset falls in, such as Asia/Shanghai; empty ="
            " texts as they are written, moments of a database asked for"
        ),
    )
    stages: list[str] = Field(
        ["lead", "intent", "negotiation", "won"],
        min_length=2,
        description="funnel stages in order; the last one is a won deal",
    )
    covers: dict[str, list[date]] = Field(
        {},
        description=(
            "first and last day that a table's rows cover, where the days of its rows do not show"
            " it (covers.orders = [2022-01-01, 2023-09-30]; the last may be left out)"
        ),
    )
    bad_rows: float = Field(
        0.01,
        ge=0,
        le=0.2,
        description=(
            "largest share of a table's rows that may be set aside because a cell cannot be read or"
            " contradicts another, before the book is refused; 0 = refuse at the first"
        ),
    )
    unknown_share: float = Field(
        0.01,
        ge=0,
        le=1,
        description=(
            "largest share of rows that may refer to something unknown before the book is refused"
        ),
    )

    dimensions: list[str] = Field(
        [],
        description=(
            "dimensions of the firm's own, such as competitor or segment: columns that any table"
            " may carry beside those of the contract, and that every by = … can name"
        ),
    )

    @field_validator("dimensions")
    @classmethod
    def _names_of_columns(cls, names: list[str]) -> list[str]:
        if len({name.casefold() for name in names}) < len(names):
            raise ValueError(say("a dimension is named twice"))
        if wrong := [name for name in names if not DIMENSION.fullmatch(name)]:
            raise ValueError(
                say(
                    "'{name}' is no name of a column: letters, digits and underlines, a letter"
                    " first",
                    name=wrong[0],
                )
            )
        return names

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, name: str) -> str:
        if name and name not in available_timezones():
            raise ValueError(
                say(
                    "a zone of the tz database such as Asia/Shanghai; {hint}",
                    hint=did_you_mean(name, available_timezones()),
                )
            )
        return name

    @field_validator("stages")
    @classmethod
    def _distinct(cls, stages: list[str]) -> list[str]:
        if len(set(stages)) < len(stages):
            raise ValueError(say("a stage is named twice"))
        if not all(stage.strip() for stage in stages):
            raise ValueError(say("a stage has no name"))
        return stages

    @field_validator("name")
    @classmethod
    def _a_folder(cls, name: str) -> str:
        if problem := folder_name_problem(name):
            raise ValueError(problem)
        return name

    @field_validator("covers")
    @classmethod
    def _days_in_order(cls, covers: dict[str, list[date]]) -> dict[str, list[date]]:
        for table, span in covers.items():
            if not 1 <= len(span) <= 2:
                raise ValueError(
                    say("covers.{table} takes a first day and, if wanted, a last day", table=table)
                )
            if span != sorted(span):
                raise ValueError(say("covers.{table} begins after it ends", table=table))
        return covers

    @field_validator("currency")
    @classmethod
    def _a_code(cls, code: str) -> str:
        if not (len(code) == 3 and code.isascii() and code.isalpha() and code.isupper()):
            raise ValueError(say("an ISO code of three capital letters, such as EUR"))
        return code

    @field_validator("holidays")
    @classmethod
    def _known_country(cls, holidays: str | list[date]) -> str | list[date]:
        if isinstance(holidays, str) and holidays:
            import holidays as package
            from holidays.registry import COUNTRIES

            if len(holidays) == 2 and any(holidays in names for names in COUNTRIES.values()):
                return holidays  # without importing the calendars of all countries
            if holidays not in (known := package.list_supported_countries()):
                raise ValueError(
                    say(
                        "a country code of the holidays package, or a list of dates; {hint}",
                        hint=did_you_mean(holidays, known),
                    )
                )
        return holidays


class Privacy(Group):
    show_personal: bool = Field(
        False,
        description=(
            "show contact names, phones and e-mails in reports; off, those inside free text are"
            " masked too"
        ),
    )
