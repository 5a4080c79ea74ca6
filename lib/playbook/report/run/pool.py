"""Worker processes that take tasks in order, and what becomes of a task whose worker ends."""

from __future__ import annotations

import contextlib
import json
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from multiprocessing import Pipe
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from playbook.base.language import say
from playbook.report.record.results import Outcome

from . import processes
from .entry import work
from .tasks import Execute, Task, chapter_file


class InternalFault(RuntimeError):
    """Something of ours broke and nothing was put in place. The text is the traceback of the
    process it happened in.
    """


@dataclass
class Worker:
    """A worker process, the connection to it, and the task it is busy with."""

    process: BaseProcess
    connection: Connection
    task: Task | None = None


class WorkerPool:
    """Worker processes that take tasks in order. Leaving the block ends them, and with them their
    kernels.
    """

    def __init__(self, size: int, runtime: Path):
        self.size, self.runtime = size, runtime
        self.queue: deque[Task] = deque()
        self.workers: list[Worker] = []

    def __enter__(self) -> WorkerPool:
        self.workers = [self._start() for _ in range(self.size)]
        return self

    def __exit__(self, *error: object) -> None:
        for worker in self.workers:
            worker.process.kill()
        for worker in self.workers:
            worker.process.join()
            worker.connection.close()

    def submit(self, *tasks: Task) -> None:
        """Queue tasks and start those a free worker can take."""
        self.queue.extend(tasks)
        self._assign()

    def results(self, on_cell: Callable[[str, int, int], None] | None = None) -> Iterator[Any]:
        """What each task returned, as they finish, until nothing is queued or under way. Raises
        InternalFault when a worker breaks.

        on_cell: called with notebook, cells done and cells in all after every cell.
        """
        while busy := {worker.connection: worker for worker in self.workers if worker.task}:
            for connection in wait(list(busy)):
                worker = busy[connection]
                try:
                    kind, *details = connection.recv()
                except (EOFError, ConnectionResetError):
                    yield self._lost(worker)
                    continue
                if kind == "cell" and on_cell:
                    on_cell(*details)
                elif kind == "broken":
                    raise InternalFault(details[0])
                elif kind == "done":
                    worker.task = None
                    self._assign()
                    yield details[0]

    def _lost(self, worker: Worker) -> Outcome:
        """A worker that ended in the middle of a notebook failed that notebook; another takes its
        place.
        """
        worker.process.join()
        task, code = worker.task, worker.process.exitcode
        if not isinstance(task, Execute):
            raise InternalFault(
                say(
                    "a worker ended with status {code} while printing {path}",
                    code=code,
                    path=getattr(task, "path", ""),
                )
            )
        self.workers[self.workers.index(worker)] = self._start()
        self._assign()
        cause = say(
            "the process that ran the notebook ended with status {code}, most"
            " often for want of memory",
            code=code,
        )
        error = {"section": "", "cause": cause, "hint": ""}
        chapter = {
            "name": task.job.name,
            "title": task.job.name,
            "blocks": [{"type": "failure", **error}],
        }
        chapter_file(self.runtime, task.job.name).write_text(json.dumps(chapter), encoding="utf-8")
        return Outcome(
            task.job.name, task.job.name, "failed", {**error, "cell": None, "timeout": False}
        )

    def _start(self) -> Worker:
        ours, theirs = Pipe()
        process = processes.start(work, theirs, self.runtime)
        theirs.close()
        return Worker(process, ours)

    def _assign(self) -> None:
        for worker in self.workers:
            if self.queue and worker.task is None:
                worker.task = self.queue.popleft()
                # already gone: reading from it will say so
                with contextlib.suppress(BrokenPipeError):
                    worker.connection.send(worker.task)
