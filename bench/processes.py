"""Processor time and peak memory of every process that a command starts (Linux).

    python bench/processes.py COMMAND [ARGUMENT ...]

A table of all that took a second or 200 MB, in the order they began: the driver, the process that
the others are forked from, workers, and one process per chapter.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path

PAUSE = 0.3  # [s] between looks: what lives shorter is not seen
LEAST, SMALL = 1.0, 200.0  # processor seconds or megabytes from which a process is listed


@dataclass
class Seen:
    """One process: seconds from the start of watching, processor seconds, peak megabytes."""

    pid: int
    began: float
    ended: float = 0.0
    cpu: float = 0.0
    peak: float = 0.0


class Watching:
    """Looks at this process's descendants while the block runs; ``seen`` afterwards."""

    def __enter__(self) -> Watching:
        self.seen: dict[int, Seen] = {}
        self.began, self.over = time.perf_counter(), threading.Event()
        self.thread = threading.Thread(target=self._watch, daemon=True)
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.over.set()
        self.thread.join()

    def _watch(self) -> None:
        mine = {os.getpid()}
        while not self.over.wait(PAUSE):
            parents = {pid: parent for pid, parent in map(_parent, _pids()) if parent}
            while more := {p for p, parent in parents.items() if parent in mine} - mine:
                mine |= more
            now = time.perf_counter() - self.began
            for pid in (mine & parents.keys()) - {os.getpid()}:
                self._look(pid, now)

    def _look(self, pid: int, now: float) -> None:
        try:
            used = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13]
            told = Path(f"/proc/{pid}/status").read_text().partition("VmHWM:")[2].split()
        except OSError:
            return
        one = self.seen.setdefault(pid, Seen(pid, now))
        one.ended, one.cpu = now, sum(map(int, used)) / os.sysconf("SC_CLK_TCK")
        one.peak = int(told[0]) / 1024 if told else one.peak

    def table(self) -> list[str]:
        """A line for each process worth one."""
        return [
            f"{one.began:6.0f}–{one.ended:.0f} s  {one.cpu:7.1f} s processor  {one.peak:7.0f} MB"
            for one in sorted(self.seen.values(), key=lambda one: one.began)
            if one.cpu >= LEAST or one.peak >= SMALL
        ]


def _pids() -> list[int]:
    return [int(name) for name in os.listdir("/proc") if name.isdigit()]


def _parent(pid: int) -> tuple[int, int]:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return pid, 0
    return pid, int(stat.rpartition(")")[2].split()[1])


if __name__ == "__main__" and sys.argv[1:]:
    with Watching() as watching:
        status = subprocess.run(sys.argv[1:]).returncode
    print(*watching.table(), sep="\n")
    sys.exit(status)
