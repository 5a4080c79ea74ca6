"""The tables of a book as read: where they are, what they hold, and what is wrong with them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any

import duckdb

from playbook.base.errors import DataProblem, Problem
from playbook.base.settings import Settings
from playbook.engines.duck import DuckEngine
from playbook.engines.engine import Engine

from .asof import as_of_query
from .examples import examples
from .rule import Rule
from .staged import Staged
from .tables import days_of

SMALL = 300_000  # rows of all files of a book whose tables are a few MB each
Span = tuple[date | None, date | None]


@dataclass(frozen=True)
class Read:
    """Tables as read: ``connection`` holds them in schema ``book``; ``given`` maps table to the
    columns it really has.

    ``files`` says of each file read its name, bytes, sha256, rows, and the tables made from it with
    their first and last day.
    """

    connection: duckdb.DuckDBPyConnection
    given: dict[str, set[str]]
    problems: tuple[Problem, ...] = ()
    files: tuple[dict[str, Any], ...] = ()
    fingerprint: str = ""
    rules: tuple[tuple[Rule, Problem], ...] = ()  # row warnings, to be counted again as of a date
    staged: dict[str, Staged] = field(default_factory=dict)
    spans: dict[str, Span] = field(default_factory=dict)
    # path and sha256 of files that stay open: their rows are asked of them while a report runs
    in_place: tuple[tuple[str, str], ...] = ()
    # table → columns of which no row has a value, known of a snapshot
    empty: dict[str, frozenset[str]] = field(default_factory=dict)

    @cached_property
    def engine(self) -> Engine:
        """What holds the rows: DuckDB on this machine, or Spark."""
        if isinstance(self.connection, duckdb.DuckDBPyConnection):
            return DuckEngine(self.connection)
        return self.connection

    @property
    def warnings(self) -> tuple[Problem, ...]:
        return tuple(p for p in self.problems if p.severity == "warning")

    @cached_property
    def small(self) -> bool:
        """Whether a second copy of every table is nothing to speak of, neither to make nor to
        hold.
        """
        return not self.lazy and sum(int(file["rows"]) for file in self.files) <= SMALL

    @property
    def lazy(self) -> set[str]:
        """Tables that are read in place: any question about them goes to the file."""
        return {name for name, staged in self.staged.items() if staged.lazy}

    def raise_if_wrong(self) -> None:
        """DataProblem with all errors; warnings stay warnings."""
        wrong = [p for p in self.problems if p.severity == "error"]
        if wrong:
            raise DataProblem(wrong)

    def span(self, table: str) -> Span:
        """First and last day on which something happened in ``table``, slips of the year left
        out.
        """
        return self.spans[table]

    def warnings_on(self, day: date, settings: Settings) -> tuple[Problem, ...]:
        """The warnings as known on a day: those about rows are counted among the rows known by
        then. A book opened from a snapshot was told them before.
        """
        if (told := vars(self).get("_told", {}).get(day)) is not None:
            return told  # type: ignore[no-any-return]
        by_rule = {id(problem): rule for rule, problem in self.rules}
        counted = [
            (
                self._recounted(by_rule[id(problem)], day, settings)
                if id(problem) in by_rule
                else problem
            )
            for problem in self.warnings
        ]
        return tuple(problem for problem in counted if problem is not None)

    def _recounted(self, rule: Rule, day: date, settings: Settings) -> Problem | None:
        staged = self.staged[rule.table]
        known = f"({as_of_query(rule.table, day, self.given, settings, places=True)}) t"
        count, rows = examples(self.connection, staged, known, rule.condition, rule.show)
        return rule.problem(count, rows, staged.label) if count else None


def span_of(connection: duckdb.DuckDBPyConnection, table: str, have: set[str]) -> Span:
    """First and last day of a checked table."""
    days = [day for day in days_of(table) if day in have]
    if not days:
        return None, None
    ends = ", ".join(f'min("{day}"), max("{day}")' for day in days)
    found = [
        day.date() if isinstance(day, datetime) else day
        for day in connection.execute(f"SELECT {ends} FROM book.{table}").fetchall()[0]
        if day is not None
    ]
    return (min(found), max(found)) if found else (None, None)
