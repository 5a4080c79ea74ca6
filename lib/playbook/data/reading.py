"""Reading a book's files into checked tables in DuckDB, all problems at once."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb

from playbook.base.errors import DataProblem, Problem, did_you_mean
from playbook.base.settings import Settings, SourceSettings

from .asof import as_of_query, early_sql
from .casting import cast_table
from .examples import examples
from .folder import discover
from .frames import load_frames
from .mapping import stage_file, stage_mapping
from .row_checks import check_rows
from .rule import Rule
from .source import RawSource
from .sources import load_source
from .staged import Staged
from .standing_in import stand_in
from .tables import ONE_OF, TABLES, days_of

Span = tuple[date | None, date | None]
FILES_WANTED = (
    "put orders.csv or opportunities.csv beside playbook.toml, or map one with [tables.orders]"
)
FRAMES_WANTED = "give a frame with rows as orders=… or opportunities=…"
MEMORY = "1500MB"  # beyond it DuckDB spills to a temporary folder: large books stay under 2 GB


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

    @property
    def warnings(self) -> tuple[Problem, ...]:
        return tuple(p for p in self.problems if p.severity == "warning")

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
        """First and last day on which something happened in ``table``."""
        return self.spans[table]

    def warnings_on(self, day: date, settings: Settings) -> tuple[Problem, ...]:
        """The warnings as known on a day: those about rows are counted among the rows known by
        then.
        """
        by_rule = {id(problem): rule for rule, problem in self.rules}
        told = [
            (
                self._recounted(by_rule[id(problem)], day, settings)
                if id(problem) in by_rule
                else problem
            )
            for problem in self.warnings
        ]
        return tuple(problem for problem in told if problem is not None)

    def _recounted(self, rule: Rule, day: date, settings: Settings) -> Problem | None:
        staged = self.staged[rule.table]
        known = f"({as_of_query(rule.table, day, self.given, settings, places=True)}) t"
        count, rows = examples(self.connection, staged, known, rule.condition, rule.show)
        return rule.problem(count, rows, staged.label) if count else None


def _span(connection: duckdb.DuckDBPyConnection, table: str, have: set[str]) -> Span:
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


def read_tables(settings: Settings, path: Path) -> Read:
    """Every table of the book, typed and checked. Nothing is raised for wrong data: ``problems``
    holds it all.
    """
    folder = path if path.is_dir() else path.parent
    connection = _connect()
    sources, files, problems = _load(connection, settings, folder)
    return _checked(connection, settings, sources, files, problems, FILES_WANTED)


def read_frames(settings: Settings, frames: Mapping[str, Any]) -> Read:
    """The same from frames in memory, one per table of the contract (``frames.load_frames``)."""
    connection = _connect()
    sources, problems = load_frames(connection, frames)
    return _checked(connection, settings, dict(sources), sources, problems, FRAMES_WANTED)


def _checked(
    connection: duckdb.DuckDBPyConnection,
    settings: Settings,
    sources: dict[str, RawSource | None],
    files: dict[str, RawSource],
    problems: list[Problem],
    wanted: str,
) -> Read:
    """Sources typed and checked. wanted: what to try when neither orders nor deals are given."""
    if any(source.lazy for source in [*sources.values(), *files.values()] if source):
        connection.execute(f"SET threads = {_cores()}")
    _lock(connection, sources)
    staged, more = _stage(connection, settings, sources, files)
    given: dict[str, set[str]] = {}
    problems = [*problems, *more]
    for name, table in staged.items():
        columns, wrong = cast_table(connection, table, settings)
        problems += table.problems + wrong
        if columns:
            given[name] = columns
    checked = list(given)
    problems += stand_in(connection, given)
    for statement in early_sql(given):
        connection.execute(statement)
    rules, spans = [], {name: _span(connection, name, given[name]) for name in given}
    for name in checked:
        wrong, warned = check_rows(connection, staged[name], given, settings, spans[name])
        problems += wrong + [problem for _, problem in warned]
        rules += warned
    read = Read(
        connection,
        given,
        tuple(problems),
        (),
        _fingerprint(settings, sources),
        tuple(rules),
        {name: staged[name] for name in checked},
        spans,
    )
    read = replace(read, problems=(*problems, *_enough(read, wanted)), files=_files(read, sources))
    _forget(connection)
    return read


def _connect() -> duckdb.DuckDBPyConnection:
    """A database in memory that reaches for nothing by itself.

    One thread: sums of floats come out the same every time, and kernels that run side by side share
    the machine fairly. A book with a
    file read in place gets all cores: its money is exact decimals, and one pass over a hundred
    million rows is worth the wait of the others.
    """
    connection = duckdb.connect(
        config={
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "threads": "1",
            "memory_limit": MEMORY,
        }
    )
    spill = Path(tempfile.gettempdir()) / f"playbook-{os.getpid()}-{id(connection):x}"
    connection.execute(
        "SET TimeZone = 'UTC'"
    )  # the machine's own zone may not move an order to another month
    connection.execute(
        "SET enable_progress_bar = false"
    )  # it would run through the notebook's output
    connection.execute(f"SET temp_directory = '{str(spill).replace(chr(39), chr(39) * 2)}'")
    for schema in ("raw", "stage", "book"):
        connection.execute(f"CREATE SCHEMA {schema}")
    return connection


def _cores() -> int:
    """Processors this process may use: those it is held to, not those of the machine."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _load(
    connection: duckdb.DuckDBPyConnection, settings: Settings, folder: Path
) -> tuple[dict[str, RawSource | None], dict[str, RawSource], list[Problem]]:
    """Declared sources by name (None when unreadable), sources of files named after a table by
    table, and the problems.
    """
    found, problems = discover(folder, settings)
    sources: dict[str, RawSource | None] = {}
    for name, source in settings.sources.items():
        sources[name] = _try_load(
            connection, name, source, folder, _days_of(name, settings), problems
        )
    files = {
        name: source
        for name, source in sources.items()
        if source and name in TABLES and name not in settings.tables
    }
    for hit in found:
        name = hit.table if hit.table not in sources else f"file {hit.table}"
        loaded = _try_load(
            connection,
            name,
            SourceSettings(file=hit.path.name, sheet=hit.sheet),
            folder,
            set(),
            problems,
        )
        sources[name] = loaded
        if loaded:
            files[hit.table] = loaded
    return sources, files, problems


def _try_load(
    connection: duckdb.DuckDBPyConnection,
    name: str,
    settings: SourceSettings,
    folder: Path,
    days: set[str],
    problems: list[Problem],
) -> RawSource | None:
    try:
        source = load_source(connection, name, settings, folder, days)
    except DataProblem as wrong:
        problems += wrong.problems
        return None
    except OSError as error:
        problems.append(
            Problem(
                found=f"cannot be opened: {error.strerror or error}",
                expected="a file this user may read",
                try_="look at its permissions, and whether another program holds it",
                file=settings.file or name,
            )
        )
        return None
    problems += source.problems
    return source


def _days_of(source: str, settings: Settings) -> set[str]:
    """Columns of a source that some mapping reads as days, by their header; a mapping without
    columns goes by our own names.
    """
    headers = set()
    for name, mapping in settings.tables.items():
        if mapping.from_ == source and name in TABLES:
            days = {
                column.name
                for column in TABLES[name].columns
                if column.kind in ("day", "time", "month")
            }
            headers |= (
                {theirs for ours, theirs in mapping.columns.items() if ours in days}
                if mapping.columns
                else days
            )
    return headers


def _lock(connection: duckdb.DuckDBPyConnection, sources: dict[str, RawSource | None]) -> None:
    """From here on no query, whoever wrote it, can read or write anything but the tables and the
    Parquet files opened above.
    """
    paths = sorted({path for source in sources.values() if source for path in source.in_place})
    allowed = ", ".join("'" + path.replace("'", "''") + "'" for path in paths)
    for statement in (
        "python_enable_replacements = false",
        f"allowed_paths = [{allowed}]",
        "enable_external_access = false",
        "lock_configuration = true",
    ):
        connection.execute(f"SET {statement}")


def _stage(
    connection: duckdb.DuckDBPyConnection,
    settings: Settings,
    sources: dict[str, RawSource | None],
    files: dict[str, RawSource],
) -> tuple[dict[str, Staged], list[Problem]]:
    staged, problems = {}, _unknown_tables(settings)
    for name, table in TABLES.items():
        if name in settings.tables:
            one = stage_mapping(
                connection, table, settings.tables[name], sources, set(settings.sources)
            )
        elif name in files:
            one = stage_file(connection, table, files[name])
        else:
            continue
        if isinstance(one, Staged):
            staged[name] = one
        else:
            problems += one
    return staged, problems


def _unknown_tables(settings: Settings) -> list[Problem]:
    return [
        Problem(
            found=f"[tables.{name}] is no table",
            expected="a table of the contract",
            try_=did_you_mean(name, TABLES),
            file="playbook.toml",
        )
        for name in settings.tables
        if name not in TABLES
    ]


def _enough(read: Read, wanted: str) -> list[Problem]:
    """A book needs orders or deals with rows in them; said only when nothing else explains why they
    are missing.
    """
    rows = {
        name: (
            read.connection.execute(
                f"SELECT count(*) FROM (SELECT 1 FROM book.{name} LIMIT 1)"
            ).fetchall()[0][0]
        )
        for name in read.staged
    }
    empty = [
        Problem(
            found="a header and no rows",
            expected="at least one row",
            try_="export it again, or remove it if there is nothing to give",
            severity="warning",
            table=name,
            file=read.staged[name].label,
        )
        for name in rows
        if not rows[name]
    ]
    told = any(
        problem.table in ONE_OF and problem.severity == "error" for problem in read.problems
    ) or any(problem.file for problem in read.problems if problem.severity == "error")
    if any(rows.get(name) for name in ONE_OF) or told:
        return empty
    return [
        *empty,
        Problem(
            found="neither orders nor opportunities",
            expected="rows in at least one of the two tables",
            try_=wanted,
            file="playbook.toml" if wanted == FILES_WANTED else None,
        ),
    ]


def _fingerprint(settings: Settings, sources: dict[str, RawSource | None]) -> str:
    """First 12 hex digits of the sha256 over settings and files; where they lie does not matter."""
    sha = hashlib.sha256(settings.model_dump_json().encode())
    for name in sorted(sources):
        source = sources[name]
        for file in source.files if source else ():
            sha.update(f"{name}\0{file['sha256']}\0".encode())
    return sha.hexdigest()[:12]


def _forget(connection: duckdb.DuckDBPyConnection) -> None:
    """Free the texts that were copied; views on files stay."""
    for schema in ("stage", "raw"):
        tables = connection.execute(
            "SELECT table_name FROM information_schema.tables WHERE table_schema = ? AND table_type"
            " = 'BASE TABLE'",
            [schema],
        ).fetchall()
        for (name,) in tables:
            connection.execute(f'DROP TABLE {schema}."{name.replace(chr(34), chr(34) * 2)}"')


def _files(read: Read, sources: dict[str, RawSource | None]) -> tuple[dict[str, Any], ...]:
    tables: dict[str, list[str]] = {}
    for name, staged in read.staged.items():
        if staged.source:
            tables.setdefault(staged.source.name, []).append(name)
    out = []
    for name, source in sources.items():
        spans = [read.span(table) for table in tables.get(name, ())]
        days = [day for span in spans for day in span if day]
        ends = (
            {"first": min(days).isoformat(), "last": max(days).isoformat()}
            if days
            else {"first": None, "last": None}
        )
        out += [
            {"source": name, **file, "tables": tables.get(name, []), **ends}
            for file in (source.files if source else ())
        ]
    return tuple(out)
