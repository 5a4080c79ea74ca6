"""Tables of databases: DuckDB files in place, SQLite through the standard library, PostgreSQL
through its own driver.
"""

from __future__ import annotations

import importlib
import re
import sqlite3
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

import duckdb
import pyarrow as pa

from playbook.base.errors import DataProblem, Problem, did_you_mean

# Driver module, and what to install for it; each is optional and none is needed for files.
DRIVERS = {"postgresql": ("adbc_driver_postgresql.dbapi", "adbc-driver-postgresql")}


def quoted(name: str) -> str:
    """A name as SQL writes it."""
    return '"' + name.replace('"', '""') + '"'


def plain(name: str) -> str:
    """A name without case, blanks and punctuation: ``Order ID`` and ``order_id`` are alike."""
    return re.sub(r"[\W_]+", "", name).casefold()


def attach_duckdb(
    connection: duckdb.DuckDBPyConnection, path: Path, alias: str, table: str, label: str
) -> str:
    """Attach a DuckDB file for reading and give the full name of one of its tables or views."""
    try:
        connection.execute(
            f"ATTACH '{str(path).replace(chr(39), chr(39) * 2)}' AS {quoted(alias)} (READ_ONLY)"
        )
    except duckdb.Error as error:
        raise DataProblem(
            Problem(
                found=f"not readable as a DuckDB database: {_short(error)}",
                expected="a DuckDB file no other program is writing to",
                try_="close the program that holds it, or export the table to Parquet",
                file=label,
            )
        ) from None
    rows = connection.execute(
        "SELECT table_schema, table_name FROM information_schema.tables WHERE table_catalog = ?",
        [alias],
    ).fetchall()
    wanted = table.split(".") if "." in table else ["main", table]
    for schema, name in rows:
        if (schema, name) == (wanted[0], ".".join(wanted[1:])):
            return f"{quoted(alias)}.{quoted(schema)}.{quoted(name)}"
    names = [name if schema == "main" else f"{schema}.{name}" for schema, name in rows]
    raise DataProblem(
        Problem(
            found=f"no table '{table}' in the database",
            expected="a table or view of it",
            try_=did_you_mean(table, names),
            file=label,
        )
    )


def fetch(url: str, table: str, folder: Path, label: str) -> pa.Table:
    """All rows of a table of another database, as arrow. Raises DataProblem when there is no driver
    or no connection.
    """
    parts = urlsplit(url)
    scheme = (
        parts.scheme.split("+")[0]
        .replace("postgres", "postgresql")
        .replace("postgresqlql", "postgresql")
    )
    if parts.password:
        raise DataProblem(
            Problem(
                found="the database address holds a password",
                expected="no secret in playbook.toml",
                try_="take it out and set it in the environment (PGPASSWORD for PostgreSQL)",
                file=label,
            )
        )
    name = ".".join(quoted(part) for part in table.split("."))
    if scheme == "sqlite":
        return _sqlite(folder / url.partition("///")[2], name, label)
    module, package = DRIVERS.get(scheme, ("", ""))
    try:
        driver = importlib.import_module(module) if module else None
    except ImportError:
        driver = None
    if driver is None:
        raise DataProblem(
            Problem(
                found=f"no driver for {scheme or 'this address'} databases",
                expected="duckdb:///file.duckdb, sqlite:///file.db or an installed driver",
                try_=(
                    f"pip install {package}"
                    if package
                    else "export the table to CSV or Parquet and name it with file = …"
                ),
                file=label,
            )
        )
    try:
        with closing(driver.connect(url)) as connection, closing(connection.cursor()) as cursor:
            cursor.execute(f"SELECT * FROM {name}")
            return cursor.fetch_arrow_table()
    except Exception as error:  # each driver has errors of its own; none may pass as a traceback
        raise DataProblem(
            Problem(
                found=f"the database cannot be read: {_short(error)}",
                expected=f"table {table} at {parts.hostname or 'the host'}",
                try_="check address, name and permissions; the password comes from the environment",
                file=label,
            )
        ) from None


def _sqlite(path: Path, name: str, label: str) -> pa.Table:
    if not path.is_file():
        raise DataProblem(
            Problem(
                found="no such file",
                expected="an SQLite database",
                try_="give its place relative to playbook.toml",
                file=label,
            )
        )
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
            cursor = connection.execute(f"SELECT * FROM {name}")
            names = [column[0] for column in cursor.description]
            rows = cursor.fetchall()
    except sqlite3.Error as error:
        raise DataProblem(
            Problem(
                found=f"the database cannot be read: {_short(error)}",
                expected="an SQLite database with that table",
                try_="check the name of the table",
                file=label,
            )
        ) from None
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(names)
    texts = [
        pa.array(
            [None if v is None else repr(v) if isinstance(v, float) else str(v) for v in column],
            pa.string(),
        )
        for column in columns
    ]
    return pa.table(dict(zip(names, texts, strict=True)))


def _short(error: Exception) -> str:
    return str(error).strip().splitlines()[0][:160] if str(error).strip() else type(error).__name__
