"""Workbooks (.xlsx, .xls) as text tables: what a cell shows as a value, dates as ISO days, whole
numbers without a point.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

from playbook.base.errors import DataProblem, Problem, did_you_mean
from playbook.base.language import say

from .formula_errors import error_cells, errors_told
from .percent_cells import percent_told
from .sparse_sheets import trimmed

NUMBER = re.compile(r"[-+]?[\d.,]+%?")
SUFFIXES = (".xlsx", ".xls", ".xlsm", ".xlsb", ".ods")


def sheet_names(path: Path, label: str) -> list[str]:
    """Names of the sheets that are shown, or of all where none is; DataProblem when the file is no
    workbook. A hidden sheet holds what somebody put aside: it is read where it is named.
    """
    return _shown(_open(path, label))


def _shown(book: Any) -> list[str]:
    from python_calamine import SheetVisibleEnum

    kinds = {one.name: one.visible for one in book.sheets_metadata}
    shown = [n for n in book.sheet_names if kinds.get(n) in (None, SheetVisibleEnum.Visible)]
    return shown or list(book.sheet_names)


def read_sheet(
    path: Path, sheet: str, label: str, skip: int = 0
) -> tuple[list[list[str]], int, list[Problem]]:
    """All rows below those skipped as texts (empty cells as ""), the number of the first one as the
    workbook counts it, and warnings of cells far outside the table.
    """
    sparse = trimmed(path, sheet, label) if path.suffix.lower() in (".xlsx", ".xlsm") else None
    book = _open(sparse.content if sparse else path, label)
    if not book.sheet_names:
        raise DataProblem(
            Problem(
                found=say("the workbook has no sheet"),
                expected=say("a sheet with a header row"),
                try_=say("export it again"),
                file=label,
            )
        )
    name = sheet or _shown(book)[0]
    if name not in book.sheet_names:
        raise DataProblem(
            Problem(
                found=say("no sheet '{name}'", name=name),
                expected=say("a sheet of {name}", name=path.name),
                try_=did_you_mean(name, book.sheet_names),
                file=label,
            )
        )
    with _named(label):
        found = book.get_sheet_by_name(name)
        rows = [[cell_text(cell) for cell in row] for row in found.to_python()]
        merged = found.merged_cell_ranges or ()
    top, left = found.start or (0, 0)
    _filled_down(rows, merged, top, left)
    wrong = error_cells(path, name)
    for (row, column), error in wrong.items():
        if 0 <= row - top < len(rows) and 0 <= column - left < len(rows[row - top]):
            rows[row - top][column - left] = error
    first = top + 1
    while rows and (first <= skip or not any(rows[0])):
        rows, first = rows[1:], first + 1
    if not rows:
        raise DataProblem(
            Problem(
                found=say("sheet '{name}' is empty", name=name),
                expected=say("a header row and at least one row"),
                try_=say('name the sheet that holds the table: sheet = "…"'),
                file=label,
            )
        )
    told = [sparse.problem] if sparse else []
    if percent := percent_told(path, name, label):
        told.append(percent)
    return rows, first, [*told, errors_told(wrong, label)] if wrong else told


def _filled_down(rows: list[list[str]], merged: Any, top: int, left: int) -> None:
    """Write a text that is merged over several rows of a column to each of them: it is theirs all.
    A number is not: it may be the sum of the rows it stands beside.
    """
    for (first, column), (last, right) in merged:
        at = column - left
        if last == first or right != column or not 0 <= first - top < len(rows):
            continue
        text = rows[first - top][at] if 0 <= at < len(rows[first - top]) else ""
        if not text or NUMBER.fullmatch(text):
            continue
        for row in rows[first - top + 1 : last - top + 1]:
            if at < len(row) and not row[at]:
                row[at] = text


def _open(book: Path | BytesIO, label: str) -> Any:
    from python_calamine import CalamineWorkbook

    with _named(label):
        if isinstance(book, Path):
            return CalamineWorkbook.from_path(str(book))
        return CalamineWorkbook.from_filelike(book)


@contextmanager
def _named(label: str) -> Iterator[None]:
    """A workbook that cannot be read is a problem with its name, whichever part of it is broken."""
    from python_calamine import CalamineError

    try:
        yield
    except (CalamineError, OSError, ValueError, OverflowError) as error:
        raise DataProblem(
            Problem(
                found=say("not readable as a workbook: {error}", error=str(error).strip()[:120]),
                expected=say("an .xlsx or .xls file without a password"),
                try_=say("open and save it again; a text file must end in .csv"),
                file=label,
            )
        ) from None


def cell_text(value: Any) -> str:
    """One cell as text: 123.0 → 123, a day → 2023-03-05, a moment → 2023-03-05 10:30:00."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return (
            str(int(value))
            if value.is_integer() and abs(value) < 1e18
            else format(Decimal(repr(value)), "f")
        )
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ")
    if isinstance(value, (date, time)):
        return value.isoformat()
    if isinstance(value, timedelta):
        return str(value)
    return "" if value is None else str(value)
