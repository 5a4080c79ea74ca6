"""Raw files and database tables as relations in DuckDB: their own columns, text as written, and
where each row stands.

Each source is ``raw."<name>"`` with two more columns, ``_file`` and ``_row``; queries of
playbook.toml see it without them, by its name.
"""

from __future__ import annotations

import glob
import hashlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from playbook.base.errors import DataProblem, Problem, did_you_mean
from playbook.base.formats import listing
from playbook.base.settings import SourceSettings

from . import databases, textfiles, workbooks
from .databases import quoted
from .dates import convert
from .headrows import header_place, low_header

BLANKS = " \t\r\n\u00a0\u3000\ufeff"
EDGE = (  # asking first is several times faster than trimming every cell
    r"^[\s\x{a0}\x{3000}\x{feff}]|[\s\x{a0}\x{3000}\x{feff}]$"
)
TEXT_SUFFIXES = (".csv", ".tsv", ".txt", ".tab", ".psv")
DUCKDB_SUFFIXES = (".duckdb", ".ddb")
KNOWN_SUFFIXES = (*TEXT_SUFFIXES, *workbooks.SUFFIXES, ".parquet", ".pq")
# Parquet and databases with more rows are never copied: every question goes to the file
LAZY_ROWS = 200_000


@dataclass
class Source:
    """One raw table. ``columns`` maps its headers to DuckDB types; ``lazy`` says that it is read in
    place.
    """

    name: str
    label: str
    settings: SourceSettings
    columns: dict[str, str] = field(default_factory=dict)
    lazy: bool = False
    files: list[dict[str, Any]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    in_place: list[str] = field(default_factory=list)  # Parquet files that stay open for reading
    places: list[Any] = field(
        default_factory=list
    )  # per file: a TextFile, or the workbook's row number of the header

    @property
    def relation(self) -> str:
        return f"raw.{quoted(self.name)}"

    def where(self, rows: list[tuple[int | None, int | None]]) -> list[str]:
        """``line 14`` for each (file, row); the file's name too when there are several."""
        wanted: dict[int, set[int]] = {}
        for file, row in rows:
            if file is not None and row is not None:
                wanted.setdefault(file, set()).add(row)
        lines = {file: self._lines(file, ordinals) for file, ordinals in wanted.items()}
        return [self._place(file, lines.get(file, {}).get(row)) for file, row in rows]

    def _lines(self, file: int, ordinals: set[int]) -> dict[int, str]:
        place = self.places[file] if file < len(self.places) else None
        if isinstance(place, textfiles.TextFile):
            return {ordinal: f"line {line}" for ordinal, line in place.lines(ordinals).items()}
        return {ordinal: f"row {ordinal + (place or 0)}" for ordinal in ordinals}

    def _place(self, file: int | None, words: str | None) -> str:
        named = f"{self.files[file]['file']} " if file is not None and len(self.files) > 1 else ""
        return f"{named}{words}" if words else "a row"


def load_source(
    connection: duckdb.DuckDBPyConnection,
    name: str,
    settings: SourceSettings,
    folder: Path,
    days: set[str],
) -> Source:
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
    source.problems += convert(connection, source, days)
    columns = ", ".join(quoted(column) for column in source.columns)
    connection.execute(
        f"CREATE VIEW main.{quoted(name)} AS SELECT {columns} FROM {source.relation}"
    )
    return source


def _database(
    connection: duckdb.DuckDBPyConnection, name: str, settings: SourceSettings, folder: Path
) -> Source:
    label = (
        f"database {settings.database.rpartition('@')[2].rpartition('/')[2]}, table"
        f" {settings.table}"
    )
    source = Source(name, label, settings)
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
    connection: duckdb.DuckDBPyConnection, source: Source, path: Path, table: str
) -> Source:
    facts = textfiles.digest(path)
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
) -> Source:
    paths = _paths(folder, settings.file)
    suffix = paths[0].suffix.lower()
    label = settings.file.replace("\\", "/").rpartition("/")[2] + (
        f", sheet {settings.sheet}" if settings.sheet else ""
    )
    source = Source(name, label, settings)
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


def _parquet(connection: duckdb.DuckDBPyConnection, source: Source, paths: list[Path]) -> Source:
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
        facts = textfiles.digest(path)
        source.files.append(
            {"file": path.name, "bytes": facts.bytes, "sha256": facts.sha256, "rows": rows}
        )
    source.lazy = sum(rows for (rows,) in counts) > LAZY_ROWS
    return source


def _one_file(
    connection: duckdb.DuckDBPyConnection, source: Source, index: int, path: Path
) -> None:
    """Load one text file or sheet into the source's table; further files of a glob are added to it."""
    facts = textfiles.digest(path)
    source.files.append({"file": path.name, "bytes": facts.bytes, "sha256": facts.sha256})
    label = f"{path.name}{f', sheet {source.settings.sheet}' if source.settings.sheet else ''}"
    if path.suffix.lower() in workbooks.SUFFIXES:
        rows, first = workbooks.read_sheet(path, source.settings.sheet, label, source.settings.skip)
        named = source.settings.header is True
        if named and (place := header_place(rows)):
            raise DataProblem(
                low_header(rows[place], f"row {first + place}", first + place - 1, label)
            )
        header = rows.pop(0) if named else list(source.settings.header or [])
        source.places.append(first if named else first - 1)
        content: Any = _texts(rows, len(header))
    else:
        file = textfiles.examine(path, source.settings, facts, label)
        source.places.append(file)
        header, content = list(file.header), None
        if file.simple:
            try:
                source.files[-1]["rows"] = store(
                    connection, source, index, file.reader(), header, label
                )
                return
            except (pa.ArrowInvalid, duckdb.Error, UnicodeError):
                pass  # a row that does not fit the header: read again row by row, and name it
        rows, problems = textfiles.forgiving(file, label)
        source.problems += problems
        content = _texts(rows, len(header))
    source.files[-1]["rows"] = store(connection, source, index, content, header, label)


def _texts(rows: list[list[str]], width: int) -> pa.Table:
    columns = (
        list(zip(*((row + [""] * width)[:width] for row in rows), strict=True))
        if rows
        else [()] * width
    )
    return pa.table({f"c{i}": pa.array(column, pa.string()) for i, column in enumerate(columns)})


def store(
    connection: duckdb.DuckDBPyConnection,
    source: Source,
    index: int,
    content: Any,
    header: list[str],
    label: str = "",
) -> int:
    """Put rows in the source's table: cells trimmed, empty ones missing, rows without any cell left
    out. Gives their number.
    """
    names, problems = headers(header, label or source.label)
    if index == 0:
        source.problems += problems
    typed = {field.name: field.type for field in content.schema}
    cells = ", ".join(
        (
            f"{_trimmed(f'c{i}')} AS {quoted(name)}"
            if pa.types.is_string(typed[f"c{i}"])
            else f"c{i} AS {quoted(name)}"
        )
        for i, name in enumerate(names)
    )
    some = ", ".join(
        quoted(name) if pa.types.is_string(typed[f"c{i}"]) else f"CAST({quoted(name)} AS VARCHAR)"
        for i, name in enumerate(names)
    )
    query = (
        f"SELECT * FROM (SELECT {index} AS _file, row_number() OVER () AS _row, {cells} FROM"
        f" _incoming) WHERE coalesce({some}) IS NOT NULL"
    )
    connection.register("_incoming", content)
    try:
        if index == 0:
            connection.execute(f"CREATE OR REPLACE TABLE {source.relation} AS {query}")
        else:
            _same_columns(connection, source, names, label)
            connection.execute(f"INSERT INTO {source.relation} BY NAME {query}")
    finally:
        connection.unregister("_incoming")
    return connection.execute(
        f"SELECT count(*) FROM {source.relation} WHERE _file = {index}"
    ).fetchall()[0][0]


def _trimmed(c: str) -> str:
    """SQL: the text without blanks around it, missing when nothing is left."""
    return (
        f"CASE WHEN {c} = '' THEN NULL WHEN regexp_matches({c}, '{EDGE}') THEN nullif(trim({c},"
        f" '{BLANKS}'), '') ELSE {c} END"
    )


def _same_columns(
    connection: duckdb.DuckDBPyConnection, source: Source, names: list[str], label: str
) -> None:
    first = [row[0] for row in connection.execute(f"DESCRIBE {source.relation}").fetchall()][2:]
    odd = sorted(set(names) ^ set(first))
    if odd:
        raise DataProblem(
            Problem(
                found=f"its columns differ from those of {source.files[0]['file']}: {listing(odd)}",
                expected="the same columns in every file of a glob",
                try_="narrow the glob, or make each a source and join them with sql",
                file=label,
            )
        )


def headers(names: list[str], label: str) -> tuple[list[str], list[Problem]]:
    """Column names fit for SQL: trimmed, blank ones numbered, repeated ones numbered and told."""
    clean, seen, twice = [], set(), []
    for position, name in enumerate(names, 1):
        name = (
            " ".join(str(name).strip("\ufeff \t\r\n\u00a0\u3000").split()) or f"column_{position}"
        )
        name = f"{name}_" if name in ("_file", "_row") else name
        if name.casefold() in seen:
            twice.append(name)
        while name.casefold() in seen:
            name = f"{name}_{position}"
        seen.add(name.casefold())
        clean.append(name)
    if not twice:
        return clean, []
    return clean, [
        Problem(
            found=f"the header names {listing(sorted(set(twice)))} twice",
            expected="each column name once",
            try_="rename or remove one of the two in the file",
            file=label,
            count=len(twice),
        )
    ]
