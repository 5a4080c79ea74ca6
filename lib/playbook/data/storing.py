"""Rows put in a source's table: cells trimmed, empty ones missing, headers fit for SQL."""

from __future__ import annotations

from typing import Any

import duckdb
import pyarrow as pa

from playbook.base.errors import DataProblem, Problem
from playbook.base.formats import listing
from playbook.base.language import say

from .control_marks import clear_marks
from .databases import quoted
from .source import RawSource

# blanks, and characters nobody sees, that mean nothing at the edges of a cell
BLANKS = " \t\r\n\u00a0\u3000\ufeff\u200b\u200c\u200d\u200e\u200f\u2060\u00ad"


EDGE = (  # asking first is several times faster than trimming every cell
    r"^[\s\x{a0}\x{ad}\x{3000}\x{feff}\x{200b}-\x{200f}\x{2060}]"
    r"|[\s\x{a0}\x{ad}\x{3000}\x{feff}\x{200b}-\x{200f}\x{2060}]$"
)


def texts(rows: list[list[str]], width: int) -> pa.Table:
    columns = (
        list(zip(*((row + [""] * width)[:width] for row in rows), strict=True))
        if rows
        else [()] * width
    )
    return pa.table({f"c{i}": pa.array(column, pa.string()) for i, column in enumerate(columns)})


def store(
    connection: duckdb.DuckDBPyConnection,
    source: RawSource,
    index: int,
    content: Any,
    header: list[str],
    label: str = "",
    wrapped: bool = False,
    marks: bool = False,
) -> int:
    """Put rows in the source's table: cells trimmed, empty ones missing, rows without any cell left
    out. Gives their number. wrapped: cells may be written as ="0012" or '0012; marks: control
    characters may stand in them.
    """
    names, problems = headers(header, label or source.label)
    if index == 0:
        source.problems += problems
    typed = {field.name: field.type for field in content.schema}
    cells = ", ".join(
        (
            f"{_trimmed(f'c{i}', wrapped)} AS {quoted(name)}"
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
    if marks:
        source.problems += clear_marks(connection, source, index, label or source.label)
    source.problems += _nameless(connection, source, index, header, names, label)
    return connection.execute(
        f"SELECT count(*) FROM {source.relation} WHERE _file = {index}"
    ).fetchall()[0][0]


def _nameless(
    connection: duckdb.DuckDBPyConnection,
    source: RawSource,
    index: int,
    header: list[str],
    names: list[str],
    label: str,
) -> list[Problem]:
    """A warning of columns that hold words and have no name in the header; a bare count of rows, as
    some programs write it, is no loss.
    """
    blank = [n for n, h in zip(names, header, strict=True) if not str(h).strip(BLANKS)]
    held = [
        name
        for name in blank
        if connection.execute(
            f"SELECT 1 FROM {source.relation} WHERE _file = {index} AND NOT regexp_full_match("
            f"CAST({quoted(name)} AS VARCHAR), '[0-9]+') LIMIT 1"
        ).fetchall()
    ]
    if not held:
        return []
    return [
        Problem(
            found=say("columns that hold values and have no name: {names}", names=listing(held)),
            expected=say("a name above every column"),
            try_=say("name them in the file if they are needed; they are not read otherwise"),
            severity="warning",
            file=label or source.label,
            count=len(held),
        )
    ]


def _trimmed(c: str, wrapped: bool) -> str:
    """SQL: the text without blanks around it, and where ``wrapped`` without the =" " and the
    leading ' by which spreadsheets keep digits as text; missing when nothing is left.
    """
    edge, text = EDGE, f"trim({c}, '{BLANKS}')"
    if wrapped:
        edge = rf"^[=\x{{27}}]|{edge}"
        inside = rf"trim(regexp_replace({text}, '^=\"(.*)\"$', '\1'), '{BLANKS}')"
        text = rf"regexp_replace({inside}, '^\x{{27}}([0-9=+-])', '\1')"
    return (
        f"CASE WHEN {c} = '' THEN NULL WHEN regexp_matches({c}, '{edge}') THEN nullif({text}, '')"
        f" ELSE {c} END"
    )


def _same_columns(
    connection: duckdb.DuckDBPyConnection, source: RawSource, names: list[str], label: str
) -> None:
    first = [row[0] for row in connection.execute(f"DESCRIBE {source.relation}").fetchall()][2:]
    odd = sorted(set(names) ^ set(first))
    if odd:
        raise DataProblem(
            Problem(
                found=say(
                    "its columns differ from those of {file}: {odd}",
                    file=source.files[0]["file"],
                    odd=listing(odd),
                ),
                expected=say("the same columns in every file of a glob"),
                try_=say("narrow the glob, or make each a source and join them with sql"),
                file=label,
            )
        )


def headers(names: list[str], label: str) -> tuple[list[str], list[Problem]]:
    """Column names fit for SQL: trimmed, blank and repeated ones numbered, the latter reported."""
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
            found=say("the header names {set} twice", set=listing(sorted(set(twice)))),
            expected=say("each column name once"),
            try_=say("rename or remove one of the two in the file"),
            file=label,
            count=len(twice),
        )
    ]
