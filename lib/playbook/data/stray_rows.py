"""Rows that are no data: the header again, and totals below the table."""

from __future__ import annotations

import duckdb

from playbook.base.errors import Problem
from playbook.base.language import say

from . import values
from .cast import Cast
from .databases import quoted
from .examples import examples
from .set_aside import Fault
from .staged import Staged

TOTAL_WORDS = (
    "total",
    "totals",
    "grand total",
    "subtotal",
    "sub-total",
    "sum",
    "合计",
    "总计",
    "小计",
    "总和",
    "汇总",
    "共计",
    "合計",
    "總計",
)


def drop_strays(
    connection: duckdb.DuckDBPyConnection, staged: Staged, casts: list[Cast], texts: list[Cast]
) -> list[Fault]:
    """Faults of header rows repeated among the data and totals below it, which are left out of what
    the later checks see.
    """
    repeated, total = repeated_header(staged, texts), _total_row(connection, staged, casts)
    counts = connection.execute(
        f"SELECT count(*) FILTER ({repeated}), count(*) FILTER (({total}) AND NOT ({repeated}))"
        f" FROM ({staged.query})"
    ).fetchall()[0]
    faults = []
    if counts[0]:
        faults.append(
            _stray(
                connection,
                staged,
                repeated,
                say("the header comes again among the rows"),
                say("one header row, at the top"),
                say("remove the repeated header rows; files may have been pasted together"),
            )
        )
    if counts[1]:
        faults.append(
            _stray(
                connection,
                staged,
                f"({total}) AND NOT ({repeated})",
                say("a total row among the data"),
                say(
                    "one row per {grain}",
                    grain=staged.table.grain.removeprefix("one row per "),
                )
                if not staged.table.grain.startswith("one row per ")
                else say(staged.table.grain),
                say("remove totals and subtotals from the file: they would be counted twice"),
            )
        )
    if faults:
        kept = f"stage.{quoted(staged.table.name + ' without strays')}"
        connection.execute(
            f"CREATE TABLE {kept} AS SELECT * FROM ({staged.query}) WHERE NOT coalesce(({repeated})"
            f" OR ({total}), FALSE)"
        )
        staged.query = f"SELECT * FROM {kept}"
    return faults


def repeated_header(staged: Staged, texts: list[Cast]) -> str:
    """Condition: the first two of the text columns (or the only one) hold what they are called."""
    same = [
        f"{quoted(cast.column.name)} ="
        f" '{staged.headers[cast.column.name].replace(chr(39), chr(39) * 2)}'"
        for cast in texts[:2]
    ]
    return f"coalesce({' AND '.join(same)}, FALSE)" if staged.source else "FALSE"


def total_candidate(casts: list[Cast]) -> str:
    """Condition: a required cell is empty or says Total. Most tables have no such row and are done
    here.
    """
    required = _identifying(casts)
    return f"({_gap(required)}) OR ({_said_total(required)})" if required else "FALSE"


def _identifying(casts: list[Cast]) -> list[Cast]:
    return [
        cast
        for cast in casts
        if (cast.column.required or cast.column.name == "customer_id")
        and cast.column.kind not in ("money", "number", "score")
    ]


def _gap(required: list[Cast]) -> str:
    return " OR ".join(f"{quoted(cast.column.name)} IS NULL" for cast in required)


def _said_total(required: list[Cast]) -> str:
    words = (*TOTAL_WORDS, *(f"{word}{colon}" for word in TOTAL_WORDS for colon in ":："))
    return " OR ".join(
        f"coalesce({values.one_of(f'CAST({quoted(cast.column.name)} AS VARCHAR)', words)}, FALSE)"
        for cast in required
    )


def _total_row(connection: duckdb.DuckDBPyConnection, staged: Staged, casts: list[Cast]) -> str:
    """Condition: a required cell says Total or is empty, and the amount is the sum of all others
    (or the row says Total and has gaps).
    """
    required = _identifying(casts)
    amounts = [cast for cast in casts if cast.column.kind == "money" and cast.column.required] or [
        cast for cast in casts if cast.column.kind == "money"
    ][:1]
    if not required or not amounts:
        return "FALSE"
    said, gap, amount = _said_total(required), _gap(required), amounts[0].full or amounts[0].sql
    bare = _gap([cast for cast in required if cast.column.required]) or "FALSE"
    total = connection.execute(f"SELECT sum({amount}) FROM ({staged.query})").fetchall()[0][0] or 0
    adds_up = f"coalesce(abs(2 * ({amount}) - {total}) < 0.02, FALSE)" if total else "FALSE"
    said, gap, bare = f"({said})", f"({gap})", f"({bare})"
    either = f"(({said} AND {gap}) OR (({said} OR {bare}) AND {adds_up}))"
    return f"({said} OR {bare}) AND {amounts[0].text} IS NOT NULL AND {either}"


def _stray(
    connection: duckdb.DuckDBPyConnection,
    staged: Staged,
    condition: str,
    found: str,
    expected: str,
    try_: str,
) -> Fault:
    count, rows = examples(
        connection,
        staged,
        f"({staged.query})",
        condition,
        [name for name in staged.table.required if name in staged.types][:4],
    )
    return Fault(
        Problem(
            f"{found}{f' ({count} times)' if count > 1 else ''}",
            expected,
            try_,
            "error",
            staged.table.name,
            None,
            staged.label,
            count,
            rows,
        )
    )
