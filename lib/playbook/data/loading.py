"""Every source of a book, loaded or opened: those declared, and files named after a table."""

from __future__ import annotations

from pathlib import Path

import duckdb

from playbook.base.errors import DataProblem, Problem
from playbook.base.settings import Settings, SourceSettings
from playbook.base.settings.mapping import listed

from .folder import discover
from .source import RawSource
from .sources import load_source
from .tables import TABLES


def load(
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
