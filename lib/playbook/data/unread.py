"""Values that are there and cannot be read, and required ones that are not there."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import duckdb

from playbook.base.formats import plural
from playbook.base.language import english, say

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
        say("{rows} without {column}", rows=plural(count, "row"), column=cast.column.name),
        say("a value in every row: {name} needs it", name=staged.table.name),
        say('fill the cells, or leave the rows out with where = "…" in [tables.…]'),
    )


def _unreadable(cast: Cast, staged: Staged, count: int) -> tuple[str, str, str]:
    if cast.column.kind in DAY_KINDS:
        form = (
            say(" or like {declared}", declared=declared(staged, cast))
            if declared(staged, cast)
            else ""
        )
        return (
            (
                say("{values} cannot be read as months", values=plural(count, "value"))
                if cast.column.kind == "month"
                else say("{values} cannot be read as dates", values=plural(count, "value"))
            ),
            (
                say(
                    "days of the calendar such as 2023-04-03{form}, months 01 to 12, one"
                    " form in the whole column",
                    form=form,
                )
            ),
            (
                say(
                    "correct the rows named, or say how the dates are written in"
                    ' [sources.…]: dates = "%d/%m/%Y"'
                )
            ),
        )
    kinds = {
        "money": say("an amount"),
        "flag": say("yes or no"),
        "period": say("a period"),
        "share": say("a share"),
        "count": say("a whole number"),
        "year": say("a year"),
    }
    what = (
        say("in the list")
        if english(cast.expects[0]).startswith("one of")
        else kinds.get(cast.column.kind, say("a number"))
    )
    found = say(
        "{values} {en_are} not {what}",
        values=plural(count, "value"),
        en_are="is" if count == 1 else "are",
        what=what,
    )
    return found, *cast.expects
