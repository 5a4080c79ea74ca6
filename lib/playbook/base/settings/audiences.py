"""[audiences]: for whom packs are made, whose rows each of them may hold, and whether pay is
shown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from pydantic import Field, field_validator, model_validator

from playbook.base.formats import joined
from playbook.base.language import say

from .book import folder_name_problem
from .group import Group
from .report import Edition

Kind = Literal["director", "manager", "rep", "finance", "client"]
ALL = "all"  # --audience all
DIMENSIONS = ("region", "team", "rep", "product_line", "customer_type", "industry", "channel")


class Audience(Group):
    """Whose rows an audience sees. Rows of others are left out before anything is computed."""

    kind: Kind = Field(
        description=(
            "what its pack is: director (the editions of [report]), manager (one page on the own"
            " part, and its chapters), rep (one page), finance (the brief, the forecast and pay),"
            " client (no people's or customers' names)"
        )
    )
    see: dict[str, list[str]] = Field(
        {},
        description=(
            'members whose rows it sees, such as see.region = ["West"]; dimensions are region,'
            " team, rep (rep_id), product_line, customer_type, industry, channel and those of"
            " [book] dimensions; empty = every row"
        ),
    )
    each: str = Field(
        "",
        description=(
            'a dimension: one pack for each of its members (each = "region" makes NAME-East,'
            " NAME-West, …)"
        ),
    )
    pay: bool = Field(
        False,
        description=(
            "whether pay is in it: commission plans, awards, base pay, statements; a rep sees the"
            " own statement only"
        ),
    )
    company: bool = Field(
        False,
        description=(
            "whether rows that are nobody's are in a part's pack: costs of channels, the market,"
            " strategies, key results, tasks and meetings of others"
        ),
    )
    names: bool | None = Field(
        None,
        description=(
            "whether people and customers are named; left out = not for a client, else yes"
        ),
    )
    editions: list[Edition] = Field(
        [], description="what is printed beside the audience's own page; empty = as its kind needs"
    )

    @property
    def named(self) -> bool:
        return self.kind != "client" if self.names is None else self.names

    @property
    def whole(self) -> bool:
        """Whether every row of the book is in it."""
        return not self.see and not self.each

    @field_validator("see")
    @classmethod
    def _some(cls, see: dict[str, list[str]]) -> dict[str, list[str]]:
        for dimension, members in see.items():
            if not members or not all(member.strip() for member in members):
                raise ValueError(
                    say(
                        "see.{dimension} names no member; leave it out to see all",
                        dimension=dimension,
                    )
                )
            if len(set(members)) < len(members):
                raise ValueError(say("see.{dimension} names a member twice", dimension=dimension))
        return see

    @model_validator(mode="after")
    def _fits_its_kind(self) -> Audience:
        found = []
        if self.each and self.each in self.see:
            found.append(say("each = '{each}' and see.{each}: give one of the two", each=self.each))
        if self.kind in ("manager", "rep") and self.whole:
            found.append(
                say("a manager sees a part: give see or each")
                if self.kind == "manager"
                else say("a rep sees a part: give see or each")
            )
        asked = {self.each, *self.see} - {""}
        if self.kind == "rep" and "rep" not in asked:
            found.append(say('a rep sees the own rows: give each = "rep" or see.rep'))
        if self.kind == "rep" and len(self.see.get("rep", [""])) > 1:
            found.append(say('a page is for one rep: give each = "rep", or an audience for each'))
        if self.kind == "client" and self.pay:
            found.append(say("pay is never in a client's pack: leave pay out"))
        if found:
            raise ValueError(joined(found, "; "))
        return self


def audience_mistakes(audiences: Mapping[str, Audience], own: Sequence[str]) -> list[str]:
    """What is wrong with names and dimensions of audiences. own: [book] dimensions."""
    known, found = [*DIMENSIONS, *own], []
    folded: dict[str, str] = {}
    for name, audience in audiences.items():
        if problem := folder_name_problem(name):
            found.append(
                say(
                    "audience '{name}': its pack's folder is called so: {problem}",
                    name=name,
                    problem=problem,
                )
            )
        if name.casefold() == ALL:
            found.append(
                say(
                    "an audience cannot be called '{name}': --audience {all} means every one",
                    name=name,
                    all=ALL,
                )
            )
        if name.casefold() in folded:
            found.append(
                say(
                    "audiences '{first}' and '{name}' share one folder",
                    first=folded[name.casefold()],
                    name=name,
                )
            )
        folded[name.casefold()] = name
        found += [
            say(
                "audience '{name}' goes by '{dimension}', which is none of {known}",
                name=name,
                dimension=dimension,
                known=joined(known),
            )
            for dimension in dict.fromkeys([*audience.see, audience.each])
            if dimension and dimension not in known
        ]
    return found
