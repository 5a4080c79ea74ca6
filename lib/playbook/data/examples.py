"""The first rows that show a problem: where they stand and what identifies them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import duckdb

from playbook.base.errors import Problem
from playbook.base.formats import joined
from playbook.base.language import say

from .cast import Cast
from .databases import quoted
from .staged import Staged


def column_problem(
    connection: duckdb.DuckDBPyConnection,
    staged: Staged,
    cast: Cast,
    wording: Callable[[int], tuple[str, str, str]],
    condition: str,
) -> Problem:
    """A problem of one column: ``wording`` gives found, expected and try from the number of rows
    that meet the condition.
    """
    count, rows = examples(connection, staged, f"({staged.query})", condition, [cast.column.name])
    found, expected, try_ = wording(count)
    return Problem(
        found,
        expected,
        try_,
        "error",
        staged.table.name,
        cast.column.name,
        staged.label,
        count,
        rows,
    )


def examples(
    connection: duckdb.DuckDBPyConnection,
    staged: Staged,
    relation: str,
    condition: str,
    columns: Sequence[str],
) -> tuple[int, tuple[str, ...]]:
    """How many rows meet the condition, and the first three: where they stand, the columns in
    question, and what identifies them.
    """
    context = [
        name
        for name in dict.fromkeys([*staged.table.key, *staged.table.required])
        if name in staged.types and name not in columns
    ][:2]
    shown = [*columns, *context]
    cells = ", ".join(f"CAST({quoted(name)} AS VARCHAR)" for name in shown)
    count = connection.execute(f"SELECT count(*) FROM {relation} WHERE {condition}").fetchall()[0][
        0
    ]
    # rows of a lake have no number: their cells say which come first
    order = f"_file, _row, {cells}" if staged.source and staged.source.lake else "_file, _row"
    rows = connection.execute(
        f"SELECT _file, _row, {cells} FROM {relation} WHERE {condition} ORDER BY {order} LIMIT 3"
    ).fetchall()
    places = staged.where([(row[0], row[1]) for row in rows])
    texts = []
    for place, row in zip(places, rows, strict=True):
        named = [_named(name, cell) for name, cell in zip(shown, row[2:], strict=True)]
        own, rest = named[: len(columns)], named[len(columns) :]
        place = staged.cell(row[0], row[1], columns[0]) or place
        texts.append(
            say("{place}: {own} ({rest})", place=place, own=joined(own), rest=joined(rest))
            if rest
            else say("{place}: {own}", place=place, own=joined(own))
        )
    return count, tuple(texts)


def _named(column: str, cell: str | None) -> str:
    """A column and the beginning of its cell."""
    if cell is None:
        return say("{column} empty", column=column)
    line = " ".join(cell.split())
    return f"{column} '{line[:40]}…'" if len(line) > 40 else f"{column} '{line}'"
