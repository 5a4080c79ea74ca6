"""Whose rows an audience of ``[audiences]`` sees, and the packs that ``each`` makes of one."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from playbook.base.errors import ParameterProblem, Problem, did_you_mean
from playbook.base.language import say
from playbook.base.settings import Audience, Settings
from playbook.base.settings.book import folder_name_problem

from .databases import quoted
from .read import Read

See = tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True)
class Scope:
    """One pack's readers: the name of the pack and what its book may hold.

    see: (dimension, members) pairs; none = every row.
    """

    name: str
    audience: Audience
    see: See = ()

    @property
    def label(self) -> str:
        """The members in words, for titles; empty where every row is seen."""
        return ", ".join(member for _, members in self.see for member in members)

    @property
    def changes_nothing(self) -> bool:
        """Whether its book is the whole one, pay and names included."""
        shown = self.audience
        return not self.see and shown.pay and shown.named and shown.kind != "finance"


def scope_named(read: Read, settings: Settings, name: str) -> Scope:
    """The scope called ``name``: an audience, or a part of one (``managers-West``).

    Raises ParameterProblem for a name there is not.
    """
    for audience in settings.audiences:
        for scope in _parts(read, settings, audience) if name.startswith(audience) else ():
            if scope.name == name:
                return scope
    raise _unknown(name, settings)


def scopes_of(read: Read, settings: Settings, asked: Sequence[str]) -> list[Scope]:
    """The scopes of the audiences asked for, each once, in the order of the settings: ``all`` means
    every one, an audience with ``each`` all of its parts.

    Raises ParameterProblem with every name there is not.
    """
    every = [scope for name in settings.audiences for scope in _parts(read, settings, name)]
    owner = {
        scope.name: audience
        for audience in settings.audiences
        for scope in _parts(read, settings, audience)
    }
    known = {"all", *settings.audiences, *owner}
    if wrong := [name for name in asked if name not in known]:
        raise ParameterProblem([p for name in wrong for p in _unknown(name, settings).problems])
    if "all" in asked and not every:
        raise _unknown("all", settings)
    return [s for s in every if "all" in asked or s.name in asked or owner[s.name] in asked]


def _parts(read: Read, settings: Settings, name: str) -> list[Scope]:
    audience = settings.audiences[name]
    see: See = tuple((dimension, tuple(members)) for dimension, members in audience.see.items())
    for dimension, members in see:
        _known(read, name, dimension, members)
    if not audience.each:
        return [Scope(name, audience, see)]
    every = members_of(read, audience.each)
    if not every:
        _known(read, name, audience.each, ())
    return [
        Scope(_part_name(name, member), audience, (*see, (audience.each, (member,))))
        for member in every
    ]


def members_of(read: Read, dimension: str) -> list[str]:
    """Members of a dimension that rows of the book name, sorted; reps are those of its table of
    reps who have not left, where it has one.
    """
    column = "rep_id" if dimension == "rep" else dimension
    tables = ("reps", "customers", "orders", "opportunities", "leads", "contracts")
    have = [table for table in tables if column in read.given.get(table, ())]
    if dimension == "rep" and "reps" in have:
        still = ' WHERE "left" IS NULL' if "left" in read.given["reps"] else ""
        found = read.connection.execute(f"SELECT rep_id FROM book.reps{still}").fetchall()
        return sorted({row[0] for row in found if row[0]})
    asked = " UNION ".join(f"SELECT {quoted(column)} FROM book.{table}" for table in have)
    found = read.connection.execute(asked).fetchall() if asked else []
    return sorted({str(row[0]) for row in found if row[0] is not None})


def _known(read: Read, name: str, dimension: str, members: Sequence[str]) -> None:
    every = members_of(read, dimension)
    if dimension == "rep" and "reps" in read.given:  # one who has left may still be named
        rows = read.connection.execute("SELECT rep_id FROM book.reps").fetchall()
        every = [row[0] for row in rows]
    wrong = [member for member in members if member not in every]
    if not every or wrong:
        raise ParameterProblem(
            Problem(
                found=say(
                    "audience '{name}' sees {dimension} {wrong!r}",
                    name=name,
                    dimension=dimension,
                    wrong=wrong[0],
                )
                if wrong
                else say(
                    "audience '{name}' goes by {dimension}, which no row of the book names",
                    name=name,
                    dimension=dimension,
                ),
                expected=say("members that the book's rows name"),
                try_=did_you_mean(wrong[0], every) if every and wrong else say("another dimension"),
                file="playbook.toml",
                column=f"audiences.{name}",
            )
        )


def _part_name(name: str, member: str) -> str:
    """``managers-West``; a member no folder can be called after is told by its checksum."""
    made = f"{name}-{member}"
    if not folder_name_problem(made) and not member.startswith("."):
        return made
    return f"{name}-{hashlib.sha256(member.encode()).hexdigest()[:8]}"


def _unknown(name: str, settings: Settings) -> ParameterProblem:
    there = list(settings.audiences)
    return ParameterProblem(
        Problem(
            found=say("audience '{name}'", name=name)
            if there
            else say("playbook.toml has no [audiences]"),
            expected=say("an audience of [audiences], one of its parts, or all")
            if there
            else say("audiences to make packs for"),
            try_=did_you_mean(name, [*there, "all"])
            if there
            else say('[audiences.managers] with kind = "manager" and each = "region"'),
            file="playbook.toml",
        )
    )
