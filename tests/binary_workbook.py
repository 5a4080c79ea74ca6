"""A workbook in Excel's binary form (.xlsb), written by hand: the fewest parts and records of
[MS-XLSB] that hold texts, numbers, days, flags and errors. No library writes this form.
"""

from __future__ import annotations

import struct
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

TYPES = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Default Extension="bin" ContentType="application/vnd.ms-excel.sheet.binary.macroEnabled.main"/>
</Types>"""
HEAD = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
)
KIND = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
ERRORS = {"#NULL!": 0, "#DIV/0!": 7, "#VALUE!": 15, "#REF!": 23, "#NAME?": 29, "#N/A": 42}
DAY = 1  # number of the cell format that shows a day


def record(kind: int, content: bytes = b"") -> bytes:
    head = bytes([kind]) if kind < 128 else bytes([kind & 0x7F | 0x80, kind >> 7])
    size, length = len(content), b""
    while True:
        size, part = size >> 7, size & 0x7F
        length += bytes([part | (0x80 if size else 0)])
        if not size:
            return head + length + content


def wide(text: str) -> bytes:
    return struct.pack("<I", len(text.encode("utf-16-le")) // 2) + text.encode("utf-16-le")


def cell(column: int, value: Any) -> bytes:
    day = isinstance(value, date)
    at = struct.pack("<II", column, DAY if day else 0)
    if day:
        value = (value - date(1899, 12, 30)).days
    if isinstance(value, bool):
        return record(4, at + bytes([value]))
    if isinstance(value, (int, float)):
        return record(5, at + struct.pack("<d", value))
    if value in ERRORS:
        return record(3, at + bytes([ERRORS[value]]))
    return record(6, at + wide(value))


def sheet(rows: list[list[Any]]) -> bytes:
    width = max(map(len, rows))
    out = record(0x81) + record(0x94, struct.pack("<IIII", 0, len(rows) - 1, 0, width - 1))
    out += record(0x91)
    for i, row in enumerate(rows):
        out += record(0, struct.pack("<IIHHBI", i, 0, 300, 0, 0, 0))
        out += b"".join(cell(j, v) for j, v in enumerate(row) if v is not None)
    return out + record(0x92) + record(0x82)


def style(number_format: int) -> bytes:
    return record(0x2F, struct.pack("<HHHHHHII", 0, number_format, 0, 0, 0, 0, 0, 0)[:16])


def write_xlsb(path: Path, sheets: dict[str, list[list[Any]]]) -> None:
    """Write rows of texts, numbers, days, flags and errors (None for an empty cell) by sheet."""
    bundle = b"".join(
        record(0x9C, struct.pack("<II", 0, i + 1) + wide(f"rId{i + 1}") + wide(name))
        for i, name in enumerate(sheets)
    )
    book = record(0x83) + record(0x8F) + bundle + record(0x90) + record(0x84)
    styles = record(0x116) + record(0x269, struct.pack("<I", 2)) + style(0) + style(14)
    styles += record(0x26A) + record(0x117)
    targets = [
        (f"rId{i + 1}", "worksheet", f"worksheets/sheet{i + 1}.bin") for i in range(len(sheets))
    ]
    targets.append((f"rId{len(sheets) + 1}", "styles", "styles.bin"))
    links = "".join(
        f'<Relationship Id="{i}" Type="{KIND}{kind}" Target="{to}"/>' for i, kind, to in targets
    )
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("[Content_Types].xml", TYPES)
        root = f'<Relationship Id="rId1" Type="{KIND}officeDocument" Target="xl/workbook.bin"/>'
        file.writestr("_rels/.rels", f"{HEAD}{root}</Relationships>")
        file.writestr("xl/workbook.bin", book)
        file.writestr("xl/_rels/workbook.bin.rels", f"{HEAD}{links}</Relationships>")
        file.writestr("xl/styles.bin", styles)
        for i, rows in enumerate(sheets.values()):
            file.writestr(f"xl/worksheets/sheet{i + 1}.bin", sheet(rows))
