"""Rows that cannot be used, set aside up to the share the settings allow: a bad row does not refuse
a book of thousands, and is never left out in silence.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import duckdb

from playbook.base.errors import Problem
from playbook.base.language import say
from playbook.base.settings import Settings

from .staged import Staged


@dataclass(frozen=True)
class Fault:
    """A problem of single rows. ``rows`` is SQL for their (_file, _row); empty where they were left
    out already, as totals below the table are.
    """

    problem: Problem
    rows: str = ""


def set_aside(
    connection: duckdb.DuckDBPyConnection,
    staged: Staged,
    faults: Sequence[Fault],
    settings: Settings,
) -> list[Problem]:
    """Delete the rows at fault from ``book.<table>`` where they are no more than the share allowed,
    and warn of each kind of fault; else its problems stay errors. A Parquet file read in place is
    left as it is, and its rows at fault are left out of the view on it; of a database read in place
    no row can be named, and none is set aside.
    """
    if not faults:
        return []
    table, limit = staged.table.name, settings.book.bad_rows
    gone = sum(fault.problem.count or 1 for fault in faults if not fault.rows)
    listed = " UNION ".join(f"({fault.rows})" for fault in faults if fault.rows)
    named = not staged.lazy or bool(staged.source and staged.source.in_place)
    bad = _count(connection, f"({listed})") if listed and named else 0
    total = _count(connection, f"book.{table}") + gone
    if not named:
        return [fault.problem for fault in faults]
    if bad + gone > limit * total:
        return list(_refused(faults, (bad + gone) / total if total else 1.0, limit, total))
    if listed and staged.lazy:
        _leave_out(connection, table, listed)
    elif listed:
        connection.execute(f"DELETE FROM book.{table} WHERE (_file, _row) IN ({listed})")
    return [_aside(fault.problem, total) for fault in faults]


def _leave_out(connection: duckdb.DuckDBPyConnection, table: str, listed: str) -> None:
    """A view on the table without these rows, under its name."""
    aside, whole = (f'book."{table} {words}"' for words in ("set aside", "as given"))
    connection.execute(f"CREATE TABLE {aside} AS {listed}")
    connection.execute(f"ALTER VIEW book.{table} RENAME TO {whole.partition('.')[2]}")
    connection.execute(
        f"CREATE VIEW book.{table} AS SELECT * FROM {whole} WHERE (_file, _row) NOT IN (SELECT"
        f" (_file, _row) FROM {aside})"
    )


def _count(connection: duckdb.DuckDBPyConnection, relation: str) -> int:
    return int(connection.execute(f"SELECT count(*) FROM {relation}").fetchall()[0][0])


def _aside(problem: Problem, total: int) -> Problem:
    return replace(
        problem,
        severity="warning",
        found=say(
            "{found}: set aside, {total:.2%} of {total_2:,} rows",
            found=problem.found,
            total=(problem.count or 1) / total,
            total_2=total,
        ),
    )


def _refused(faults: Iterable[Fault], share: float, limit: float, total: int) -> Iterable[Problem]:
    """The problems as errors; where some rows could have been set aside, how many are too many."""
    for fault in faults:
        if limit * total < 1:
            yield fault.problem
        else:
            yield replace(
                fault.problem,
                expected=say(
                    "{expected}; at most {limit:.1%} of rows may be set aside ([book]"
                    " bad_rows), here {share:.1%} would be",
                    expected=fault.problem.expected,
                    limit=limit,
                    share=share,
                ),
            )
