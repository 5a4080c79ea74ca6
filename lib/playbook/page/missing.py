"""Sections whose tables are not in the book: how a stage function becomes one, what it answers."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any, ClassVar, ParamSpec, TypeVar, get_args, get_type_hints

import pandas as pd

from playbook.base.contracts import Frame, contracts_of
from playbook.base.errors import NotAvailable, did_you_mean
from playbook.base.language import english, later, say

from .blocks import Block, Record, Text
from .origins import shows, traced
from .results import Result

P = ParamSpec("P")
R = TypeVar("R", bound=Result)

EMPTY = {"date": "datetime64[us]", "flag": "bool", "text": "str", "month": "str", "any": "object"}


class PartNotAvailable(NotAvailable, AttributeError):
    """A missing section was asked for a frame or number that only a section with data has.

    A section that asks becomes missing in its turn; ``hasattr`` and ``getattr`` with a default
    see an attribute that is not there.
    """


@dataclass(frozen=True)
class Missing(Result):
    """A section whose tables are not in the book: says what it needs and what it would give.

    It stands in for a result of class ``kind`` and answers three ways. What every result has
    (``headline()``, ``figure()``, ``tables()``, ``blocks()`` ...) answers as a result with nothing
    to show. Further methods of ``kind`` that return a figure or a table return None, which ``show``
    skips. Any other attribute of ``kind`` raises PartNotAvailable. A name ``kind`` does not have
    either raises AttributeError with a suggestion.
    """

    status: ClassVar[str] = later("not available")
    name: str
    reason: str
    gives: str = ""
    kind: type[Result] = Result

    def __repr__(self) -> str:
        return say(
            "{name} ({name_2}): {status}: {reason}",
            name=self.name,
            name_2=self.kind.__name__,
            status=self.status,
            reason=self.reason,
        )

    def blocks(self) -> list[Block]:
        """The note on the page, and the record for results.json."""
        reason = say(self.reason).rstrip(".。")  # a sentence or a part of one
        needs = english(self.reason).startswith("needs")
        gives = ""
        if self.gives:
            gives = (
                say(" With it: {gives}.", gives=say(self.gives))
                if needs
                else say(" It would show: {gives}.", gives=say(self.gives))
            )
        text = Text(
            say("This section {reason}.{gives}", reason=reason, gives=gives)
            if needs
            else say("{reason}.{gives}", reason=reason[:1].upper() + reason[1:], gives=gives),
            role="missing",
            title=say("Not available."),
        )
        return [
            text,
            Record(section={"id": self.name, "status": f"not available: {english(self.reason)}"}),
        ]

    def __getattr__(self, name: str) -> Any:
        kind = self.__dict__.get("kind", Result)
        parts = parts_of(kind)
        if name.startswith("_") or name not in parts:
            options = {*parts, *(n for n in dir(self) if not n.startswith("_"))}
            raise AttributeError(
                f"a missing {kind.__name__} has no attribute '{name}';"
                f" {did_you_mean(name, options)}",
                name=name,
                obj=self,
            )
        if parts[name]:
            return lambda *args, **kwargs: None
        raise PartNotAvailable({}, "", because=self.reason)


@functools.cache
def parts_of(kind: type) -> dict[str, bool]:
    """Public attributes of a result class; True for a method that returns something to show."""
    own = {field.name for field in fields(kind)} | {n for n in dir(kind) if not n.startswith("_")}
    return {name: shows(getattr(kind, name, None)) for name in own}


def section(name: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Marks a stage function as filling section ``name``: where tables it needs are not in the
    book it returns a ``Missing`` in place of its result.

    The decorated function keeps its signature, and its declared result class: that is what editors
    complete and type checkers check. A script that runs on books of any kind asks
    ``result.status == "ok"`` before it takes the result apart; one that does not gets
    PartNotAvailable, which says which tables are needed. Only NotAvailable is caught: anything
    else is a failure and stays one.
    """

    def wrap(function: Callable[P, R]) -> Callable[P, R]:
        @functools.wraps(function)
        def call(*args: P.args, **kwargs: P.kwargs) -> R:
            try:
                return function(*args, **kwargs)
            except NotAvailable as absent:
                missing: Any = Missing(name, absent.reason, absent.gives, result_class(function))
                return missing

        kept = traced(call)
        kept.section = name  # type: ignore[attr-defined]
        return kept

    return wrap


@functools.cache
def result_class(function: Callable[..., Any]) -> type[Result]:
    """The result class a stage function says it returns, ``Result`` when it names no other."""
    try:
        returns = get_type_hints(function).get("return", Result)
    except NameError:  # an argument's type is imported for type checkers only
        name = str(function.__annotations__.get("return", "")).split("|")[0].strip()
        returns = getattr(function, "__globals__", {}).get(name, Result)
    options = [c for c in get_args(returns) or (returns,) if isinstance(c, type)]
    named = [c for c in options if issubclass(c, Result) and c not in (Result, Missing)]
    return named[0] if named else Result


def look(result: Result, name: str, key: Any = None) -> pd.DataFrame:
    """The frame ``name`` that a result stands on; an empty one of the same columns when the section
    is not available, so that a line written for one book runs on every book.

    key: which frame, where ``name`` is a dict of frames. Raises AttributeError, with a suggestion,
    for a name the result's class does not have.
    """
    missing = isinstance(result, Missing)
    kind = result.kind if isinstance(result, Missing) else type(result)
    if name not in parts_of(kind) and kind is not Result:
        raise AttributeError(
            f"{kind.__name__} has no frame '{name}'; {did_you_mean(name, parts_of(kind))}"
        )
    found = None if missing else getattr(result, name)
    if key is not None and isinstance(found, dict):
        found = found.get(key)
    if isinstance(found, pd.DataFrame) and not found.empty:
        return found
    contract = contracts_of(kind).get(name)
    if found is None or not len(found.columns):
        return pd.DataFrame() if contract is None else empty(contract)
    return (
        found.astype({c: EMPTY.get(c.unit, "float") for c in contract.columns if c in found})
        if contract
        else found
    )


def empty(contract: type[Frame]) -> pd.DataFrame:
    """A frame of the contract without rows, each column of the type its unit says."""
    return pd.DataFrame(
        {str(c): pd.Series(dtype=EMPTY.get(c.unit, "float")) for c in contract.columns}
    )
