"""Control characters inside cells, which nobody sees: they make two names of one."""

from __future__ import annotations

import duckdb

from playbook.base.errors import Problem
from playbook.base.formats import plural
from playbook.base.language import say

from .databases import quoted
from .source import RawSource

PATTERN = r"[\x01-\x08\x0b\x0c\x0e-\x1f\x7f]"
BREAKS = r"[\x0b\x0c]+"  # a line or page break of some programs: a blank is meant
SHOWN = 3


def clear_marks(
    connection: duckdb.DuckDBPyConnection, source: RawSource, index: int, label: str
) -> list[Problem]:
    """Take control characters out of the cells of one file; the warning that counts the cells.
    Cells and rows of which nothing is left are missing.
    """
    described = connection.execute(f"DESCRIBE {source.relation}").fetchall()
    texts = [quoted(name) for name, kind, *_ in described if kind == "VARCHAR"]
    if not texts:
        return []
    odd = {c: f"coalesce(regexp_matches({c}, '{PATTERN}'), FALSE)" for c in texts}
    here = f"{source.relation} WHERE _file = {index}"
    where = f"_file = {index} AND ({' OR '.join(odd.values())})"
    count = " + ".join(f"CAST({sql} AS INTEGER)" for sql in odd.values())
    cells = connection.execute(f"SELECT coalesce(sum({count}), 0) FROM {here}").fetchall()[0][0]
    if not cells:
        return []
    rows = connection.execute(
        f"SELECT _row FROM {source.relation} WHERE {where} ORDER BY _row LIMIT {SHOWN}"
    ).fetchall()
    clean = ", ".join(
        f"{c} = nullif(trim(regexp_replace(regexp_replace({c}, '{BREAKS}', ' ', 'g'), '{PATTERN}',"
        f" '', 'g')), '')"
        for c in texts
    )
    connection.execute(f"UPDATE {source.relation} SET {clean} WHERE {where}")
    connection.execute(f"DELETE FROM {here} AND {' AND '.join(f'{c} IS NULL' for c in texts)}")
    return [
        Problem(
            found=say(
                "control characters in {cells}: read without them", cells=plural(int(cells), "cell")
            ),
            expected=say("characters that can be seen"),
            try_=say("export the file again, or clean the texts at the source"),
            severity="warning",
            file=label,
            count=int(cells),
            rows=tuple(source.where([(index, row) for (row,) in rows])),
        )
    ]
