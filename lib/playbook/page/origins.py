"""Where what a live notebook shows comes from: which call made it, so that it can be made again
from another book.

Nothing is kept unless somebody follows (``follow.choose`` in a live notebook).
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ParamSpec, Protocol, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

# Return types of methods that put something on the page.
SHOWN = re.compile(r"\b(Figure|Table|Text|Note|Block|KpiRow|Heading)\b")


@dataclass(frozen=True)
class Origin:
    """The call that made ``made``."""

    made: Any
    function: Callable[..., Any]
    args: tuple[Any, ...]
    kwargs: dict[str, Any]


class Follower(Protocol):
    """Who keeps calls and what they showed."""

    def record(self, origin: Origin) -> None: ...
    def put(self, things: tuple[Any, ...]) -> None: ...
    def place(self, call: Callable[[], None], origin: Origin) -> None: ...


class _State:
    """Who follows now, and how deep in recorded calls we are."""

    follower: Follower | None = None
    depth: int = 0


state = _State()


def traced(function: Callable[P, T]) -> Callable[P, T]:
    """``function`` whose outermost calls are kept while somebody follows."""

    @functools.wraps(function)
    def call(*args: P.args, **kwargs: P.kwargs) -> T:
        follower = state.follower
        if follower is None or state.depth:
            return function(*args, **kwargs)
        state.depth += 1
        try:
            made = function(*args, **kwargs)
        finally:
            state.depth -= 1
        follower.record(Origin(made, call, args, kwargs))
        return made

    return call


def explorer(function: Callable[P, None]) -> Callable[P, None]:
    """A function that shows controls: while somebody follows, its controls are made anew where
    they stand when the choice moves.
    """

    @functools.wraps(function)
    def call(*args: P.args, **kwargs: P.kwargs) -> None:
        follower = state.follower
        if follower is None:
            return function(*args, **kwargs)
        origin = Origin(None, function, args, kwargs)
        return follower.place(lambda: function(*args, **kwargs), origin)

    return call


def shows(member: Any) -> bool:
    """Whether a method says that it returns something to put on the page."""
    returns = getattr(member, "__annotations__", {}).get("return", "")
    return callable(member) and SHOWN.search(str(returns)) is not None


def trace_methods(cls: type) -> None:
    """Keep the calls of a class's own public methods that return something to show."""
    for name, member in list(vars(cls).items()):
        if not name.startswith("_") and callable(member) and shows(member):
            setattr(cls, name, traced(member))
