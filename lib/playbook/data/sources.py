"""Raw files and database tables as relations in DuckDB: their own columns, text as written, and
where each row stands.

Each source is ``raw."<name>"`` with two more columns, ``_file`` and ``_row``; queries of
playbook.toml see it without them, by its name.
"""

from __future__ import annotations

import csv
import glob
import hashlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from playbook.base.errors import DataProblem, Problem, did_you_mean
from playbook.base.settings import SourceSettings

from . import databases, textfiles, workbooks
from .databases import quoted
from .declared_dates import convert
from .digests import digest
from .headrows import header_place, low_header
from .missing_words import blank_out
from .quotes import swallowed_rows
from .source import RawSource
from .storing import store, texts

TEXT_SUFFIXES = (".csv", ".tsv", ".txt", ".tab", ".psv")


DUCKDB_SUFFIXES = (".duckdb", ".ddb")


KNOWN_SUFFIXES = (*TEXT_SUFFIXES, *workbooks.SUFFIXES, ".parquet", ".pq")


# Parquet and databases with more rows are never copied: every question goes to the file
LAZY_ROWS = 200_000


def load_source(
    connection: duckdb.DuckDBPyConnection,
    name: str,
    settings: SourceSettings,
    folder: Path,
    days: set[str],
) -> RawSource:
    """Load (or, for Parquet and DuckDB, open) one source. days: its columns that a mapping reads as
    days.

    Raises DataProblem when it cannot be read at all; lesser problems are on the source.
    """
    if settings.database:
        source = _database(connection, name, settings, folder)
    else:
        source = _files(connection, name, settings, folder)
    described = connection.execute(f"DESCRIBE {source.relation}").fetchall()
    source.columns = {row[0]: row[1] for row in described if row[0] not in ("_file", "_row")}
    source.problems += blank_out(connection, source)
    source.problems += convert(connection, source, days)
    columns = ", ".join(quoted(column) for column in source.columns)
    connection.execute(
        f"CREATE VIEW main.{quoted(name)} AS SELECT {columns} FROM {source.relation}"
    )
    return source


def _database(
    connection: duckdb.DuckDBPyConnection, name: str, settings: SourceSettings, folder: Path
) -> RawSource:
    label = (
        f"database {settings.database.rpartition('@')[2].rpartition('/')[2]}, table"
        f" {settings.table}"
    )
    source = RawSource(name, label, settings)
    if settings.database.startswith("duckdb:"):
        path = folder / settings.database.partition("///")[2]
        if not path.is_file():
            raise DataProblem(_absent(path, label))
        return _attached(connection, source, path, settings.table)
    rows = databases.fetch(settings.database, settings.table, folder, label)
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
    facts = digest(path)
    full = databases.attach_duckdb(connection, path, f"file_{source.name}", table, source.label)
    connection.execute(
        f"CREATE VIEW {source.relation} AS SELECT 0 AS _file, NULL::BIGINT AS _row, * FROM {full}"
    )
    rows = connection.execute(f"SELECT count(*) FROM {full}").fetchall()[0][0]
    source.lazy = rows > LAZY_ROWS
    source.files.append(
        {"file": path.name, "bytes": facts.bytes, "sha256": facts.sha256, "rows": rows}
    )
    return source


def _files(
    connection: duckdb.DuckDBPyConnection, name: str, settings: SourceSettings, folder: Path
) -> RawSource:
    paths = _paths(folder, settings.file)
    suffix = paths[0].suffix.lower()
    label = settings.file.replace("\\", "/").rpartition("/")[2] + (
        f", sheet {settings.sheet}" if settings.sheet else ""
    )
    source = RawSource(name, label, settings)
    if suffix in DUCKDB_SUFFIXES:
        if not settings.table:
            raise DataProblem(
                Problem(
                    found="a DuckDB file without a table",
                    expected="the table to read",
                    try_='add table = "…" to the source',
                    file=label,
                )
            )
        return _attached(connection, source, paths[0], settings.table)
    if suffix in (".parquet", ".pq"):
        return _parquet(connection, source, paths)
    for index, path in enumerate(paths):
        _one_file(connection, source, index, path)
    return source


def _paths(folder: Path, pattern: str) -> list[Path]:
    """The file, or all files of a glob in the order of their names."""
    path = folder / pattern
    if path.is_file():
        return [path]
    found = (
        sorted(Path(hit) for hit in glob.glob(str(path), recursive=True))
        if glob.has_magic(pattern)
        else []
    )
    found = [hit for hit in found if hit.is_file()]
    if not found:
        raise DataProblem(_absent(path, pattern.replace("\\", "/").rpartition("/")[2]))
    return found


def _absent(path: Path, label: str) -> Problem:
    there = (
        [entry.name for entry in path.parent.iterdir() if entry.is_file()]
        if path.parent.is_dir()
        else []
    )
    where = (
        "a folder, not a file"
        if path.is_dir()
        else "no such file"
        if path.parent.is_dir()
        else f"no such folder '{path.parent.name}'"
    )
    return Problem(
        found=where if not glob.has_magic(path.name) else "no file matches",
        expected="a file at this place, relative to playbook.toml",
        try_=did_you_mean(path.name, there[:20]),
        file=label,
    )


def _parquet(
    connection: duckdb.DuckDBPyConnection, source: RawSource, paths: list[Path]
) -> RawSource:
    source.in_place = [str(path.resolve()) for path in paths]
    listed = ", ".join("'" + path.replace("'", "''") + "'" for path in source.in_place)
    try:
        connection.execute(
            f"CREATE VIEW {source.relation} AS SELECT 0 AS _file, file_row_number + 1 AS _row, *"
            f" EXCLUDE (file_row_number) FROM read_parquet([{listed}], file_row_number = true,"
            f" union_by_name = {'true' if len(paths) > 1 else 'false'})"
        )
        counts = connection.execute(
            f"SELECT num_rows FROM parquet_file_metadata([{listed}])"
        ).fetchall()
    except duckdb.Error as error:
        raise DataProblem(
            Problem(
                found=f"not readable as Parquet: {str(error).splitlines()[0][:120]}",
                expected="a Parquet file",
                try_="write it again; a text file must end in .csv",
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
    connection: duckdb.DuckDBPyConnection, source: RawSource, index: int, path: Path
) -> None:
    """Load one text file or sheet into the source's table; further files of a glob are added to
    it.
    """
    facts = digest(path)
    source.files.append({"file": path.name, "bytes": facts.bytes, "sha256": facts.sha256})
    label = f"{path.name}{f', sheet {source.settings.sheet}' if source.settings.sheet else ''}"
    if path.suffix.lower() in workbooks.SUFFIXES:
        rows, first, problems = workbooks.read_sheet(
            path, source.settings.sheet, label, source.settings.skip
        )
        source.problems += problems
        named = source.settings.header is True
        if named and (place := header_place(rows)):
            raise DataProblem(
                low_header(rows[place], f"row {first + place}", first + place - 1, label)
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
                    connection, source, index, file.reader(), header, label
                )
                if facts.quotes and _breaks_inside(connection, source, index):
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
    source.files[-1]["rows"] = store(connection, source, index, content, header, label)
