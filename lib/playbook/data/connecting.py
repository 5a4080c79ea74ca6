"""The database a book is read into: in memory, alone, and closed to everything but the sources."""

from __future__ import annotations

import os

import duckdb

from .leftovers import private_folder
from .source import RawSource

MEMORY = "1500MB"  # beyond it DuckDB spills to a temporary folder: large books stay under 2 GB


def connect() -> duckdb.DuckDBPyConnection:
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
    spill = private_folder("spill")
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


def cores() -> int:
    """Processors this process may use: those it is held to, not those of the machine."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def lock(connection: duckdb.DuckDBPyConnection, sources: dict[str, RawSource | None]) -> None:
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


def forget(connection: duckdb.DuckDBPyConnection) -> None:
    """Free the texts that were copied; views on files stay."""
    for schema in ("stage", "raw"):
        tables = connection.execute(
            "SELECT table_name FROM information_schema.tables WHERE table_schema = ? AND table_type"
            " = 'BASE TABLE'",
            [schema],
        ).fetchall()
        for (name,) in tables:
            connection.execute(f'DROP TABLE {schema}."{name.replace(chr(34), chr(34) * 2)}"')
