"""Columns whose numbers stand on another scale than the contract's: told by all their values."""

from __future__ import annotations

from dataclasses import replace

import duckdb

from playbook.base.errors import Problem
from playbook.base.formats import plural
from playbook.base.language import say

from . import values
from .cast import Cast
from .examples import column_problem
from .staged import Staged


def scales(
    connection: duckdb.DuckDBPyConnection, staged: Staged, casts: list[Cast]
) -> list[Problem]:
    """Probabilities given from 0 to 100 are brought to 0 to 1, and it is said; amounts with DR and
    CR behind them are said to be read as on a customer's account.
    """
    problems = []
    for cast in casts:
        if cast.column.name == "probability":
            problems += _per_cent(connection, staged, cast)
        if cast.column.kind == "money" and not cast.typed and not staged.lazy:
            problems += _on_account(connection, staged, cast)
    return problems


def _per_cent(connection: duckdb.DuckDBPyConnection, staged: Staged, cast: Cast) -> list[Problem]:
    """A column with a value above 1 and none between 0 and 1 counts hundredths."""
    c = f"({cast.sql})"
    most, parts, least = connection.execute(
        f"SELECT max({c}), count(*) FILTER ({c} > 0 AND {c} < 1), min({c}) FROM ({staged.query})"
    ).fetchall()[0]
    if most is None or not 1 < most <= 100 or parts or least < 0:
        return []
    cast.sql = f"{c} / 100"
    cast.full = cast.sql
    return [
        Problem(
            say("chances from {least:g} to {most:g}: read as per cent", least=least, most=most),
            say("shares from 0 to 1, or per cent with their sign"),
            say("nothing, if 60 means 60 %"),
            "warning",
            staged.table.name,
            cast.column.name,
            staged.label,
        )
    ]


def _on_account(connection: duckdb.DuckDBPyConnection, staged: Staged, cast: Cast) -> list[Problem]:
    if cast.sql != cast.full:
        return []  # every cell is a plain number
    condition = values.on_account(cast.text)
    some = f"SELECT 1 FROM ({staged.query}) WHERE {condition} LIMIT 1"
    if not connection.execute(some).fetchall():
        return []

    def wording(count: int) -> tuple[str, str, str]:
        return (
            say(
                "{amounts} with DR or CR: read as on a customer's account, DR adds and CR"
                " takes off",
                amounts=plural(count, "amount"),
            ),
            say("amounts with a sign"),
            say(
                "if they are of a revenue account: {column} = {{ column = …, times = -1 }}",
                column=cast.column.name,
            ),
        )

    found = column_problem(connection, staged, cast, wording, condition)
    return [replace(found, severity="warning")]
