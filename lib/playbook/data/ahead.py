"""A book opened once for all processes of a run.

The process that the notebooks' kernels are forked from opens the book and works out what every
chapter asks for; each kernel then finds both in its own memory, unchanged and without reading a
file again. The data are those of one moment: whoever takes them has compared their fingerprint with
the one the run began with.
"""

from __future__ import annotations

import os
from pathlib import Path

from playbook.base.places import EXPECTED_DATA, SNAPSHOT
from playbook.base.settings import Settings

from .read import Read

# A database that may have to spill to disk is not shared: forked processes would spill to one
# place. So many rows stay far below its memory.
MOST_ROWS = 1_500_000
_kept: dict[Path, tuple[Settings, Read]] = {}


def keep(path: Path, settings: Settings, read: Read) -> None:
    """Keep an opened book for processes forked from this one."""
    _kept[path.resolve()] = (settings, read)


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
    from .snapshot import thaw

    found = _kept[path.resolve()] = thaw(Path(snapshot))
    return found if found[1].fingerprint == expected else None
