"""Reading a book's files into checked tables in DuckDB, all problems at once."""

from __future__ import annotations

import csv
import hashlib
import io
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import duckdb
import pyarrow as pa
from python_calamine import CalamineWorkbook

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
    # provisional: CSV and workbooks, mapped or named after tables
    folder = path if path.is_dir() else path.parent
    connection = duckdb.connect()
    connection.execute("CREATE SCHEMA book")
    connection.execute("SET threads=1")
    digest = hashlib.sha256()
    for name, source in settings.sources.items():
        _load(connection, name, folder / source.file, source.sheet, digest)
    given = {}
    for name, table in TABLES.items():
        query = _query(connection, name, settings, folder, digest)
        if not query:
            continue
        raw = connection.sql(query)
        have = [c for c in raw.columns if c in table.names]
        mapped = settings.tables[name].values if name in settings.tables else {}
        casts = ", ".join(f'CAST({_mapped(c, mapped.get(c, {}))} AS {SQL_TYPE[table[c].kind]}) AS "{c}"' for c in have)
        connection.execute(f"CREATE TABLE book.{name} AS SELECT {casts} FROM ({query})")
        given[name] = set(have)
    return Read(connection, given, fingerprint=digest.hexdigest()[:12])


def _query(connection, name, settings, folder, digest):
    mapping = settings.tables.get(name)
    if mapping and mapping.sql:
        return mapping.sql
    if mapping:
        columns = ", ".join(f'"{theirs}" AS "{ours}"' for ours, theirs in mapping.columns.items())
        return f'SELECT {columns} FROM "{mapping.from_}"' + (f" WHERE {mapping.where}" if mapping.where else "")
    file = folder / f"{name}.csv"
    if file.exists():
        _load(connection, f"raw_{name}", file, "", digest)
        return f"SELECT * FROM raw_{name}"
    return ""


def _mapped(column, values):
    if not values:
        return f'"{column}"'
    cases = " ".join("WHEN '{}' THEN '{}'".format(a.replace("'", "''"), b.replace("'", "''")) for a, b in values.items())
    return f'CASE "{column}" {cases} ELSE "{column}" END'


def _load(connection, name, file, sheet, digest):
    data = file.read_bytes()
    digest.update(data)
    if file.suffix in (".xls", ".xlsx"):
        rows = CalamineWorkbook.from_path(str(file)).get_sheet_by_name(sheet).to_python()
        rows = [["" if v == "" else str(int(v)) if isinstance(v, float) and v.is_integer() else str(v) for v in row] for row in rows]
    else:
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = data.decode("gb18030")
        rows = [row for row in csv.reader(io.StringIO(text, newline="")) if row]
    columns = {h: pa.array([v or None for v in column], pa.string()) for h, column in zip(rows[0], zip(*rows[1:], strict=True), strict=True)}
    connection.register("_incoming", pa.table(columns))
    connection.execute(f'CREATE TABLE "{name}" AS SELECT * FROM _incoming')
    connection.unregister("_incoming")
