"""A book opened once for all processes of a run.

The process that the notebooks' kernels are forked from opens the book and works out what every
chapter asks for; each kernel then finds both in its own memory, unchanged and without reading a
file again. The data are those of one moment: whoever takes them has compared their fingerprint with
the one the run began with.
"""

from __future__ import annotations

import gc
import os
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from playbook.base.places import EXPECTED_DATA, SNAPSHOT
from playbook.base.settings import Settings

from .read import Read

# A database that may have to spill to disk is not shared: forked processes would spill to one
# place. So many rows stay far below its memory.
MOST_ROWS = 1_500_000
# Rows of a book whose frames are a few thousand rows each: a chapter's process then keeps its texts
# as Python does and gives its memory back when it ends, in some ten seconds.
SMALL = 300_000
_kept: dict[Path, tuple[Settings, Read]] = {}


@dataclass(frozen=True)
class Answers:
    """What was worked out of a large book's snapshot: memo keys → answers, and rows kept → the
    file of the snapshot that holds them. filled: see ``Book.has``; facts: see ``Book.facts``.
    """

    as_of: date
    answers: dict[Any, Any]
    rows: dict[str, str]
    filled: dict[str, set[str]]
    facts: Any = None


_answers: dict[str, Answers] = {}  # by fingerprint


def keep(path: Path, settings: Settings, read: Read) -> None:
    """Keep an opened book for processes forked from this one."""
    _kept[path.resolve()] = (settings, read)


def keep_answers(fingerprint: str, answers: Answers) -> None:
    """Keep what was worked out of a large book, whose snapshot each process opens itself."""
    _answers[fingerprint] = answers


def kept(path: Path) -> tuple[Settings, Read] | None:
    """Settings and tables of a book opened ahead, or frozen by the run's driver, if they are those
    the run began with.
    """
    expected, _, folder = os.environ.get(EXPECTED_DATA, "").partition(" ")
    if not expected or path.resolve() != Path(folder).resolve():
        return None
    found = _kept.get(path.resolve())
    if found is not None and found[1].fingerprint == expected:
        return found
    if not (snapshot := os.environ.get(SNAPSHOT, "")):
        return None
    known = _answers.get(expected)
    found = _kept[path.resolve()] = with_answers(Path(snapshot), known)
    if is_small(found[1]):  # a chapter of a batch: what it was forked from knew no book yet
        for_small_frames()
    return found if found[1].fingerprint == expected else None


def with_answers(snapshot: Path, known: Answers | None) -> tuple[Settings, Read]:
    """A snapshot opened, with what was worked out of it in its memo."""
    from .snapshot import thaw

    if known is None:
        return thaw(snapshot)
    settings, read = thaw(snapshot, {table_of(n): file for n, file in known.rows.items()})
    place = (id(settings), known.as_of)
    rows = {("kept", name): table_of(name) for name in known.rows}
    vars(read)["_worked_out"] = {
        (*place, key): (settings, answer) for key, answer in {**known.answers, **rows}.items()
    }
    vars(read)["_filled"] = {place: known.filled}
    if known.facts is not None:
        vars(read)["_facts"] = {place: (settings, known.facts)}
    return settings, read


def is_small(read: Read) -> bool:
    """Whether chapters' processes have frames of a few thousand rows only."""
    return sum(int(f["rows"]) for f in read.files) <= SMALL


def for_small_frames() -> None:
    """Texts of small frames are quicker as Python objects than as Arrow arrays, and looking for
    cycles of garbage takes longer than a chapter has. Holds for this process and those forked from
    it.
    """
    import pandas as pd

    pd.set_option("mode.string_storage", "python")
    gc.disable()


def table_of(name: str) -> str:
    """Name of the view of rows that were kept."""
    return f"shared_{name}"
