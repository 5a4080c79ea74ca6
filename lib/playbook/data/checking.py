"""``playbook check``: everything that is wrong with a book, at once, without running anything."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from playbook.base.errors import EXIT_BAD_INPUT, EXIT_OK, DataProblem, Problem, SettingsProblem
from playbook.base.formats import MISSING, joined, plural
from playbook.base.language import say
from playbook.base.settings import load_settings

from .read import Read
from .reading import read_tables
from .report_month import choose_month
from .tables import TABLES


@dataclass(frozen=True)
class TableRead:
    """One table as read, future rows and all: its rows, its span of days, its columns, and the file
    it came from.
    """

    name: str
    rows: int
    first: date | None
    last: date | None
    columns: tuple[str, ...]
    source: str


@dataclass(frozen=True)
class CheckReport:
    """All problems of a book and what could be read of it. ``month`` is the report month a run
    would take by itself.
    """

    book: str
    problems: tuple[Problem, ...]
    tables: tuple[TableRead, ...] = ()
    month: str = ""
    fingerprint: str = ""

    @property
    def errors(self) -> tuple[Problem, ...]:
        return tuple(problem for problem in self.problems if problem.severity == "error")

    @property
    def warnings(self) -> tuple[Problem, ...]:
        return tuple(problem for problem in self.problems if problem.severity == "warning")

    @property
    def ok(self) -> bool:
        """Whether the book runs: warnings do not stop it."""
        return not self.errors

    @property
    def exit_status(self) -> int:
        return EXIT_OK if self.ok else EXIT_BAD_INPUT

    def as_dict(self) -> dict[str, Any]:
        """Plain JSON, as ``playbook check --json`` prints it."""
        return {
            "schema": 1,
            "book": self.book,
            "ok": self.ok,
            "month": self.month or None,
            "fingerprint": self.fingerprint or None,
            "errors": len(self.errors),
            "warnings": len(self.warnings),
            "tables": [
                {
                    "table": t.name,
                    "rows": t.rows,
                    "first": _iso(t.first),
                    "last": _iso(t.last),
                    "columns": list(t.columns),
                    "source": t.source,
                }
                for t in self.tables
            ],
            "problems": [problem.as_dict() for problem in self.problems],
        }

    def text(self) -> str:
        """What the command prints: the tables read, every problem in three parts, and the
        verdict.
        """
        parts = [self._table()] if self.tables else []
        for title, problems in (
            (say("Errors: the book does not run"), self.errors),
            (say("Warnings: printed in the report"), self.warnings),
        ):
            if problems:
                parts.append("\n\n".join([title, *(str(problem) for problem in problems)]))
        return "\n\n".join([*parts, self._verdict()])

    def _table(self) -> str:
        grid = [
            (
                say("table"),
                say("rows"),
                say("first day", context="table"),
                say("last day", context="table"),
                say("from", context="table"),
            )
        ]
        grid += [
            (t.name, f"{t.rows:,}", _iso(t.first) or MISSING, _iso(t.last) or MISSING, t.source)
            for t in self.tables
        ]
        widths = [max(len(row[i]) for row in grid) for i in range(4)]
        return "\n".join(
            f"{a:<{widths[0]}}  {b:>{widths[1]}}  {c:<{widths[2]}}  {d:<{widths[3]}}  {e}"
            for a, b, c, d, e in grid
        )

    def _verdict(self) -> str:
        warned = [plural(len(self.warnings), "warning")] if self.warnings else []
        if not self.ok:
            return say(
                "{book}: {counts}. Nothing would be run.",
                book=self.book,
                counts=joined([plural(len(self.errors), "error"), *warned]),
            )
        return say(
            "{book}: {counts}, no errors. The report month would be {month}.",
            book=self.book,
            counts=joined([plural(len(self.tables), "table"), *warned]),
            month=self.month,
        )


def check_book(path: str | Path) -> CheckReport:
    """Read and check everything at ``path`` (a folder with playbook.toml, or a toml). Never raises
    for wrong input.
    """
    path = Path(path)
    try:
        settings = load_settings(path)
    except SettingsProblem as wrong:
        return CheckReport(path.stem if path.suffix == ".toml" else path.name, wrong.problems)
    read = read_tables(settings, path)
    tables = tuple(_table_read(read, name) for name in TABLES if name in read.staged)
    problems, month = list(read.problems), ""
    if not any(problem.severity == "error" for problem in problems):
        try:
            month = str(choose_month(read, ""))
        except DataProblem as wrong:
            problems += wrong.problems
    return CheckReport(settings.book.name, tuple(problems), tables, month, read.fingerprint)


def _table_read(read: Read, name: str) -> TableRead:
    rows = read.connection.execute(f"SELECT count(*) FROM book.{name}").fetchall()[0][0]
    columns = tuple(column for column in TABLES[name].names if column in read.given[name])
    return TableRead(
        name,
        rows,
        *read.span(name),
        columns,
        read.staged[name].label or say("a query over the sources"),
    )


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
