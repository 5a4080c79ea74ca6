"""Who does the work of a batch: processes of this machine, or anything that takes jobs and gives
futures.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, Protocol

from .apart import Alive, ask, make_apart
from .jobs import PackJob, PackOutcome

Cells = Callable[[str, str, int, int], None]  # pack, notebook, cells done, cells in all


class Runner(Protocol):
    """Takes jobs and gives futures of their outcomes. ``size``: how many it works on at a time, or
    more. ``sent``: whether jobs leave this machine, so that they must carry everything.
    """

    size: int
    sent: bool

    def submit(self, job: PackJob) -> Future[PackOutcome]: ...
    def close(self) -> None: ...


class LocalRunner:
    """So many packs at a time, each in a process of its own; books, not chapters, fill the cores:
    every pack is made one chapter after the other, and what all import was imported once.
    """

    sent = False

    def __init__(self, size: int, cells: Cells | None = None):
        self.size, self.cells = size, cells
        self.alive = Alive()
        self.threads = ThreadPoolExecutor(size, thread_name_prefix="pack")

    def submit(self, job: PackJob) -> Future[PackOutcome]:
        cells = self.cells
        told = None if cells is None else lambda *cell: cells(job.label, *cell)
        return self.threads.submit(make_apart, job, told, self.alive)

    def call(self, work: Callable[..., Any], *arguments: Any) -> Future[Any]:
        """A future of ``work(*arguments, tell)`` in a process of its own."""
        return self.threads.submit(ask, work, *arguments, alive=self.alive)

    def close(self) -> None:
        """End what is under way, now."""
        self.alive.end()
        self.threads.shutdown(wait=True, cancel_futures=True)
