"""Cells of a workbook shown as per cent among plain numbers: 12% in a column of amounts is kept as
0.12, and would be read as an amount of that size.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree

from playbook.base.errors import Problem
from playbook.base.formats import listing, plural
from playbook.base.language import say

from .sparse_sheets import sheet_part

BUILT_IN = {9, 10}  # numbers of Excel's own forms 0% and 0.00%
QUOTED = re.compile(r'"[^"]*"|\\.')
# <c r="D2" s="3"><v>0.12</v></c>: a number; a kind (t=) or a formula without value is none
NUMBER = re.compile(rb'<c\b(?![^>]*?\bt="[^n])[^>]*?(?<!/)>(?:<f[^>]*?(?:/>|>[^<]*</f>))?<v>')
PLACE = re.compile(rb'\br="([A-Z]{1,3})(\d{1,7})"')
STYLE = re.compile(rb'\bs="(\d+)"')
PIECE, LONGEST = 1 << 20, 9_000


def percent_told(path: Path, sheet: str, label: str) -> Problem | None:
    """A warning that names the cells shown as per cent in columns whose other numbers, more than
    those, are not. Only .xlsx and .xlsm tell.
    """
    if path.suffix.lower() not in (".xlsx", ".xlsm") or not zipfile.is_zipfile(path):
        return None
    try:
        with zipfile.ZipFile(path) as book:
            styles, part = _styles(book), sheet_part(book, sheet)
            odd = _among_numbers(book, part, styles) if styles and part else []
    except (KeyError, ElementTree.ParseError, zipfile.BadZipFile, zlib.error, EOFError, ValueError):
        return None  # not in good order: the reader of workbooks says what is wrong
    if not odd:
        return None
    return Problem(
        found=say(
            "{cells} shown as per cent among plain numbers: {named}",
            cells=plural(len(odd), "cell"),
            named=listing(odd),
        ),
        expected=say("one kind of number in a column: 12 % is read as 0.12"),
        try_=say("look at the cells; where they are shares of their own, nothing"),
        severity="warning",
        file=label,
        count=len(odd),
    )


def _styles(book: zipfile.ZipFile) -> set[int]:
    """Numbers of the cell formats that show per cent."""
    if "xl/styles.xml" not in book.namelist():
        return set()
    root = ElementTree.fromstring(book.read("xl/styles.xml"))
    space = root.tag[: root.tag.index("}") + 1] if "}" in root.tag else ""
    forms = {
        int(form.get("numFmtId", 0))
        for form in root.iter(f"{space}numFmt")
        if "%" in QUOTED.sub("", form.get("formatCode", ""))
    } | BUILT_IN
    formats = root.find(f"{space}cellXfs")
    return {
        place
        for place, one in enumerate(formats if formats is not None else ())
        if int(one.get("numFmtId", 0)) in forms
    }


def _among_numbers(book: zipfile.ZipFile, part: str, styles: set[int]) -> list[str]:
    numbers: Counter[bytes] = Counter()
    shown: dict[bytes, list[str]] = {}
    rest = b""
    with book.open(part) as stream:
        while piece := stream.read(PIECE):
            text, end = rest + piece, 0
            for match in NUMBER.finditer(text):
                end = match.end()
                place, style = PLACE.search(match[0]), STYLE.search(match[0])
                if place is None:
                    continue
                numbers[place[1]] += 1
                if style and int(style[1]) in styles:
                    shown.setdefault(place[1], []).append((place[1] + place[2]).decode())
            rest = text[max(end, len(text) - LONGEST) :]
    return [
        cell for name, cells in shown.items() if 2 * len(cells) < numbers[name] for cell in cells
    ]
