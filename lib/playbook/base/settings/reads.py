"""Which tables of playbook.toml a computation looked at.

A chapter that never looked at ``[[commission_plans]]`` is the same under another plan. What is
looked at is noted once per process; where the environment names a file it is written there, a line
each, as it happens, so that it is known however the process ends.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

READS = "PLAYBOOK_READS"  # environment variable with the path of the file
ALL = "*"  # the settings were looked at as a whole
_noted: set[str] = set()
_before: set[str] = set()  # noted by the process this one was forked from: its answers are shared
_paused = 0


def note(name: str) -> None:
    """A table of the settings is looked at."""
    if name in _noted or _paused:
        return
    names = [name] if _noted else sorted({name, *_before})
    _noted.update(names)
    if path := os.environ.get(READS):
        with open(path, "a", encoding="utf-8") as file:
            file.write("".join(f"{one}\n" for one in names))


def noted() -> set[str]:
    """What this process, and the one it was forked from, looked at."""
    return _noted | _before


@contextmanager
def unnoted() -> Iterator[None]:
    """For looking at settings only to check, copy or name them."""
    global _paused
    _paused += 1
    try:
        yield
    finally:
        _paused -= 1


def _forked() -> None:
    _before.update(_noted)
    _noted.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forked)
