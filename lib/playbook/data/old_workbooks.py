"""Cells with an error in a workbook of the old binary form (.xls): [MS-XLS] records in a stream of
a compound file, [MS-CFB].
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path

SIGNATURE = bytes.fromhex("d0cf11e0a1b11ae1")
LAST = 0xFFFFFFFA  # marks of a chain's end and of free sectors lie from here on
SHEET, FORMULA, FLAG_OR_ERROR, END = 0x85, 0x06, 0x0205, 0x0A  # records


def error_codes(path: Path, sheet: str) -> Iterator[tuple[tuple[int, int], int]]:
    """((row, column), counted from 0, code of the error) of the sheet's cells that hold one.

    sheet: its name; empty for the first. Raises ValueError, IndexError or struct.error for a file
    not in good order.
    """
    content = _stream(path.read_bytes())
    start = next(
        (
            struct.unpack_from("<I", record)[0]
            for kind, record in _records(content, 0)
            if kind == SHEET and sheet in ("", _name(record))
        ),
        None,
    )
    if start is None:
        return
    for kind, record in _records(content, start):
        if kind == FLAG_OR_ERROR and record[7]:
            yield struct.unpack_from("<HH", record), record[6]  # type: ignore[misc]
        elif kind == FORMULA and record[12:14] == b"\xff\xff" and record[6] == 2:
            yield struct.unpack_from("<HH", record), record[8]  # type: ignore[misc]


def _name(record: bytes) -> str:
    """The name in a record of a sheet."""
    wide = record[7] & 1
    return record[8 : 8 + record[6] * (1 + wide)].decode("utf-16-le" if wide else "latin-1")


def _records(content: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    """(kind, content) of every record from a place on, up to the end of its part."""
    while at + 4 <= len(content):
        kind, size = struct.unpack_from("<HH", content, at)
        if kind == END:
            return
        yield kind, content[at + 4 : at + 4 + size]
        at += 4 + size


def _stream(file: bytes) -> bytes:
    """The stream of a compound file that holds the workbook."""
    size, small_size = (1 << power for power in struct.unpack_from("<HH", file, 30))
    if file[:8] != SIGNATURE or size not in (512, 4096) or small_size != 64:
        raise ValueError("no compound file")
    sectors = file[size:]
    directory, _, least, small, _, more = struct.unpack_from("<6I", file, 48)
    tables, seen = list(struct.unpack_from("<109I", file, 76)), 0
    while more < LAST and seen * size < len(file):
        *found, more = struct.unpack_from(f"<{size // 4}I", sectors, more * size)
        tables, seen = tables + found, seen + 1
    chain = [
        number
        for table in tables
        if table < LAST
        for number in struct.unpack_from(f"<{size // 4}I", sectors, table * size)
    ]
    entries = _joined(sectors, size, chain, directory)
    for place in range(0, len(entries), 128):
        name, first, length = _entry(entries, place)
        if name == "Workbook" and length >= least:
            return _joined(sectors, size, chain, first)[:length]
        if name == "Workbook":  # a short one lies in pieces of the first entry's stream
            pieces = _joined(sectors, size, chain, _entry(entries, 0)[1])
            links = _joined(sectors, size, chain, small)
            small_chain = list(struct.unpack(f"<{len(links) // 4}I", links))
            return _joined(pieces, small_size, small_chain, first)[:length]
    raise ValueError("no workbook inside")


def _entry(entries: bytes, at: int) -> tuple[str, int, int]:
    """(name, first sector, bytes) of an entry of the directory."""
    length = struct.unpack_from("<H", entries, at + 64)[0]
    name = entries[at : at + max(length - 2, 0)].decode("utf-16-le")
    first, size = struct.unpack_from("<II", entries, at + 116)
    return name, first, size


def _joined(sectors: bytes, size: int, chain: list[int], first: int) -> bytes:
    """The sectors of a chain one behind the other; a circle ends after as many as there are."""
    pieces: list[bytes] = []
    number = first
    while number < LAST and len(pieces) <= len(chain):
        pieces.append(sectors[number * size : (number + 1) * size])
        number = chain[number]
    return b"".join(pieces)
