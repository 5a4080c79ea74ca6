"""Size, checksum and first bytes of a file, read once."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from .opened import binary

CHUNK = 1 << 20


@dataclass(frozen=True)
class Digest:
    """What one pass over a file's bytes tells."""

    sha256: str
    bytes: int
    quotes: int
    nul: bool


def digest(path: Path) -> Digest:
    """sha256 and a few counts, reading the file once in pieces."""
    sha, size, quotes, nul = hashlib.sha256(), 0, 0, False
    with binary(path) as stream:
        while piece := stream.read(CHUNK):
            sha.update(piece)
            size, quotes, nul = size + len(piece), quotes + piece.count(b'"'), nul or b"\0" in piece
    return Digest(sha.hexdigest(), size, quotes, nul)
