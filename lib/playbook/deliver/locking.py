"""One process at a time, on every system."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

from playbook.base.errors import PlaybookError, Problem
from playbook.base.language import say

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]
try:
    import msvcrt
except ImportError:  # elsewhere
    msvcrt = None  # type: ignore[assignment]


@contextlib.contextmanager
def alone(path: Path) -> Iterator[None]:
    """Hold the lock file ``path`` while the block runs; it ends with this process in any case.

    Raises PlaybookError when another process holds it. Where the system has no file locks, nothing
    is held: the record's own transactions still keep two processes from one delivery.
    """
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        if not _locked(handle):
            raise PlaybookError(
                Problem(
                    found=say("another process delivers these packs now"),
                    expected=say("one at a time, so that nothing is sent twice"),
                    try_=say("wait until it is done"),
                    file=str(path),
                )
            )
        yield
    finally:
        os.close(handle)


def _locked(handle: int) -> bool:
    try:
        if fcntl is not None:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        elif msvcrt is not None:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
    except OSError:
        return False
    return True
