"""How our tables come from theirs: [tables]."""

from __future__ import annotations

import re
from typing import Any, Literal

from pydantic import Field, field_validator, model_validator

from playbook.base.formats import listing
from playbook.base.language import say

from .group import Group

WORKED_OUT = ("value", "id", "row", "look_up", "from_name")


class ColumnMapping(Group):
    """How one of our columns comes about. A header alone, or a list of headers of which the first
    that is filled counts, is short for ``column``.
    """

    column: str | list[str] = Field("", description="their column, or several: the first filled")
    value: str | int | float | bool | None = Field(None, description="the same for every row")
    id: list[str] = Field([], description="columns joined to an id with - between them")
    row: str | None = Field(
        None, description="an id from all cells of the row, with this text in front"
    )
    times: str | float | list[str | float] = Field(
        [], description="columns or numbers to multiply by"
    )
    plus: str | list[str] = Field([], description="columns to add; empty cells count as 0")
    minus: str | list[str] = Field([], description="columns to take off; empty cells count as 0")
    negative: dict[str, list[str]] = Field(
        {},
        description=(
            "their columns and the words on whose rows the number is negative, however it is"
            " written: returns and credit notes"
        ),
    )
    look_up: str = Field("", description="another source, in which `give` is looked up")
    by: str | list[str] = Field(
        "",
        description=(
            "with look_up: their columns that hold the key; with once: the column in whose"
            " proportion a total is shared"
        ),
    )
    key: str | list[str] = Field("", description="columns of that source that hold the key")
    give: str = Field("", description="column of that source that is taken")
    match: str = Field("", description="regular expression whose group is taken from the cell")
    part: int = Field(1, ge=1, le=9, description="which group of match")
    once: str | list[str] = Field(
        [],
        description=(
            "the cell repeats (or stands on the first row only) for all rows with the same of"
            " these: it counts once, shared over them"
        ),
    )
    after: str = Field("", description="column with a duration to add to the day or moment")
    unit: Literal["days", "hours", "minutes", "weeks", "months"] = Field(
        "days", description="of a duration that is a bare number"
    )
    from_name: Literal["", "file", "sheet"] = Field(
        "", description="the name of the file or sheet the row stands in"
    )

    @model_validator(mode="before")
    @classmethod
    def _short(cls, given: Any) -> Any:
        return {"column": given} if isinstance(given, (str, list)) else given

    @field_validator("match")
    @classmethod
    def _a_pattern(cls, pattern: str) -> str:
        try:
            groups = re.compile(pattern).groups if pattern else 1
        except re.error as error:
            raise ValueError(say("no regular expression: {error}", error=error)) from None
        if not groups:
            raise ValueError(say("a pattern with a group in brackets: what is taken"))
        return pattern

    @model_validator(mode="after")
    def _one_way(self) -> ColumnMapping:
        ways = [name for name in WORKED_OUT if getattr(self, name) not in (None, "", [])]
        ways += ["column"] if self.column else []
        if self.row == "" and "row" not in ways:
            ways.append("row")
        sums = bool(self.plus or self.minus or self.times or self.times == 0 or self.negative)
        if len(ways) > 1 or not (ways or self.plus or self.times):
            raise ValueError(
                say(
                    "one of column, value, id, row, look_up and from_name, not {ways}",
                    ways=listing(ways, len(ways)),
                )
                if ways
                else say("one of column, value, id, row, look_up and from_name")
            )
        if self.look_up and not (self.by and self.key and self.give):
            raise ValueError(say("look_up goes with by, key and give"))
        if self.look_up and len(listed(self.by)) != len(listed(self.key)):
            raise ValueError(say("by and key name as many columns each"))
        if self.negative and not (self.column or self.times or self.plus):
            raise ValueError(say("negative goes with column, times or plus"))
        if (self.match or self.once or self.after) and not self.column:
            raise ValueError(say("match, once and after go with column"))
        if sums and (self.match or self.once or self.after):
            raise ValueError(say("arithmetic without match, once or after"))
        if (self.key or self.give) and not self.look_up:
            raise ValueError(say("key and give go with look_up"))
        if self.by and not (self.look_up or self.once):
            raise ValueError(say("by goes with look_up or once"))
        return self

    @property
    def plain(self) -> str:
        """Their header, where the column is one of theirs as it stands; else empty."""
        rest = self.model_dump(exclude_defaults=True, exclude={"column"})
        return self.column if isinstance(self.column, str) and not rest else ""

    def headers(self) -> list[str]:
        """Every column of the source that is asked for."""
        numbers = self.times if isinstance(self.times, list) else [self.times]
        named = [name for name in numbers if isinstance(name, str)]
        told = list(self.negative)
        groups = (self.column, self.id, named, self.plus, self.minus, self.by, self.once, told)
        return [name for group in groups for name in listed(group)] + listed(self.after)


def listed(names: str | list[str]) -> list[str]:
    """A name alone or several as a list; empty for none."""
    if isinstance(names, str):
        return [names] if names else []
    return list(names)


class LongSettings(Group):
    """Columns across turned into rows: months, regions or people that head columns."""

    headers: str | list[str] = Field(
        description=(
            "the columns turned: a list, a regular expression whose groups are the name, or * ="
            " every column that nothing else maps"
        )
    )
    name: str | list[str] = Field(description="our column that takes the header (or its groups)")
    value: str = Field(description="our column that takes the cell")
    year: int | None = Field(None, ge=1990, le=2069, description="of months without one")

    @field_validator("headers")
    @classmethod
    def _a_pattern(cls, headers: str | list[str]) -> str | list[str]:
        if isinstance(headers, str) and headers != "*":
            try:
                re.compile(headers)
            except re.error as error:
                raise ValueError(say("no regular expression: {error}", error=error)) from None
        return headers


class TableSettings(Group):
    """One of our tables, from theirs."""

    from_: str = Field("", alias="from", description="name of a source")
    sql: str = Field("", description="a DuckDB query over the sources, instead of from")
    where: str = Field("", description="DuckDB SQL condition on the source's own columns")
    columns: dict[str, ColumnMapping] = Field(
        {}, description="our column = their column, or how it is worked out from theirs"
    )
    values: dict[str, dict[str, str]] = Field(
        {}, description='values.<our column> = { theirs = ours }; "*" = every other word'
    )
    long: LongSettings | None = Field(None, description="columns across turned into rows")
    group: list[str] = Field(
        [],
        description=(
            "our columns of which each set of values becomes one row; the other columns keep the"
            " value all its rows have"
        ),
    )
    sum: list[str] = Field([], description="with group: our columns that are added up")

    @model_validator(mode="after")
    def _one_way(self) -> TableSettings:
        if bool(self.from_) == bool(self.sql):
            raise ValueError(say("a table has either from or sql"))
        if self.sql and (self.columns or self.where or self.long):
            wrong = "columns" if self.columns else "where" if self.where else "long"
            raise ValueError(
                say(
                    "sql without {wrong}, which goes with from; a query says it itself: SELECT"
                    " theirs AS ours … WHERE …",
                    wrong=wrong,
                )
            )
        if self.sum and not self.group:
            raise ValueError(say("sum goes with group: the columns of which one row is made"))
        return self
