"""Quotes that were never meant to open a text: they swallow the rows up to the next one."""

from __future__ import annotations

import re
from collections.abc import Iterable

import duckdb

from playbook.base.errors import Problem
from playbook.base.formats import plural
from playbook.base.language import say

from .databases import quoted
from .source import RawSource
from .textfiles import TextFile

LEAST = 3  # columns from which a cell that holds rows is told from one that holds a list
SEEN = 2000  # rows whose first cells show what one looks like


def swallowed_rows(file: TextFile, label: str) -> Problem | None:
    """The problem of cells that hold whole rows of their own table, line by line; None when there
    are none. Raises csv.Error where a quote is followed by neither separator nor line end.
    """
    found, shapes, held = [], set(), 0
    for number, (line, cells) in enumerate(file.records()):
        if number < SEEN and cells and "\n" not in cells[0]:
            shapes.add(_shape(cells[0]))
        for cell in cells:
            if "\n" in cell and (rows := _rows_inside(file, cell)):
                found.append((line, rows))
    certain = [(line, rows) for line, rows in found if _all_begin_alike(rows, shapes)]
    held = sum(len(rows) for _, rows in certain)
    if not certain:
        return None
    return Problem(
        found=say(
            "a quote left open in {rows}: {rows_2} stand inside a cell",
            rows=plural(len(certain), "row"),
            rows_2=plural(held, "row"),
        ),
        expected=say("every quote that opens a text is closed in it"),
        try_=say(
            'look for a lone " in the rows named, and double quotes that belong to a text: ""'
        ),
        file=label,
        count=len(certain),
        rows=tuple(
            say("line {line}: {text}", line=line, text=rows[0][:60]) for line, rows in certain[:3]
        ),
    )


def with_backslashes(
    connection: duckdb.DuckDBPyConnection, source: RawSource, index: int, label: str
) -> Problem | None:
    """The problem of quotes that texts mark by a backslash, as some databases write them: read as
    the end of the text, they leave backslashes and a quote in it. None where there are none.
    """
    described = connection.execute(f"DESCRIBE {source.relation}").fetchall()
    cells = [quoted(row[0]) for row in described if row[1] == "VARCHAR"]
    found = []
    for cell in cells:
        left = f"contains({cell}, chr(92)) AND suffix({cell}, chr(34))"
        found += connection.execute(
            f"SELECT _row, {cell} FROM {source.relation} WHERE _file = {index} AND {left}"
        ).fetchall()
    if not found:
        return None
    found.sort()
    places = source.where([(index, row) for row, _ in found[:3]])
    return Problem(
        found=say('a backslash before a quote in {cells}: \\"', cells=plural(len(found), "cell")),
        expected=say('quotes inside a text doubled: ""'),
        try_=say("export with doubled quotes: as CSV, not as a dump of the database"),
        file=label,
        count=len(found),
        rows=tuple(
            f"{place}: {text[:60]}" for place, (_, text) in zip(places, found[:3], strict=True)
        ),
    )


def _rows_inside(file: TextFile, cell: str) -> list[str]:
    """The lines below the first of a cell that holds as many separators as rows would."""
    lines = cell.splitlines()
    width = len(file.header)
    if width < LEAST or cell.count(file.delimiter) != (width - 1) * (len(lines) - 1):
        return []
    return lines[1:]


def _all_begin_alike(rows: Iterable[str], shapes: set[str]) -> bool:
    """Whether each line begins like the first cell of other rows."""
    return all(_shape(re.split(r"[,;\t|]", row)[0]) in shapes for row in rows)


def _shape(text: str) -> str:
    """What kind of text it is: digits as 9, letters as a.

    >>> _shape("SO-0042"), _shape("Main Street")
    ('a-9', 'a a')
    """
    return re.sub(r"[^\W\d_]+", "a", re.sub(r"\d+", "9", text.strip()))
