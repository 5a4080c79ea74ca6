"""Workbooks whose sheets hold a cell far outside their table: read by their filled cells.

A single cell at XFD1048576 makes a sheet of a few rows one of 17 billion cells, and a reader that
fills the rectangle dies of it. The sheet's cells are listed first, without any of their contents;
where the rectangle is out of proportion, cells outside the table are left out of a copy in memory,
and named.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import IO
from xml.etree import ElementTree

from playbook.base.errors import DataProblem, Problem
from playbook.base.formats import listing, plural
from playbook.base.language import say

LARGE = 200_000  # cells of a rectangle that are read whole without a further look
FULL = 0.02  # share of a large rectangle that is filled where it is a table
CELL = re.compile(rb'<c\b[^>]*?\br="([A-Z]{1,3})(\d{1,7})"[^>]*?(/>|>)')
PIECE = 1 << 20
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_OFFICE = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"


@dataclass(frozen=True)
class Sparse:
    """A workbook's bytes without the cells far outside the table, and which those were."""

    content: io.BytesIO
    problem: Problem


def trimmed(path: Path, sheet: str, label: str) -> Sparse | None:
    """The workbook with its sheet cut to its table; None when there is nothing to cut.

    sheet: its name; empty for the first. Raises DataProblem where cells are scattered so widely
    that no table can be made out.
    """
    if not zipfile.is_zipfile(path):
        return None
    try:
        with zipfile.ZipFile(path) as book:
            part = sheet_part(book, sheet)
            if not part:
                return None
            rows, columns = _extent(book, part)
            filled = sum(rows.values())
            if not filled or max(rows) * max(columns) <= LARGE:
                return None
            if filled >= FULL * max(rows) * max(columns):
                return None
            width, height = _table(columns), _table(rows)
            if width * height > LARGE and filled < FULL * width * height:
                raise DataProblem(_scattered(filled, rows, columns, label))
            content, gone = _without(book, part, width, height)
    except (KeyError, ElementTree.ParseError, zipfile.BadZipFile, zlib.error, EOFError):
        return None  # not a workbook in good order: its reader says what is wrong
    return Sparse(
        content,
        Problem(
            found=say(
                "{cells} far outside the table left out: {gone}",
                cells=plural(len(gone), "cell"),
                gone=listing(gone),
            ),
            expected=say("a sheet that holds the table alone"),
            try_=say("delete the cells in the workbook, and save it"),
            severity="warning",
            file=label,
            count=len(gone),
        ),
    )


def sheet_part(book: zipfile.ZipFile, sheet: str) -> str:
    """Name of the part of the archive that holds the sheet."""
    sheets = ElementTree.fromstring(book.read("xl/workbook.xml")).iter(f"{_MAIN}sheet")
    found = next((s for s in sheets if not sheet or s.get("name") == sheet), None)
    if found is None:
        return ""
    links = ElementTree.fromstring(book.read("xl/_rels/workbook.xml.rels"))
    target = next(
        (str(one.get("Target")) for one in links if one.get("Id") == found.get(f"{_OFFICE}id")), ""
    )
    name = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    return name if target and name in book.namelist() else ""


def _cells(stream: IO[bytes]) -> Iterator[tuple[int, int]]:
    """(row, column) of every cell, counted from 1."""
    rest = b""
    while piece := stream.read(PIECE):
        text, end = rest + piece, 0
        for match in CELL.finditer(text):
            end = match.end()
            yield int(match[2]), column_number(match[1])
        rest = text[max(end, len(text) - 200) :]


def column_number(letters: bytes) -> int:
    """The number of a column by its letters, A being 1."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _extent(book: zipfile.ZipFile, part: str) -> tuple[Counter[int], Counter[int]]:
    """How many cells each row and each column holds."""
    rows: Counter[int] = Counter()
    columns: Counter[int] = Counter()
    with book.open(part) as stream:
        for row, column in _cells(stream):
            rows[row] += 1
            columns[column] += 1
    return rows, columns


def _table(filled: Counter[int]) -> int:
    """Last row or column of the table: the last one before a gap ten times as long as what comes
    before it.
    """
    places = sorted(filled)
    for place, after in pairwise(places):
        if after - place > max(10 * place, 100):
            return place
    return places[-1]


def _scattered(filled: int, rows: Counter[int], columns: Counter[int], label: str) -> Problem:
    return Problem(
        found=say(
            "{cells} scattered over {rows:,} rows and {columns:,} columns",
            cells=plural(filled, "cell"),
            rows=max(rows),
            columns=max(columns),
        ),
        expected=say("a table: a header row and rows below it"),
        try_=say("copy the table to a sheet of its own"),
        file=label,
    )


def _without(
    book: zipfile.ZipFile, part: str, width: int, height: int
) -> tuple[io.BytesIO, list[str]]:
    """A copy of the workbook without the part's cells beyond width and height, and their names."""
    gone: list[str] = []

    def kept(match: re.Match[bytes]) -> bytes:
        if column_number(match[1]) <= width and int(match[2]) <= height:
            return match[0]
        gone.append((match[1] + match[2]).decode())
        return b""

    whole = re.compile(CELL.pattern[: CELL.pattern.rindex(b"(/>")] + rb"(?:/>|>.*?</c>)", re.S)
    content = whole.sub(kept, book.read(part))
    content = re.sub(rb"<dimension\b[^>]*/>", b"", content)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as copy:
        for name in book.namelist():
            copy.writestr(name, content if name == part else book.read(name))
    out.seek(0)
    return out, gone
