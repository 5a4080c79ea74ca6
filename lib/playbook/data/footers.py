"""Notes below a table: a line that fills its first cell only, after the last row."""

from __future__ import annotations

import duckdb

from playbook.base.errors import Problem
from playbook.base.formats import plural
from playbook.base.language import say

from .databases import quoted
from .headrows import LEAST
from .source import RawSource

SHOWN = 60  # characters of a note that are shown


def drop_notes(
    connection: duckdb.DuckDBPyConnection, source: RawSource, index: int
) -> list[Problem]:
    """Take the notes below the table of one file out of it; the warning that says so."""
    described = connection.execute(f"DESCRIBE {source.relation}").fetchall()
    names = [row[0] for row in described if row[0] not in ("_file", "_row")]
    if len(names) < LEAST or described[2][1] != "VARCHAR":
        return []
    first, rest = quoted(names[0]), " AND ".join(f"{quoted(name)} IS NULL" for name in names[1:])
    note = f"({first} IS NOT NULL AND regexp_matches({first}, '\\pL') AND {rest})"
    here = f"{source.relation} WHERE _file = {index}"
    end = f"SELECT 1 FROM {here} AND _row = (SELECT max(_row) FROM {here}) AND {note}"
    if not connection.execute(end).fetchall():
        return []
    last = f"(SELECT max(_row) FROM {here} AND NOT {note})"
    some = f"{here} AND _row > {last} AND {note}"
    rows = connection.execute(f"SELECT _row, {first} FROM {some} ORDER BY _row").fetchall()
    if not rows:
        return []
    connection.execute(f"DELETE FROM {some}")
    places = source.where([(index, row) for row, _ in rows[:3]])
    return [
        Problem(
            found=say("{notes} below the table left out", notes=plural(len(rows), "note")),
            expected=say("rows of the table up to the end of the file"),
            try_=say("nothing, if they are no rows"),
            severity="warning",
            file=source.label,
            count=len(rows),
            rows=tuple(
                f"{place}: {text[:SHOWN]}" for place, (_, text) in zip(places, rows, strict=False)
            ),
        )
    ]
