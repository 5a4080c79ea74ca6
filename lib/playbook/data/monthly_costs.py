"""Costs of channels given by day or by campaign, added up to months."""

from __future__ import annotations

import duckdb

from playbook.base.errors import Problem
from playbook.base.language import say

from .databases import quoted
from .staged import Staged


def add_up(connection: duckdb.DuckDBPyConnection, staged: Staged, have: set[str]) -> list[Problem]:
    """Make ``book.channel_costs`` one row per month and channel; the warning that says so. Rows of
    the source that repeat each other in every cell stay as they are: they were pasted twice.
    """
    if (
        staged.table.name != "channel_costs"
        or staged.lazy
        or not {"month", "channel", "cost"} <= have
    ):
        return []
    rows, sets = connection.execute(
        "SELECT count(*), count(DISTINCT (month, channel)) FROM book.channel_costs WHERE month IS"
        " NOT NULL AND channel IS NOT NULL"
    ).fetchall()[0]
    if rows == sets or _pasted_twice(connection, staged):
        return []
    connection.execute(
        "CREATE TABLE book.costs_added AS SELECT month, channel, CAST(sum(cost) AS DECIMAL(18,4))"
        " AS cost, min(_file) AS _file, min(_row) AS _row FROM book.channel_costs WHERE month IS"
        " NOT NULL AND channel IS NOT NULL AND cost IS NOT NULL GROUP BY month, channel, CASE WHEN"
        " cost < 0 THEN _row END"  # rows without one of them are faults already
    )
    connection.execute("DROP TABLE book.channel_costs")
    connection.execute("ALTER TABLE book.costs_added RENAME TO channel_costs")
    return [
        Problem(
            say("{rows:,} rows added up to {sets:,} months of channels", rows=rows, sets=sets),
            say("one row per channel and month"),
            say("nothing, if they are days or campaigns; else remove what was pasted twice"),
            "warning",
            "channel_costs",
            "cost",
            staged.label,
        )
    ]


def _pasted_twice(connection: duckdb.DuckDBPyConnection, staged: Staged) -> bool:
    """Whether rows of the source are alike in every cell; where the source cannot be asked, rows of
    the table.
    """
    if staged.source:
        names = ", ".join(quoted(name) for name in staged.source.columns)
        relation = staged.source.relation
    else:
        names, relation = "month, channel, cost", "book.channel_costs"
    query = f"SELECT 1 FROM {relation} GROUP BY {names} HAVING count(*) > 1 LIMIT 1"
    return bool(connection.execute(query).fetchall())
