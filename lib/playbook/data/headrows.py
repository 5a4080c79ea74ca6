"""Titles above the header and notes below the table: an export often begins with its name and day.
Which row names the columns is reported, never guessed.
"""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

from playbook.base.errors import Problem
from playbook.base.formats import joined, plural
from playbook.base.language import english, say

LOOKED_AT = 30  # rows from the top
LEAST = 3  # columns from which a row with one cell is told from a row of the table


def header_place(rows: Sequence[Sequence[str]]) -> int:
    """Index of the first row that fills more than half as many cells as the rows below it usually
    do.

    Examples
    --------
    >>> header_place([["Sales report"], ["id", "day", "amount"], ["O1", "2023-01-05", "7"], ["O2",
    "2023-01-06", "8"]])
    1
    """
    filled = [sum(bool(cell.strip()) for cell in row) for row in rows[:LOOKED_AT]]
    usual = median(filled[1:]) if len(filled) > 1 else 0
    return next((i for i, count in enumerate(filled) if 2 * count > usual), 0)


def low_header(cells: Sequence[str], place: str, above: int, label: str) -> Problem:
    """``place``: "line 3" or "row 3"; ``above``: lines or rows over it."""
    file, _, sheet = label.partition(", sheet ")
    source = (
        f'file = "{file}"{f", sheet = {chr(34)}{sheet}{chr(34)}" if sheet else ""}, skip = {above}'
    )
    return Problem(
        found=(
            say(
                "the first row does not name the columns; {place} looks like the header: {cells}",
                place=place,
                cells=joined(cell.strip() for cell in cells if cell.strip())[:60],
            )
        ),
        expected=say("the column names above the rows"),
        try_=(
            say(
                "say in the file's [sources.…]: {source}; or remove {above} above it",
                source=source,
                above=plural(above, english(place).split()[0]),
            )
        ),
        file=label,
    )


def is_note(cells: list[str], width: int) -> bool:
    """Whether a row of text cells can be a note: words in the first cell, nothing behind it."""
    first, rest = (cells[0].strip() if cells else ""), cells[1:]
    return width >= LEAST and any(c.isalpha() for c in first) and not any(c.strip() for c in rest)
