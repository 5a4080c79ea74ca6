"""Cells of a workbook whose formula gave an error, such as #REF!: the reader gives them as empty,
and an amount that could not be worked out is not one that is not there.
"""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO
from xml.etree import ElementTree

from playbook.base.errors import Problem
from playbook.base.formats import listing, plural
from playbook.base.language import say

from . import old_workbooks
from .sparse_sheets import column_number, sheet_part

WORDS = {
    0: "#NULL!",
    7: "#DIV/0!",
    15: "#VALUE!",
    23: "#REF!",
    29: "#NAME?",
    36: "#NUM!",
    42: "#N/A",
}
# <c r="D2" … t="e" …>…<v>#N/A</v>; attributes stand in any order
CELL = re.compile(
    rb'<c\b(?=[^>]*?\bt="e")[^>]*?\br="([A-Z]{1,3})(\d{1,7})"[^>]*?(?<!/)>'
    rb"(?:(?!</c>).){0,8000}?<v>([^<]{1,12})</v>",
    re.DOTALL,
)
PIECE, LONGEST = 1 << 20, 9_000
ROW, ERROR, FORMULA_ERROR = 0, 3, 11  # records of a binary sheet


def error_cells(path: Path, sheet: str) -> dict[tuple[int, int], str]:
    """(row, column), counted from 0, → the error, of the sheet's cells that hold one.

    sheet: its name; empty for the first. Only Excel's forms tell; of others nothing.
    """
    kind = path.suffix.lower()
    if kind == ".xls":
        return _of_old_form(path, sheet)
    if kind not in (".xlsx", ".xlsm", ".xlsb") or not zipfile.is_zipfile(path):
        return {}
    try:
        with zipfile.ZipFile(path) as book:
            if kind == ".xlsb":
                part = _binary_part(book, sheet)
                return dict(_of_records(book.read(part))) if part else {}
            part = sheet_part(book, sheet)
            if not part:
                return {}
            with book.open(part) as stream:
                return dict(_of_text(stream))
    except (KeyError, ElementTree.ParseError, zipfile.BadZipFile, zlib.error, EOFError, ValueError,
            IndexError, struct.error):  # fmt: skip
        return {}  # not in good order: the reader of workbooks says what is wrong


def _of_old_form(path: Path, sheet: str) -> dict[tuple[int, int], str]:
    try:
        found = dict(old_workbooks.error_codes(path, sheet))
    except (OSError, ValueError, IndexError, struct.error):
        return {}  # not in good order, or another form under this name
    return {place: WORDS.get(code, "#ERROR!") for place, code in found.items()}


def errors_told(cells: dict[tuple[int, int], str], label: str) -> Problem:
    """A warning that names the cells."""
    named = [f"{letters(column)}{row + 1} {error}" for (row, column), error in cells.items()]
    return Problem(
        found=say(
            "{cells} with an error for a value: {named}",
            cells=plural(len(named), "cell"),
            named=listing(named),
        ),
        expected=say("what the formulas were to give"),
        try_=say(
            "mend them in the workbook; where {word} means nothing known:"
            " missing = [{quoted}] in [sources.…]",
            word=next(iter(cells.values())),
            quoted=f'"{next(iter(cells.values()))}"',
        ),
        severity="warning",
        file=label,
        count=len(named),
    )


def letters(column: int) -> str:
    """The letters of a column, counted from 0."""
    text, number = "", column + 1
    while number:
        number, part = divmod(number - 1, 26)
        text = chr(65 + part) + text
    return text


def _of_text(stream: IO[bytes]) -> Iterator[tuple[tuple[int, int], str]]:
    rest = b""
    while piece := stream.read(PIECE):
        text, end = rest + piece, 0
        if b't="e"' in text:
            for match in CELL.finditer(text):
                end = match.end()
                yield (int(match[2]) - 1, column_number(match[1]) - 1), match[3].decode()
        rest = text[max(end, len(text) - LONGEST) :]


def _records(content: bytes) -> Iterator[tuple[int, bytes]]:
    """(kind, content) of every record of a binary part."""
    at = 0
    while at < len(content):
        kind, at = content[at], at + 1
        if kind & 0x80:
            kind, at = kind & 0x7F | content[at] << 7, at + 1
        size = shift = 0
        while True:
            byte, at = content[at], at + 1
            size |= (byte & 0x7F) << shift
            shift += 7
            if not byte & 0x80:
                break
        yield kind, content[at : at + size]
        at += size


def _of_records(content: bytes) -> Iterator[tuple[tuple[int, int], str]]:
    row = 0
    for kind, cell in _records(content):
        if kind == ROW:
            row = struct.unpack_from("<I", cell)[0]
        elif kind in (ERROR, FORMULA_ERROR):
            yield (row, struct.unpack_from("<I", cell)[0]), WORDS.get(cell[8], "#ERROR!")


def _binary_part(book: zipfile.ZipFile, sheet: str) -> str:
    """Name of the part that holds the sheet of a binary workbook."""
    for kind, content in _records(book.read("xl/workbook.bin")):
        if kind == 0x9C:
            link, at = _wide(content, 8)
            name, _ = _wide(content, at)
            if sheet in ("", name):
                break
    else:
        return ""
    links = ElementTree.fromstring(book.read("xl/_rels/workbook.bin.rels"))
    target = next((str(one.get("Target")) for one in links if one.get("Id") == link), "")
    return target.lstrip("/") if target.startswith("/") else f"xl/{target}"


def _wide(content: bytes, at: int) -> tuple[str, int]:
    """The text at a place, and the place after it."""
    length = struct.unpack_from("<I", content, at)[0]
    end = at + 4 + 2 * length
    return content[at + 4 : end].decode("utf-16-le"), end
