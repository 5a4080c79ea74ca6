"""What a run takes: processor time and memory of this process and all it has started."""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

EVERY = 0.5  # [s] between two looks at memory
PROC = Path("/proc")


@dataclass
class Usage:
    """cpu: seconds of processor; peak_mb: MB that the largest process held at its height, seen
    every half second. None where the system does not tell.
    """

    cpu: float | None = None
    peak_mb: float | None = None


@contextlib.contextmanager
def measured() -> Iterator[Usage]:
    """Usage of the block, filled in when it ends."""
    found = Usage()
    before = _cpu()
    over = threading.Event()

    def watch() -> None:
        while not over.wait(EVERY):
            found.peak_mb = _larger(found.peak_mb, _peak())

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield found
    finally:
        over.set()
        thread.join()
        found.peak_mb = _larger(found.peak_mb, _peak())
        after = _cpu()
        if before is not None and after is not None:
            found.cpu = max(0.0, after - before)


def _larger(one: float | None, other: float | None) -> float | None:
    known = [value for value in (one, other) if value is not None]
    return max(known, default=None)


def family() -> list[int]:
    """Ids of this process and of everything it has started that still runs; only this one where
    the system has no /proc.
    """
    found = [os.getpid()]
    if (PROC / str(found[0]) / "task" / str(found[0]) / "children").exists():
        for one in found:
            found += _children(one)
        return found
    parents: dict[int, list[int]] = {}
    for entry in PROC.iterdir() if PROC.is_dir() else ():
        if entry.name.isdigit() and (stat := _stat(int(entry.name))):
            parents.setdefault(int(stat[1]), []).append(int(entry.name))
    for one in found:
        found += parents.get(one, [])
    return found


def _children(process: int) -> list[int]:
    """What a process has started, as Linux lists it by thread; nothing once it is gone."""
    found: list[int] = []
    with contextlib.suppress(OSError):
        for thread in (PROC / str(process) / "task").iterdir():
            found += map(int, (thread / "children").read_text(encoding="ascii").split())
    return found


def _stat(process: int) -> list[str] | None:
    """Fields of /proc/PID/stat from the state on; None when the process is gone."""
    try:
        text = (PROC / str(process) / "stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    return text.rpartition(")")[2].split()  # the name before may hold blanks and brackets


def _cpu() -> float | None:
    """Seconds of the family, with those of children that ended and were waited for."""
    times = [stat[11:15] for process in family() if (stat := _stat(process))]
    if not times:
        return _cpu_of_resource()
    return sum(float(t) for four in times for t in four) / os.sysconf("SC_CLK_TCK")


def _cpu_of_resource() -> float | None:
    """The same of this process and its direct children, on systems without /proc."""
    try:
        import resource
    except ImportError:  # Windows
        return None
    both = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in both)


def _peak() -> float | None:
    """MB of the largest process of the family at its height."""
    largest = None
    for process in family():
        try:
            text = (PROC / str(process) / "status").read_text(encoding="utf-8", errors="replace")
        except OSError:
            continue
        for line in text.splitlines():
            if line.startswith("VmHWM:"):
                largest = _larger(largest, int(line.split()[1]) / 1024)
    return largest
