"""Errors that say what was found, what was expected and what to try."""

from __future__ import annotations

import difflib
import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from .formats import joined
from .language import say

EXIT_OK, EXIT_NOTEBOOK_FAILED, EXIT_BAD_INPUT, EXIT_INTERNAL = 0, 1, 2, 3


@dataclass(frozen=True)
class Problem:
    """One thing wrong with the input: what was found, what was expected, what to try.

    ``severity`` "error" stops a run (it would change numbers); "warning" is printed in the report.
    ``rows`` are the first offending rows, one short text each; ``count`` is how many there are.
    """

    found: str
    expected: str
    try_: str
    severity: Literal["error", "warning"] = "error"
    table: str | None = None
    column: str | None = None
    file: str | None = None
    count: int | None = None
    rows: tuple[str, ...] = field(default=())

    @property
    def place(self) -> str:
        """Where it is, e.g. ``orders.amount in orders.csv``; empty when nowhere in particular."""
        where = ".".join(part for part in (self.table, self.column) if part)
        if self.file:
            where = say("{where} in {file}", where=where, file=self.file) if where else self.file
        return where

    def __str__(self) -> str:
        head = (
            say("{place}: {found}", place=self.place, found=self.found)
            if self.place
            else self.found
        )
        lines = [
            head,
            say("  expected: {expected}", expected=self.expected),
            say("  try: {try_}", try_=self.try_),
        ]
        lines += [f"  · {row}" for row in self.rows]
        return "\n".join(lines)

    def as_dict(self) -> dict[str, Any]:
        """Plain JSON form, as ``playbook check --json`` prints it."""
        return {
            "severity": self.severity,
            "table": self.table,
            "column": self.column,
            "file": self.file,
            "found": self.found,
            "expected": self.expected,
            "try": self.try_,
            "count": self.count,
            "rows": list(self.rows),
        }


class Said(Exception):
    """An error whose message is all that a reader of a live notebook needs: no frames of ours."""

    @property
    def _render_traceback_(self) -> Callable[[], list[str]]:
        """What IPython shows in place of a traceback; in a batch the traceback stays."""
        if os.environ.get("PLAYBOOK_BATCH") == "1":
            raise AttributeError("_render_traceback_")
        return lambda: [str(self)]


class PlaybookError(Said):
    """Base of all errors about input. ``problems`` holds every problem, not just the first."""

    exit_status = EXIT_BAD_INPUT

    def __init__(self, problems: Problem | Sequence[Problem]):
        self.problems: tuple[Problem, ...] = (
            (problems,) if isinstance(problems, Problem) else tuple(problems)
        )
        super().__init__("\n".join(str(problem) for problem in self.problems))


class DataProblem(PlaybookError):
    """The tables of a book cannot be trusted or read."""


class SettingsProblem(PlaybookError):
    """playbook.toml says something we cannot follow."""


class ParameterProblem(PlaybookError):
    """A notebook parameter or command-line value cannot be used."""


def refused(found: str, expected: str, try_: str) -> ParameterProblem:
    """The error to raise for a value that cannot be used, from its three parts."""
    return ParameterProblem(Problem(found=found, expected=expected, try_=try_))


class NotAvailable(Said):
    """A section's tables or columns are not in the book: said on the page, never a failure.

    ``needs`` maps table to the columns wanted; ``gives`` tells what the reader would get with them.
    """

    def __init__(self, needs: dict[str, Sequence[str]], gives: str, because: str = ""):
        self.needs = {table: tuple(columns) for table, columns in needs.items()}
        self.gives = gives
        self.because = because
        super().__init__(self.reason)

    @property
    def reason(self) -> str:
        """E.g. ``needs table market (industry, size)``."""
        parts = [
            say("table {name} ({columns})", name=t, columns=", ".join(c))
            if c
            else say("table {name}", name=t)
            for t, c in self.needs.items()
        ]
        tables = parts[0] if parts else ""
        for part in parts[1:]:
            tables = say("{tables} and {table}", tables=tables, table=part)
        because = say(self.because) if self.because else ""
        needs = say("needs {tables}", tables=tables) if tables else because
        return (
            say("{needs}; {because}", needs=needs, because=because) if tables and because else needs
        )


def did_you_mean(name: str, options: Iterable[str]) -> str:
    """``did you mean 'region'?`` when something close exists, else the list of what there is."""
    options = sorted(options)
    close = difflib.get_close_matches(str(name), options, n=1, cutoff=0.6)
    if close:
        return say("did you mean '{close}'?", close=close[0])
    return (
        say("one of: {options}", options=joined(options))
        if options
        else say("there is nothing to choose from")
    )
