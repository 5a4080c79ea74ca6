"""A proposal before it is text: which source is read how, which table is made of what, and why."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from .files import Found
from .sqltext import name as quoted


@dataclass(frozen=True)
class Line:
    """One column of ours: what it is made of, as ``[tables.…] columns`` writes it, and why.

    ``said`` is a header, a list of headers or an inline table.
    """

    column: str
    said: Any
    reason: str


@dataclass(frozen=True)
class TablePlan:
    """One table of ours from one file.

    ``values``: their words → ours, by column. ``where``: a condition on the file's own columns;
    ``kept``: the words that it keeps of a column, in lower case.
    ``more``: further keys of the table (``long``, ``group``, ``sum``). ``sql``: a query instead of
    lines, and the columns it ``gives``. ``asks``: what is not sure,
    as commented lines. ``warns``: what the form of the export cannot hold. ``open_``: required
    columns that nobody could place; the table then stands in the proposal as a question.
    """

    table: str
    found: Found
    lines: tuple[Line, ...]
    sure: str
    values: dict[str, dict[str, str]] = field(default_factory=dict)
    where: tuple[tuple[str, str], ...] = ()  # condition and reason
    more: dict[str, Any] = field(default_factory=dict)
    kept: dict[str, tuple[str, ...]] = field(default_factory=dict)
    sql: str = ""
    gives: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()
    warns: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    open_: tuple[str, ...] = ()
    system: str = ""
    stages: tuple[str, ...] = ()
    stages_sure: bool = True

    def line(self, column: str) -> Line | None:
        return next((one for one in self.lines if one.column == column), None)

    @property
    def columns(self) -> tuple[str, ...]:
        """Our columns that the table will have."""
        wide = self.more.get("long", {})
        names = wide.get("name", [])
        across = [*([names] if isinstance(names, str) else names), wide.get("value", "")]
        named = [line.column for line in self.lines] + [c for c in across if c]
        return tuple(named) + self.gives

    @property
    def headers(self) -> set[str]:
        """Headers of the file that some line, or the query, uses."""
        asked = {c.name for c in self.found.columns if self.sql and quoted(c.name) in self.sql}
        return asked | {h for one in self.lines for h in headers_in(one.said)}


def headers_in(said: Any) -> list[str]:
    """The headers that a column is made of."""
    if isinstance(said, str):
        return [said]
    if isinstance(said, list):
        return list(said)
    out: list[str] = []
    for key in ("column", "times", "plus", "minus", "id", "by", "once", "after"):
        value = said.get(key)
        out += [value] if isinstance(value, str) else value if isinstance(value, list) else []
    return out + list(said.get("negative", {}))


@dataclass(frozen=True)
class SourcePlan:
    """How a file is read: further keys of its ``[sources.…]``, with reasons. ``home``: zone and
    currency of firms that use its system.
    """

    found: Found
    more: dict[str, tuple[Any, str]] = field(default_factory=dict)
    home: dict[str, str] = field(default_factory=dict)

    def with_(self, key: str, value: Any, reason: str) -> SourcePlan:
        return replace(self, more={**self.more, key: (value, reason)})
