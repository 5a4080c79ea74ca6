"""Files as bytes and texts, compressed ones as what they hold."""

from __future__ import annotations

import gzip
import io
from pathlib import Path
from typing import BinaryIO, TextIO, cast

from playbook.base.errors import DataProblem, Problem
from playbook.base.language import say

PACKED = ".gz"
TEXTS = (".csv", ".tsv", ".txt", ".tab", ".psv")


def kind_of(path: Path) -> str:
    """The suffix that says what the file is: ``.csv`` for orders.csv and for orders.csv.gz."""
    suffixes = [suffix.lower() for suffix in path.suffixes]
    if suffixes[-1:] == [PACKED] and suffixes[-2:-1] and suffixes[-2] in TEXTS:
        return suffixes[-2]
    return suffixes[-1] if suffixes else ""


def stem_of(path: Path) -> str:
    """The name without what ``kind_of`` gives and without ``.gz``."""
    return Path(path.stem).stem if path.suffix.lower() == PACKED else path.stem


def binary(path: Path) -> BinaryIO:
    """The file's bytes, unpacked."""
    packed = path.suffix.lower() == PACKED
    return cast(BinaryIO, gzip.open(path, "rb")) if packed else path.open("rb")


def text(path: Path, encoding: str) -> TextIO:
    """The file's text, line ends as they are."""
    return io.TextIOWrapper(binary(path), encoding=encoding, newline="")


def checked(path: Path, label: str) -> None:
    """Raises DataProblem for a packed file that does not unpack."""
    if path.suffix.lower() != PACKED:
        return
    try:
        with binary(path) as stream:
            while stream.read(1 << 20):
                pass
    except (OSError, EOFError) as error:
        raise DataProblem(
            Problem(
                found=say("does not unpack: {error}", error=str(error)[:120]),
                expected=say("a whole .gz file"),
                try_=say("copy or download it again"),
                file=label,
            )
        ) from None
