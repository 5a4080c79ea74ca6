"""Every source of a book, loaded or opened: those declared, and files named after a table."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import duckdb

from playbook.base.errors import DataProblem, Problem
from playbook.base.language import english, say
from playbook.base.settings import Settings, SourceSettings
from playbook.base.settings.mapping import listed
from playbook.engines.spark import SparkEngine

from .folder import discover
from .lake.opening import open_lake
from .source import RawSource
from .sources import load_source
from .tables import TABLES
from .textfiles import CELLS


def load(
    connection: duckdb.DuckDBPyConnection,
    settings: Settings,
    folder: Path,
    lake: SparkEngine | None = None,
) -> tuple[dict[str, RawSource | None], dict[str, RawSource], list[Problem]]:
    """Declared sources by name (None when unreadable), sources of files named after a table by
    table, and the problems. lake: the engine of sources that lie in a lake.
    """
    found, problems = discover(folder, settings)
    limit = settings.book.bad_rows
    sources: dict[str, RawSource | None] = {}
    for name, source in settings.sources.items():
        if source.lake:
            sources[name] = _try_open(lake, name, source, folder, problems)
            continue
        wanted = wanted_columns(name, settings) if source.database else None
        sources[name] = _try_load(
            connection, name, source, folder, _days_of(name, settings), problems, wanted, limit
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
            None,
            limit,
        )
        sources[name] = loaded
        if loaded:
            files[hit.table] = loaded
    return sources, files, problems


def _try_open(
    lake: SparkEngine | None,
    name: str,
    source: SourceSettings,
    folder: Path,
    problems: list[Problem],
) -> RawSource | None:
    try:
        return open_lake(lake, name, source, folder)
    except DataProblem as wrong:
        problems += wrong.problems
        return None


def _try_load(
    connection: duckdb.DuckDBPyConnection,
    name: str,
    settings: SourceSettings,
    folder: Path,
    days: set[str],
    problems: list[Problem],
    wanted: list[str] | None = None,
    limit: float = 0.0,
) -> RawSource | None:
    try:
        source = load_source(connection, name, settings, folder, days, wanted)
    except DataProblem as wrong:
        problems += wrong.problems
        return None
    except OSError as error:
        problems.append(
            Problem(
                found=say("cannot be opened: {value}", value=error.strerror or error),
                expected=say("a file this user may read"),
                try_=say("look at its permissions, and whether another program holds it"),
                file=settings.file or name,
            )
        )
        return None
    source.problems = [_weighed(problem, source, limit) for problem in source.problems]
    problems += source.problems
    return source


def _weighed(problem: Problem, source: RawSource, limit: float) -> Problem:
    """Rows of a text table that do not fit its header, left out already: set aside where they are
    no more than the share the settings allow.
    """
    if CELLS not in english(problem.found) or not problem.count:
        return problem
    total = sum(int(file.get("rows", 0)) for file in source.files) + problem.count
    if problem.count > limit * total:
        return problem
    share = f"{problem.count / total:.2%} of {total:,} rows"
    return replace(
        problem,
        severity="warning",
        found=say("{found}: set aside, {share}", found=problem.found, share=share),
    )


def _days_of(source: str, settings: Settings) -> set[str]:
    """Columns of a source that some mapping reads as days, by their header; a mapping without
    columns goes by our own names.
    """
    headers = set()
    for name, mapping in settings.tables.items():
        if mapping.from_ == source and name in TABLES:
            days = {
                column.name
                for column in (*TABLES[name].columns, *TABLES[name].inputs)
                if column.kind in ("day", "time", "month")
            }
            mapped = [
                header
                for ours, theirs in mapping.columns.items()
                if ours in days
                for header in (listed(theirs.column) if theirs.column else theirs.headers())
            ]
            headers |= set(mapped) if mapping.columns else days
    return headers


def wanted_columns(source: str, settings: Settings) -> list[str] | None:
    """The columns of a source that the mappings ask for; None where SQL or a mapping by name may
    ask for any.
    """
    asked: dict[str, None] = {}
    used = False
    for mapping in settings.tables.values():
        looked_up = [c for c in mapping.columns.values() if c.look_up == source]
        asked |= dict.fromkeys(name for c in looked_up for name in (*listed(c.key), c.give))
        used = used or bool(looked_up)
        whole = mapping.where or mapping.long or not mapping.columns
        rows = any(c.row is not None for c in mapping.columns.values())
        if mapping.sql or (mapping.from_ == source and (whole or rows)):
            return None
        if mapping.from_ == source:
            used = True
            asked |= dict.fromkeys(h for c in mapping.columns.values() for h in c.headers())
            asked |= dict.fromkeys(
                c.by if isinstance(c.by, str) else "" for c in mapping.columns.values() if c.once
            )
    asked.pop("", None)
    return list(asked) if used else None
