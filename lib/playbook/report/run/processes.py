"""Processes of a run: started from one that has imported everything once, and never outliving the
run.
"""

from __future__ import annotations

import contextlib
import ctypes
import multiprocessing
import os
import signal
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from multiprocessing import util
from multiprocessing.process import BaseProcess
from pathlib import Path
from types import ModuleType
from typing import Any

from playbook.report.record.archive import private_room

PR_SET_PDEATHSIG = 1
PRELOAD = "playbook.report.run.preload"
PREFIX, SOCKETS = "playbook-run-", "playbook-fork-"
LONGEST = 40  # socket paths may hold some hundred characters in all


def can_fork() -> bool:
    """Whether there is a fork server; macOS has one but its frameworks do not survive a fork."""
    return "forkserver" in multiprocessing.get_all_start_methods() and sys.platform != "darwin"


def context() -> Any:
    """Processes start from the fork server where there is one, else as new interpreters. What has
    threads is never forked.
    """
    return multiprocessing.get_context("forkserver" if can_fork() else "spawn")


def warm_up(environment: dict[str, str]) -> None:
    """Start the fork server now, so that it imports while the caller does something else; once per
    process.
    """
    if not can_fork():
        return
    from multiprocessing import forkserver

    context().set_forkserver_preload([PRELOAD])
    sockets_apart()
    before = {name: os.environ.get(name) for name in environment}
    os.environ.update(environment)
    try:
        forkserver.ensure_running()
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def sockets_apart() -> None:
    """Have the fork server's socket in a private folder with a short path, which the next run
    sweeps where this process is killed; Python's own would stay, and may be too long for a socket.
    """
    config = multiprocessing.current_process()._config  # type: ignore[attr-defined]
    if config.get("tempdir") is not None:
        return
    held = contextlib.ExitStack()
    config["tempdir"] = str(held.enter_context(private_room(SOCKETS, short_base())))
    util.Finalize(None, held.close, exitpriority=-100)  # after the processes that use it


def start(target: Callable[..., None], *args: Any) -> BaseProcess:
    """A started process that runs ``target(*args)``; what it starts in turn comes from the same
    fork server.
    """
    process = context().Process(target=_begin, args=(_server(), target, *args))
    with _no_main_module():
        process.start()
    return process


def _server() -> str | None:
    """Address of the fork server this process takes its children from, started if need be; None
    where it cannot be shared.
    """
    if not can_fork() or sys.version_info >= (
        3,
        14,
    ):  # from 3.14 on a server answers only those who know its key
        return None
    from multiprocessing import forkserver

    sockets_apart()
    forkserver.ensure_running()
    return forkserver._forkserver._forkserver_address


def _begin(server: str | None, target: Callable[..., None], *args: Any) -> None:
    """Run ``target`` in the new process. Left alone, Python would give it a fork server of its own,
    which has imported nothing.
    """
    if server is not None:
        from multiprocessing import forkserver

        forkserver._forkserver._forkserver_address = server
        forkserver._forkserver.ensure_running = forkserver.ensure_running = lambda: None
    target(*args)


@contextlib.contextmanager
def _no_main_module() -> Iterator[None]:
    """Children do not run our caller's main module again: it is a command line, and nothing they
    need is in it.
    """
    main, sys.modules["__main__"] = sys.modules["__main__"], ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main


def die_with_parent() -> None:
    """End this process when the one that asked for it ends, however it ended.

    Linux kills it with the process it was forked from, at once and whatever it is doing. A thread
    waits for the process that asked
    for it: that covers a worker that crashed, and systems without the call.
    """
    # TypeError: Windows opens no library without a name
    with contextlib.suppress(OSError, AttributeError, TypeError):
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_follow, args=(parent,), daemon=True).start()


def _follow(parent: BaseProcess) -> None:
    parent.join()
    # Windows has no SIGKILL; its SIGTERM ends a process at once
    os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))


@contextlib.contextmanager
def runtime_folder() -> Iterator[Path]:
    """A private folder for sockets and unprinted chapters, with a short path; leftovers of killed
    runs go first.
    """
    with private_room(PREFIX, short_base()) as folder:
        yield folder


def short_base() -> Path:
    """The system's folder for temporary files, or a shorter one where sockets need it."""
    base = Path(tempfile.gettempdir())
    if len(str(base)) > LONGEST and os.access("/tmp", os.W_OK):
        return Path("/tmp")
    return base
