"""Long text files by samples."""

from __future__ import annotations

from pathlib import Path

from playbook.data.sources import TEXT_SUFFIXES

BLOCK = 400_000  # bytes of each sample of a long text file


def head_of(path: Path, folder: Path) -> tuple[Path, bool]:
    """The file itself, or a copy of whole lines from its start, middle and end where it is a long
    text. Where cells may hold line breaks the start alone is taken.
    """
    size = path.stat().st_size
    if path.suffix.lower() not in TEXT_SUFFIXES or size <= 8 * BLOCK:
        return path.resolve(), True
    with path.open("rb") as file:
        start = file.read(BLOCK)
        blocks = [start[: start.rfind(b"\n") + 1]]
        if b'"' not in start and not start.startswith((b"\xff\xfe", b"\xfe\xff")):
            for place in (size // 2, size - BLOCK):
                file.seek(place)
                block = file.read(BLOCK)
                blocks.append(block[block.find(b"\n") + 1 : block.rfind(b"\n") + 1])
    short = folder / path.name
    short.write_bytes(b"".join(blocks))
    return short, False
