"""Reading a book's files into checked tables in DuckDB, all problems at once."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import duckdb

from playbook.base.errors import DataProblem, Problem
from playbook.base.settings import Settings

from .tables import SQL_TYPE, TABLES


@dataclass(frozen=True)
class Read:
    """Tables as read: ``connection`` holds them in schema ``book``; ``given`` maps table to the columns it really has."""

    connection: duckdb.DuckDBPyConnection
    given: dict[str, set[str]]
    problems: tuple[Problem, ...] = ()
    files: tuple[dict, ...] = ()          # path, bytes, sha256, rows, table
    fingerprint: str = ""
    notes: dict = field(default_factory=dict)

    @property
    def warnings(self) -> tuple[Problem, ...]:
        return tuple(p for p in self.problems if p.severity == "warning")

    def raise_if_wrong(self) -> None:
        """DataProblem with all errors; warnings stay warnings."""
        wrong = [p for p in self.problems if p.severity == "error"]
        if wrong:
            raise DataProblem(wrong)

    def span(self, table: str) -> tuple[date | None, date | None]:
        """First and last day on which something happened in ``table``."""
        days = {"opportunities": ("created", "closed")}.get(table, (TABLES[table].known,))
        have = [d for d in days if d in self.given[table]]
        ends = [self.connection.execute(f'SELECT min(CAST("{d}" AS DATE)), max(CAST("{d}" AS DATE)) FROM book.{table}').fetchall()[0] for d in have]
        ends = [e for e in ends if e[0] is not None]
        return (min(e[0] for e in ends), max(e[1] for e in ends)) if ends else (None, None)


def read_tables(settings: Settings, path: Path) -> Read:
    """Every table of the book, typed and checked."""
    # provisional: files named after tables, columns named as ours
    folder = path if path.is_dir() else path.parent
    connection = duckdb.connect()
    connection.execute("CREATE SCHEMA book")
    connection.execute("SET threads=1")
    given, digest = {}, hashlib.sha256()
    for name, table in TABLES.items():
        file = folder / f"{name}.csv"
        if not file.exists():
            continue
        digest.update(file.read_bytes())
        raw = connection.read_csv(str(file), all_varchar=True, header=True)
        have = [c for c in raw.columns if c in table.names]
        casts = ", ".join(f'CAST("{c}" AS {SQL_TYPE[table[c].kind]}) AS "{c}"' for c in have)
        connection.execute(f"CREATE TABLE book.{name} AS SELECT {casts} FROM raw")
        given[name] = set(have)
    return Read(connection, given, fingerprint=digest.hexdigest()[:12])
