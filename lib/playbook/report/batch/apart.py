"""Work in a process of its own: forked from one that has imported everything, ended with whoever
asked, and lost alone when it is killed.
"""

from __future__ import annotations

import contextlib
import signal
import threading
import traceback
from collections.abc import Callable
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any

from playbook.base.language import say
from playbook.report.run import processes
from playbook.report.run.lean import forget_current_folder

from .jobs import PackJob, PackOutcome, Told, run_job

_starting = threading.Lock()  # a start puts another main module in place for a moment


class Ended(RuntimeError):
    """The process ended before it answered; the text says with what status."""


def make_apart(job: PackJob, told: Told | None = None, alive: Alive | None = None) -> PackOutcome:
    """``run_job`` in a process of its own: nothing of one pack stays for the next, and a process
    that is killed costs one pack.
    """
    try:
        return ask(run_job, job, told=told, alive=alive)
    except (Ended, RuntimeError) as error:
        return PackOutcome(job.label, "broken", error=str(error), key=job.key)


class Alive:
    """The processes under way, to be ended all at once."""

    def __init__(self) -> None:
        self.processes: set[BaseProcess] = set()
        self.closed = False

    def end(self) -> None:
        """Kill them; none is started afterwards."""
        with _starting:
            self.closed = True
            for process in self.processes:
                process.kill()


def ask(
    work: Callable[..., Any],
    *arguments: Any,
    told: Callable[..., None] | None = None,
    alive: Alive | None = None,
) -> Any:
    """What ``work(*arguments, tell)`` returns, run in a process of its own. told: called with what
    the process tells meanwhile. Raises Ended when it is killed, RuntimeError with its traceback
    when it raises.
    """
    alive = alive or Alive()
    ours, theirs = Pipe()
    with _starting:
        if alive.closed:
            raise Ended(say("stopped before it began"))
        process = processes.start(_serve, theirs, work, arguments)
        alive.processes.add(process)
    theirs.close()
    try:
        while True:
            try:
                kind, *details = ours.recv()
            except (EOFError, ConnectionResetError):
                process.join()
                raise Ended(
                    say(
                        "the process that made it ended with status {exitcode}, most often"
                        " for want of memory",
                        exitcode=process.exitcode,
                    )
                ) from None
            if kind == "done":
                return details[0]
            if kind == "broken":
                raise RuntimeError(details[0])
            if told:
                told(*details)
    finally:
        alive.processes.discard(process)
        process.kill()
        process.join()
        ours.close()


def _serve(connection: Connection, work: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
    processes.die_with_parent()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the driver decides what an interruption means
    forget_current_folder()
    try:
        answer = ("done", work(*arguments, lambda *event: _send(connection, "told", *event)))
    except Exception:
        answer = ("broken", traceback.format_exc())
    _send(connection, *answer)


def _send(connection: Connection, *message: Any) -> None:
    with contextlib.suppress(BrokenPipeError):  # nobody listens any more: the caller was ended
        connection.send(message)
