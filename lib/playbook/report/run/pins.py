"""Files that a run reads in place: they must be at its end what they were at its start."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from dataclasses import dataclass

from playbook.base.errors import DataProblem, Problem
from playbook.base.language import say


@dataclass(frozen=True)
class Pin:
    """A file as a run found it: size, times and inode, and the hash of its content."""

    path: str
    mark: tuple[int, ...]
    sha256: str


def pin(path: str, sha256: str) -> Pin:
    """The pin of a file whose hash is known. Raises OSError where it is gone."""
    return Pin(path, _mark(path), sha256)


def check(pins: Iterable[Pin]) -> None:
    """Raises DataProblem where a pinned file holds something else now. One that was touched but
    holds the same is no difference.
    """
    moved = [pin for pin in pins if _moved(pin)]
    if moved:
        raise DataProblem(
            [
                Problem(
                    found=say("the data changed while the report ran"),
                    expected=say(
                        "the file as it was at its start ({sha256}); no pack was put in place",
                        sha256=pin.sha256[:12],
                    ),
                    try_=say("run the report again when nobody writes to the file"),
                    file=os.path.basename(pin.path),
                )
                for pin in moved
            ]
        )


def _moved(pin: Pin) -> bool:
    try:
        if _mark(pin.path) == pin.mark:
            return False
        with open(pin.path, "rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() != pin.sha256
    except OSError:
        return True


def _mark(path: str) -> tuple[int, ...]:
    stat = os.stat(path)
    return stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns, stat.st_ino, stat.st_dev
