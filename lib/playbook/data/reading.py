"""Reading a book's files into checked tables in DuckDB, all problems at once."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb

from playbook.base.errors import Problem, did_you_mean
from playbook.base.language import later, say
from playbook.base.settings import Settings
from playbook.base.settings.reads import unnoted
from playbook.engines.spark import SparkEngine

from .asof import early_sql
from .assigning import assign
from .casting import cast_table
from .connecting import connect, cores, forget, lock
from .currencies import convert_money
from .files_read import files_read
from .findings import cleaned, warned
from .frames import load_frames
from .lake.checking import checked_there, parted, refused
from .lake.opening import engine_of, frames_of_lake, is_spark_frame
from .loading import load
from .mapping import stage_file, stage_mapping
from .monthly_costs import add_up
from .read import Read
from .source import RawSource
from .staged import Staged
from .standing_in import stand_in
from .tables import DATED, TABLES, table_of

FILES_WANTED = later(
    "put orders.csv, opportunities.csv or another table beside playbook.toml, or map one with"
    " [tables.orders]"
)
FORM_WANTED = later(
    "fill in rows of the workbook's sheets of orders or deals, or another with days"
)
FRAMES_WANTED = later("give a frame with rows as orders=… or opportunities=…, or another table")


def read_tables(settings: Settings, path: Path, spark: Any = None) -> Read:
    """Every table of the book, typed and checked. Nothing is raised for wrong data: ``problems``
    holds it all. spark: an existing session for sources that lie in a lake.
    """
    folder = path if path.is_dir() else path.parent
    connection = connect()
    lake = engine_of(settings, spark)
    sources, files, problems = load(connection, settings, folder, lake)
    form = any(source.form for source in settings.sources.values())
    wanted = FORM_WANTED if form else FILES_WANTED
    return _checked(connection, settings, sources, files, problems, wanted, lake)


def read_frames(settings: Settings, frames: Mapping[str, Any]) -> Read:
    """The same from frames in memory, one per table of the contract (``frames.load_frames``)."""
    connection = connect()
    far = {name: frame for name, frame in frames.items() if is_spark_frame(frame)}
    near = {name: frame for name, frame in frames.items() if name not in far}
    sources, problems = load_frames(connection, near, settings.book.dimensions)
    lake = None
    if far:
        session = next(iter(far.values())).sparkSession
        lake = SparkEngine(session, settings.engine.most_rows)
        sources |= frames_of_lake(lake, far, tuple(settings.book.dimensions))
    return _checked(connection, settings, dict(sources), sources, problems, FRAMES_WANTED, lake)


def _checked(
    connection: duckdb.DuckDBPyConnection,
    settings: Settings,
    sources: dict[str, RawSource | None],
    files: dict[str, RawSource],
    problems: list[Problem],
    wanted: str,
    lake: SparkEngine | None = None,
) -> Read:
    """Sources typed and checked. wanted: what to try when neither orders nor deals are given."""
    if any(s.lazy and not s.lake for s in [*sources.values(), *files.values()] if s):
        connection.execute(f"SET threads = {cores()}")
    lock(connection, sources)
    staged, more = _stage(connection, settings, sources, files, lake)
    staged, far = parted(staged)
    given: dict[str, set[str]] = {}
    faults = {}
    problems = [*problems, *more, *_unknown_covers(settings), *_zones(settings)]
    for name, table in staged.items():
        columns, wrong, faults[name] = cast_table(connection, table, settings)
        problems += table.problems + wrong
        if columns:
            given[name] = columns
    staged = {name: table for name, table in staged.items() if name in given}
    money, unrated = convert_money(connection, staged, given, settings)
    for name, table in staged.items():
        faults[name] = [*faults[name], *unrated.get(name, ())]
        problems += add_up(connection, table, given[name])
    problems += money
    wrong, spans = cleaned(connection, staged, given, faults, settings)
    holder: Any = connection
    if lake is None:
        problems += stand_in(connection, given, settings.book.dimensions)
        problems += assign(connection, staged, given)
        more, rules = list[Problem](), list[Any]()
    else:
        holder = lake
        more, rules, ends, far = checked_there(connection, lake, staged, far, given, settings)
        spans |= ends
    staged = {name: table for name, table in {**staged, **far}.items() if name in given}
    spans |= {name: spans["opportunities"] for name in given if name not in spans}
    for statement in early_sql(given):
        holder.execute(statement)
    if lake is None:
        more, rules = warned(connection, staged, given, spans, settings)
    read = Read(
        holder,
        given,
        (*problems, *wrong, *more),
        (),
        _fingerprint(settings, sources),
        tuple(rules),
        staged,
        spans,
    )
    read = replace(
        read,
        problems=(*read.problems, *_enough(read, wanted)),
        files=files_read(read, sources, settings),
        in_place=_in_place([*sources.values(), *files.values()]),
    )
    forget(connection)
    return read


def _stage(
    connection: duckdb.DuckDBPyConnection,
    settings: Settings,
    sources: dict[str, RawSource | None],
    files: dict[str, RawSource],
    lake: SparkEngine | None,
) -> tuple[dict[str, Staged], list[Problem]]:
    staged, problems = {}, _unknown_tables(settings)
    for name in TABLES:
        table = table_of(name, settings.book.dimensions)
        if name in settings.tables:
            if _left_blank(sources.get(settings.tables[name].from_)):
                continue
            if wrong := refused(name, settings.tables[name], sources):
                problems += wrong
                continue
            source = sources.get(settings.tables[name].from_)
            holder: Any = lake if source and source.lake else connection
            one = stage_mapping(holder, table, settings.tables[name], sources, settings)
        elif name in files:
            holder = lake if files[name].lake else connection
            one = stage_file(holder, table, files[name], settings)
        else:
            continue
        if isinstance(one, Staged):
            staged[name] = one
        else:
            problems += one
    return staged, problems


def _left_blank(source: RawSource | None) -> bool:
    """Whether the source is a sheet to fill in that nobody filled in."""
    if source is None or not source.settings.form:
        return False
    return not any(file.get("rows") for file in source.files)


def _unknown_tables(settings: Settings) -> list[Problem]:
    return [
        Problem(
            found=say("[tables.{name}] is no table", name=name),
            expected=say("a table of the contract"),
            try_=did_you_mean(name, TABLES),
            file="playbook.toml",
        )
        for name in settings.tables
        if name not in TABLES
    ]


def _unknown_covers(settings: Settings) -> list[Problem]:
    return [
        Problem(
            found=say("[book.covers] names '{name}', which is no table", name=name),
            expected=say("a table of the contract"),
            try_=did_you_mean(name, TABLES),
            file="playbook.toml",
        )
        for name in settings.book.covers
        if name not in TABLES
    ]


def _zones(settings: Settings) -> list[Problem]:
    return [
        Problem(
            found=say(
                "[sources.{name}] zone = '{zone}' and no zone to bring its moments to",
                name=name,
                zone=source.zone,
            ),
            expected=say("the zone whose calendar the days and months follow"),
            try_=say('give it in playbook.toml: [book] time_zone = "Asia/Shanghai"'),
            file="playbook.toml",
        )
        for name, source in settings.sources.items()
        if source.zone and not settings.book.time_zone
    ]


def _enough(read: Read, wanted: str) -> list[Problem]:
    """A book needs a table with rows that have days; said only when nothing else explains why there
    is none.
    """
    counted = " UNION ALL ".join(
        f"SELECT {i} AS i, count(*) AS n FROM (SELECT 1 AS one FROM book.{name} LIMIT 1)"
        for i, name in enumerate(read.staged)
    )
    found = dict(read.connection.execute(counted).fetchall()) if counted else {}
    rows = {name: found[i] for i, name in enumerate(read.staged)}
    empty = [
        Problem(
            found=say("a header and no rows"),
            expected=say("at least one row"),
            try_=say("export it again, or remove it if there is nothing to give"),
            severity="warning",
            table=name,
            file=read.staged[name].label,
        )
        for name in rows
        if not rows[name]
    ]
    explained = any(
        problem.table in DATED or problem.file
        for problem in read.problems
        if problem.severity == "error"
    )
    if any(rows.get(name) for name in DATED) or explained:
        return empty
    return [
        *empty,
        Problem(
            found=say("neither orders nor opportunities, nor any other table with days"),
            expected=say("rows in at least one of them"),
            try_=say(wanted),
            file="playbook.toml" if wanted == FILES_WANTED else None,
        ),
    ]


def _fingerprint(settings: Settings, sources: dict[str, RawSource | None]) -> str:
    """First 12 hex digits of the sha256 over settings and files; where they lie does not matter."""
    with unnoted():  # the name of the whole says nothing about its parts
        sha = hashlib.sha256(settings.model_dump_json().encode())
    for name in sorted(sources):
        source = sources[name]
        for file in source.files if source else ():
            sha.update(f"{name}\0{file['sha256']}\0".encode())
    return sha.hexdigest()[:12]


def _in_place(sources: Iterable[RawSource | None]) -> tuple[tuple[str, str], ...]:
    """Path and sha256 of the files of sources too large to copy."""
    found = {
        path: str(file["sha256"])
        for source in sources
        if source and source.lazy
        for path, file in zip(source.paths, source.files, strict=False)
    }
    return tuple(found.items())
