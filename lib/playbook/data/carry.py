"""Cells that stand on the first row of several only, carried down to the others."""

from __future__ import annotations

import duckdb

from playbook.base.errors import Problem, did_you_mean
from playbook.base.language import say
from playbook.base.settings.mapping import listed
from playbook.base.settings.sources import CarryDown

from .databases import quoted
from .missing_words import replace_cells
from .source import RawSource


def carry_down(connection: duckdb.DuckDBPyConnection, source: RawSource) -> list[Problem]:
    """Fill the columns that ``carry_down`` names: from the row above, or from the first filled row
    with the same ``by``; problems for columns that are not there.
    """
    given = source.settings.carry_down
    if not given:
        return []
    by = listed(given.by) if isinstance(given, CarryDown) else []
    columns = given.columns if isinstance(given, CarryDown) else given
    unknown = [name for name in (*by, *columns) if name not in source.columns]
    if not unknown:
        keys = ", ".join(["_file", *map(quoted, by)])
        rows = "ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW"
        over = f"OVER (PARTITION BY {keys} ORDER BY _row {rows})"
        known = " AND ".join(f"{quoted(name)} IS NOT NULL" for name in by) or "TRUE"
        cells = [
            f"CASE WHEN {known} THEN last_value({quoted(c)} IGNORE NULLS) {over} ELSE {quoted(c)}"
            f" END AS {quoted(c)}"
            for c in columns
        ]
        replace_cells(connection, source, ", ".join(cells))
    return [
        Problem(
            found=say("carry_down names a column '{name}' that is not there", name=name),
            expected=say("a column of the source"),
            try_=did_you_mean(name, source.columns),
            file=source.label,
        )
        for name in unknown
    ]
