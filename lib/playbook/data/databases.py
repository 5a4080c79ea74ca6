"""Names as SQL writes them, and DuckDB files read in place."""

from __future__ import annotations

import re
from pathlib import Path

import duckdb

from playbook.base.errors import DataProblem, Problem, did_you_mean
from playbook.base.language import say


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
                found=say("not readable as a DuckDB database: {short}", short=_short(error)),
                expected=say("a DuckDB file no other program is writing to"),
                try_=say("close the program that holds it, or export the table to Parquet"),
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
            found=say("no table '{table}' in the database", table=table),
            expected=say("a table or view of it"),
            try_=did_you_mean(table, names),
            file=label,
        )
    )


def _short(error: Exception) -> str:
    return str(error).strip().splitlines()[0][:160] if str(error).strip() else type(error).__name__
