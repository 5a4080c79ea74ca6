"""Ids that name rows of a table the book does not have, and ids of two systems that never meet."""

from __future__ import annotations

from itertools import combinations

import duckdb

from playbook.base.errors import Problem
from playbook.base.formats import listing
from playbook.base.language import say

from .databases import quoted
from .staged import Staged
from .tables import TABLES

NAMED_BY_ID = ("customers", "reps")  # whose ids can stand for names where the table is absent
MEETING = 0.05  # share of the smaller table's ids that two tables of one system would share
LEAST = 5  # ids from which a share says something


def orphans(
    connection: duckdb.DuckDBPyConnection,
    staged: dict[str, Staged],
    given: dict[str, set[str]],
) -> list[Problem]:
    """Warnings for references to tables that are not given: deals, leads and contracts named in
    vain; customers and reps whose ids in two tables have nothing in common.
    """
    places: dict[str, list[tuple[str, str]]] = {}
    for table in staged:
        have = given[table]
        for column in TABLES[table].columns:
            target = (column.refers or "").partition(".")[0]
            if target and target not in given and column.name in have and not staged[table].lazy:
                places.setdefault(target, []).append((table, column.name))
    problems = []
    for target, columns in places.items():
        if target in NAMED_BY_ID:
            problems += _strangers(connection, target, columns)
        else:
            filled = [f"{t}.{c}" for t, c in columns if _ids(connection, t, c)]
            if filled:
                problems.append(_in_vain(target, filled))
    return problems


def _ids(connection: duckdb.DuckDBPyConnection, table: str, column: str) -> int:
    return connection.execute(
        f"SELECT count(DISTINCT {quoted(column)}) FROM book.{table}"
    ).fetchall()[0][0]


def _in_vain(target: str, columns: list[str]) -> Problem:
    return Problem(
        say(
            "{columns} {en_names} {target}, and there is no table {target}",
            columns=listing(columns),
            en_names="name" if len(columns) > 1 else "names",
            target=target,
        ),
        say("the table {target} beside them", target=target),
        say("give {target}, or leave the column out", target=target),
        "warning",
        columns[0].partition(".")[0],
        columns[0].partition(".")[2],
    )


def _strangers(
    connection: duckdb.DuckDBPyConnection, target: str, columns: list[tuple[str, str]]
) -> list[Problem]:
    key = TABLES[target].key[0]
    own = [(table, column) for table, column in columns if column == key]
    problems = []
    for (one, c), (other, d) in combinations(own, 2):
        sizes = _ids(connection, one, c), _ids(connection, other, d)
        common = connection.execute(
            f"SELECT count(*) FROM (SELECT {quoted(c)} FROM book.{one} INTERSECT SELECT"
            f" {quoted(d)} FROM book.{other}) WHERE 1 = 1"
        ).fetchall()[0][0]
        if min(sizes) >= LEAST and common < MEETING * min(sizes):
            problems.append(
                Problem(
                    say(
                        "{common:,} of {sizes:,} {c}s of {one} and {other} are the same:"
                        " what joins the two tables finds nothing",
                        common=common,
                        sizes=min(sizes),
                        c=c,
                        one=one,
                        other=other,
                    ),
                    say("one set of ids, or a table {target} that both refer to", target=target),
                    say(
                        "map one to the other with values.{c}, or give {target}", c=c, target=target
                    ),
                    "warning",
                    one,
                    c,
                )
            )
    return problems
