"""Tables without the columns that would tell nothing."""

from __future__ import annotations

from dataclasses import replace

from playbook.base.language import english

from .grids import Table

OPTIONAL = ("Remark", "Bound")  # columns only some books fill


def filled(table: Table, *spare: str) -> Table:
    """The table without the columns named, and without an optional one nobody filled."""
    empty = [
        name
        for i, name in enumerate(table.head)
        if english(name) in OPTIONAL and not any(row[i].text for row in table.rows)
    ]
    keep = [i for i, name in enumerate(table.head) if name not in (*spare, *empty)]
    return replace(
        table,
        head=tuple(table.head[i] for i in keep),
        align="".join(table.align[i] for i in keep),
        rows=tuple(tuple(row[i] for i in keep) for row in table.rows),
        total=tuple(tuple(row[i] for i in keep) for row in table.total),
        weights=tuple(table.weights[i] for i in keep) if table.weights else (),
    )
