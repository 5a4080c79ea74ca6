"""A workbook in Excel's old binary form (.xls), written by hand: the fewest records of [MS-XLS]
that hold texts, numbers and errors, in a compound file of the fewest sectors.
"""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Any

ERRORS = {"#NULL!": 0, "#DIV/0!": 7, "#VALUE!": 15, "#REF!": 23, "#NAME?": 29, "#N/A": 42}
END, FREE, TABLE = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD


def record(kind: int, content: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(content)) + content


def cell(row: int, column: int, value: Any) -> bytes:
    at = struct.pack("<HHH", row, column, 0)
    if value in ERRORS:  # a formula with an error; #N/A as a bare one
        code = ERRORS[value]
        if value == "#N/A":
            return record(0x205, at + bytes([code, 1]))
        result = bytes([2, 0, code, 0, 0, 0, 255, 255])
        return record(0x06, at + result + bytes(6) + struct.pack("<H", 2) + bytes([0x1C, code]))
    if isinstance(value, str):
        text = value.encode("utf-16-le")
        return record(0x204, at + struct.pack("<HB", len(text) // 2, 1) + text)
    return record(0x203, at + struct.pack("<d", value))


def stream(sheets: dict[str, list[list[Any]]]) -> bytes:
    begin = lambda kind: record(0x809, struct.pack("<HHHHII", 0x600, kind, 0, 0, 0, 0))  # noqa: E731
    names = [name.encode("utf-16-le") for name in sheets]
    place = len(begin(5)) + sum(12 + len(name) for name in names) + 4
    listed, parts = b"", b""
    for name, rows in zip(names, sheets.values(), strict=True):
        head = struct.pack("<IHBB", place + len(parts), 0, len(name) // 2, 1)
        listed += record(0x85, head + name)
        cells = [cell(r, c, v) for r, row in enumerate(rows) for c, v in enumerate(row)]
        parts += begin(0x10) + b"".join(cells) + record(0x0A)
    return begin(5) + listed + record(0x0A) + parts


def entry(name: str, kind: int, child: int, first: int, size: int) -> bytes:
    text = name.encode("utf-16-le") + b"\0\0"
    head = text.ljust(64, b"\0") + struct.pack("<HBBIII", len(text), kind, 1, FREE, FREE, child)
    return (head + bytes(36) + struct.pack("<IQ", first, size)).ljust(128, b"\0")


def write_xls(path: Path, sheets: dict[str, list[list[Any]]]) -> None:
    content = stream(sheets).ljust(4096, b"\0")  # from this size on it lies in whole sectors
    count = -(-len(content) // 512)
    chain = [TABLE, END, *range(3, 2 + count), END]
    head = (
        bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16) + struct.pack("<HHHHH", 62, 3, 0xFFFE, 9, 6)
    )
    head += bytes(6) + struct.pack("<9I", 0, 1, 1, 0, 4096, END, 0, END, 0)
    head += struct.pack("<109I", 0, *[FREE] * 108)
    table = struct.pack("<128I", *chain, *[FREE] * (128 - len(chain)))
    entries = entry("Root Entry", 5, 1, END, 0) + entry("Workbook", 2, FREE, 2, len(content))
    body = table + entries.ljust(512, b"\0") + content.ljust(count * 512, b"\0")
    path.write_bytes(head + body)
