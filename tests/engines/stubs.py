"""Work for a cluster that costs nothing: importable on its workers."""

from __future__ import annotations

import os
import time
from pathlib import Path


def twice(n: int) -> int:
    return 2 * n


def refuse(n: int) -> int:
    raise ValueError(f"no {n}")


def where(n: int) -> int:
    return os.getpid()


def print_and_count(n: int) -> int:
    print("words that are no answer")
    return n + 1


def end_once(mark: str) -> str:
    """Ends its process the first time, is done the second."""
    if Path(mark).exists():
        return "done"
    Path(mark).touch()
    os._exit(9)


def wait_for(job: tuple[int, str]) -> tuple[int, int]:
    """The first of all waits, with its worker's id told, until somebody makes ``go``."""
    n, folder = job
    told, go = Path(folder) / "worker", Path(folder) / "go"
    if n == 0 and not told.exists():
        told.with_suffix(".new").write_text(str(os.getppid()))
        told.with_suffix(".new").rename(told)
        while not go.exists():
            time.sleep(0.02)
    return n, n * n
