"""Size, checksum and first bytes of a file, read once."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

from .opened import binary

CHUNK = 1 << 20
# control characters; tab and line ends are none
MARKS = bytes({*range(1, 9), 11, 12, *range(14, 32), 127})
WRAPPED = re.compile(rb"""=\0?["]|[,;\t|\n"]\0?'\0?[0-9=+-]""")


@dataclass(frozen=True)
class Digest:
    """What one pass over a file's bytes tells."""

    sha256: str
    bytes: int
    quotes: int
    nul: bool
    wrapped: bool = False  # a cell may be written as ="0012" or '0012
    marks: bool = False  # control characters may stand inside cells


def digest(path: Path) -> Digest:
    """sha256 and a few counts, reading the file once in pieces."""
    sha, size, quotes, nul, wrapped, marks = hashlib.sha256(), 0, 0, False, False, False
    with binary(path) as stream:
        while piece := stream.read(CHUNK):
            sha.update(piece)
            size, quotes, nul = size + len(piece), quotes + piece.count(b'"'), nul or b"\0" in piece
            wrapped = wrapped or bool(WRAPPED.search(piece))
            marks = marks or len(piece.translate(None, MARKS)) != len(piece)
    return Digest(sha.hexdigest(), size, quotes, nul, wrapped, marks)
