"""Raw files and database tables as relations in DuckDB: their own columns, text as written, and
where each row stands.

Each source is ``raw."<name>"`` with two more columns, ``_file`` and ``_row``; queries of
playbook.toml see it without them, by its name.
"""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

import duckdb
import pyarrow as pa

from playbook.base.errors import DataProblem, Problem
from playbook.base.language import say
from playbook.base.settings import SourceSettings

from . import databases, servers, textfiles, workbooks
from .carry import carry_down
from .databases import quoted
from .declared_dates import convert
from .digests import digest
from .footers import drop_notes
from .headrows import header_place, low_header
from .missing_words import blank_out
from .opened import TEXTS, checked, kind_of
from .places import absent, files_of
from .quotes import swallowed_rows, with_backslashes
from .source import RawSource
from .storing import store, texts

TEXT_SUFFIXES = TEXTS
DUCKDB_SUFFIXES, SQLITE_SUFFIXES = (".duckdb", ".ddb"), (".sqlite", ".sqlite3", ".db", ".db3")
KNOWN_SUFFIXES = (*TEXT_SUFFIXES, *workbooks.SUFFIXES, ".parquet", ".pq")


# Parquet and databases with more rows are never copied: every question goes to the file
LAZY_ROWS = 200_000


def load_source(
    connection: duckdb.DuckDBPyConnection,
    name: str,
    settings: SourceSettings,
    folder: Path,
    days: set[str],
    wanted: Sequence[str] | None = None,
) -> RawSource:
    """Load (or, for Parquet and DuckDB, open) one source. days: its columns that a mapping reads as
    days; wanted: the columns that any mapping asks for, None where that cannot be told.

    Raises DataProblem when it cannot be read at all; lesser problems are on the source.
    """
    if settings.database:
        source = _database(connection, name, settings, folder, wanted)
    else:
        source = _files(connection, name, settings, folder)
    described = connection.execute(f"DESCRIBE {source.relation}").fetchall()
    source.columns = {row[0]: row[1] for row in described if row[0] not in ("_file", "_row")}
    source.problems += blank_out(connection, source)
    source.problems += carry_down(connection, source)
    source.problems += convert(connection, source, days)
    columns = ", ".join(quoted(column) for column in source.columns)
    connection.execute(
        f"CREATE VIEW main.{quoted(name)} AS SELECT {columns} FROM {source.relation}"
    )
    return source


def _database(
    connection: duckdb.DuckDBPyConnection,
    name: str,
    settings: SourceSettings,
    folder: Path,
    wanted: Sequence[str] | None,
) -> RawSource:
    label = (
        f"database {settings.database.partition('?')[0].rpartition('@')[2].rpartition('/')[2]},"
        f" table {settings.table}"
    )
    source = RawSource(name, label, settings)
    if settings.database.startswith("duckdb:"):
        path = folder / settings.database.partition("///")[2]
        if not path.is_file():
            raise DataProblem(absent(path, label))
        return _attached(connection, source, path, settings.table)
    asked = servers.Asked(settings.table, wanted, settings.only)
    return _taken(connection, source, servers.fetch(settings.database, asked, folder, label), label)


def _taken(
    connection: duckdb.DuckDBPyConnection, source: RawSource, rows: pa.Table, label: str
) -> RawSource:
    """Fetched rows put in the source's table."""
    store(
        connection,
        source,
        0,
        rows.rename_columns([f"c{i}" for i in range(rows.num_columns)]),
        rows.column_names,
    )
    source.files.append(
        {"file": label, "bytes": rows.nbytes, "sha256": _content(rows), "rows": rows.num_rows}
    )
    return source


def _content(rows: pa.Table) -> str:
    """sha256 of a fetched table, so that the fingerprint knows a database by what it gave."""
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, rows.schema) as stream:
        stream.write_table(rows.combine_chunks())
    return hashlib.sha256(sink.getvalue()).hexdigest()


def _attached(
    connection: duckdb.DuckDBPyConnection, source: RawSource, path: Path, table: str
) -> RawSource:
    facts, log = digest(path), path.with_name(f"{path.name}.wal")
    sha = facts.sha256
    if log.is_file() and (more := digest(log)).bytes:  # not yet moved into the file, and read too
        sha = hashlib.sha256(f"{sha} {more.sha256}".encode()).hexdigest()
    full = databases.attach_duckdb(connection, path, f"file_{source.name}", table, source.label)
    connection.execute(
        f"CREATE VIEW {source.relation} AS SELECT 0 AS _file, NULL::BIGINT AS _row, * FROM {full}"
    )
    rows = connection.execute(f"SELECT count(*) FROM {full}").fetchall()[0][0]
    source.paths.append(str(path.resolve()))
    source.lazy = rows > LAZY_ROWS
    source.files.append({"file": path.name, "bytes": facts.bytes, "sha256": sha, "rows": rows})
    return source


def _files(
    connection: duckdb.DuckDBPyConnection, name: str, settings: SourceSettings, folder: Path
) -> RawSource:
    pattern = settings.file.replace("\\", "/").rstrip("/")
    sheets = [settings.sheet] if isinstance(settings.sheet, str) else settings.sheet
    label = pattern.rpartition("/")[2] + (f", sheet {', '.join(sheets)}" if any(sheets) else "")
    source = RawSource(name, label, settings)
    paths = files_of(folder, settings.file, source)
    suffix = kind_of(paths[0])
    if suffix in (*DUCKDB_SUFFIXES, *SQLITE_SUFFIXES):
        if not settings.table:
            raise DataProblem(
                Problem(
                    found=say("a database file without a table"),
                    expected=say("the table to read"),
                    try_=say('add table = "…" to the source'),
                    file=label,
                )
            )
        if suffix in DUCKDB_SUFFIXES:
            return _attached(connection, source, paths[0], settings.table)
        address = f"sqlite:///{quote(paths[0].name)}"
        asked = servers.Asked(settings.table, None, settings.only)
        rows = servers.fetch(address, asked, paths[0].parent, label)
        return _taken(connection, source, rows, label)
    if suffix in (".parquet", ".pq"):
        return _parquet(connection, source, paths)
    index = 0
    for path in paths:
        checked(path, path.name)
        for sheet in _sheets(path, sheets):
            _one_file(connection, source, index, path, sheet)
            index += 1
    return source


def _sheets(path: Path, asked: list[str]) -> list[str]:
    """Sheets of the file that are read, one below the other; one without a name for other files."""
    if kind_of(path) not in workbooks.SUFFIXES:
        return [""]
    if asked == ["*"]:
        return workbooks.sheet_names(path, path.name)
    return asked or [""]


def _parquet(
    connection: duckdb.DuckDBPyConnection, source: RawSource, paths: list[Path]
) -> RawSource:
    source.in_place = [str(path.resolve()) for path in paths]
    source.paths = list(source.in_place)
    listed = ", ".join("'" + path.replace("'", "''") + "'" for path in source.in_place)
    several = len(paths) > 1
    place = f"CAST(list_position([{listed}], filename) - 1 AS INTEGER)" if several else "0"
    hidden = "file_row_number, filename" if several else "file_row_number"
    more = ", filename = true, union_by_name = true" if several else ""
    try:
        connection.execute(
            f"CREATE VIEW {source.relation} AS SELECT {place} AS _file, file_row_number + 1 AS"
            f" _row, * EXCLUDE ({hidden}) FROM read_parquet([{listed}], file_row_number ="
            f" true{more})"
        )
        counts = connection.execute(
            f"SELECT num_rows FROM parquet_file_metadata([{listed}])"
        ).fetchall()
    except duckdb.Error as error:
        raise DataProblem(
            Problem(
                found=say(
                    "not readable as Parquet: {splitlines}",
                    splitlines=str(error).splitlines()[0][:120],
                ),
                expected=say("a Parquet file"),
                try_=say("write it again; a text file must end in .csv"),
                file=source.label,
            )
        ) from None
    for path, (rows,) in zip(paths, counts, strict=True):
        facts = digest(path)
        source.files.append(
            {"file": path.name, "bytes": facts.bytes, "sha256": facts.sha256, "rows": rows}
        )
    source.lazy = sum(rows for (rows,) in counts) > LAZY_ROWS
    return source


def _names(settings: SourceSettings) -> list[str]:
    """The names of columns that the settings give for a file without a header row."""
    return list(settings.header) if isinstance(settings.header, list) else []


def _breaks_inside(connection: duckdb.DuckDBPyConnection, source: RawSource, index: int) -> bool:
    """Whether a cell of the file holds a line break: only then may a quote have swallowed rows."""
    described = connection.execute(f"DESCRIBE {source.relation}").fetchall()
    texts = [quoted(row[0]) for row in described if row[1] == "VARCHAR"]
    broken = " OR ".join(f"contains({c}, chr(10))" for c in texts)
    query = f"SELECT 1 FROM {source.relation} WHERE _file = {index} AND ({broken}) LIMIT 1"
    return bool(texts and connection.execute(query).fetchall())


def _one_file(
    connection: duckdb.DuckDBPyConnection,
    source: RawSource,
    index: int,
    path: Path,
    sheet: str,
) -> None:
    """Load one text file or sheet into the source's table; further files of a glob are added to
    it.
    """
    facts = digest(path)
    wrapped = facts.wrapped
    source.files.append({"file": path.name, "bytes": facts.bytes, "sha256": facts.sha256})
    source.files[-1] |= {"sheet": sheet} if sheet else {}
    label = f"{path.name}{f', sheet {sheet}' if sheet else ''}"
    if kind_of(path) in workbooks.SUFFIXES:
        rows, first, problems = workbooks.read_sheet(path, sheet, label, source.settings.skip)
        source.problems += problems
        named = source.settings.header is True
        if named and (place := header_place(rows)):
            raise DataProblem(
                low_header(
                    rows[place], say("row {row}", row=first + place), first + place - 1, label
                )
            )
        header = rows.pop(0) if named else _names(source.settings)
        source.places.append(first if named else first - 1)
        content: Any = texts(rows, len(header))
    else:
        file = textfiles.examine(path, source.settings, facts, label)
        source.places.append(file)
        header, content = list(file.header), None
        if file.simple:
            try:
                source.files[-1]["rows"] = store(
                    connection, source, index, file.reader(), header, label, wrapped, facts.marks
                )
                source.problems += drop_notes(connection, source, index)
                if facts.quotes and (slashed := with_backslashes(connection, source, index, label)):
                    source.problems.append(slashed)
                elif facts.quotes and _breaks_inside(connection, source, index):
                    strict = replace(file, simple=False)
                    if problem := swallowed_rows(strict, label):
                        source.problems.append(problem)
                return
            except (pa.ArrowInvalid, duckdb.Error, UnicodeError):
                pass  # a row that does not fit the header: read again row by row, and name it
            except csv.Error:
                connection.execute(f"DELETE FROM {source.relation} WHERE _file = {index}")
                file = replace(file, simple=False)
        rows, problems = textfiles.forgiving(file, label)
        source.problems += problems
        content = texts(rows, len(header))
    # bytes of a workbook tell nothing of its cells
    marks = facts.marks or kind_of(path) in workbooks.SUFFIXES
    source.files[-1]["rows"] = store(
        connection, source, index, content, header, label, wrapped, marks
    )
    source.problems += drop_notes(connection, source, index)
