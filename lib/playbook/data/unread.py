"""Values that are there and cannot be read, and required ones that are not there."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import duckdb

from playbook.base.formats import plural

from .cast import DAY_KINDS, Cast
from .cast_days import declared
from .databases import quoted
from .examples import column_problem
from .set_aside import Fault
from .staged import Staged


def unread_values(
    connection: duckdb.DuckDBPyConnection, staged: Staged, casts: list[Cast], refused: set[str]
) -> list[Fault]:
    """Faults of values that are there and could not be read (columns refused as a whole left out),
    and of required ones that are not there.
    """
    sums = ", ".join(f"count({quoted(cast.column.name)})" for cast in casts)
    total, *counts = connection.execute(
        f"SELECT count(*), {sums} FROM book.{staged.table.name}"
    ).fetchall()[0]
    faults = []
    for cast, read in zip(casts, counts, strict=True):
        if cast.sql == cast.text:
            cast.counted = read
        if read < cast.counted and cast.column.name not in refused:
            condition = f"{cast.text} IS NOT NULL AND ({cast.sql}) IS NULL"
            faults.append(
                _fault(
                    connection,
                    staged,
                    cast,
                    partial(_unreadable, cast, staged),
                    condition,
                )
            )
        if cast.column.required and cast.counted < total:
            faults.append(
                _fault(
                    connection,
                    staged,
                    cast,
                    partial(_missing_value, cast, staged),
                    f"({cast.text}) IS NULL",
                )
            )
    return faults


def _fault(
    connection: duckdb.DuckDBPyConnection,
    staged: Staged,
    cast: Cast,
    wording: Callable[[int], tuple[str, str, str]],
    condition: str,
) -> Fault:
    problem = column_problem(connection, staged, cast, wording, condition)
    return Fault(problem, f"SELECT _file, _row FROM ({staged.query}) WHERE {condition}")


def _missing_value(cast: Cast, staged: Staged, count: int) -> tuple[str, str, str]:
    return (
        f"{plural(count, 'row')} without {cast.column.name}",
        f"a value in every row: {staged.table.name} needs it",
        'fill the cells, or leave the rows out with where = "…" in [tables.…]',
    )


def _unreadable(cast: Cast, staged: Staged, count: int) -> tuple[str, str, str]:
    if cast.column.kind in DAY_KINDS:
        form = f" or like {declared(staged, cast)}" if declared(staged, cast) else ""
        return (
            (
                f"{plural(count, 'value')} cannot be read as"
                f" {'months' if cast.column.kind == 'month' else 'dates'}"
            ),
            (
                f"days of the calendar such as 2023-04-03{form}, months 01 to 12, one form in the"
                " whole column"
            ),
            (
                "correct the rows named, or say how the dates are written in [sources.…]: dates ="
                ' "%d/%m/%Y"'
            ),
        )
    kinds = {
        "money": "an amount",
        "flag": "yes or no",
        "period": "a period",
        "share": "a share",
        "count": "a whole number",
        "year": "a year",
    }
    what = (
        "in the list"
        if cast.expects[0].startswith("one of")
        else kinds.get(cast.column.kind, "a number")
    )
    return f"{plural(count, 'value')} {'is' if count == 1 else 'are'} not {what}", *cast.expects
