"""What the driver asks of its workers. Light: the driver imports this and never papermill."""

from __future__ import annotations

import signal
import traceback
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from .plan import Job, Kernels
from .processes import die_with_parent

Json = dict[str, Any]


@dataclass(frozen=True)
class Execute:
    """Run a notebook, keep it in ``folder``, write its HTML there; leave its chapter in
    ``runtime``.
    """

    job: Job
    folder: Path
    runtime: Path
    meta: Json
    kernels: Kernels
    time_limit: float


@dataclass(frozen=True)
class Print:
    """Write one PDF of chapters already executed."""

    names: tuple[str, ...]
    path: Path
    runtime: Path
    meta: Json
    cover: Json | None = None


Task = Execute | Print


def waiting(runtime: Path, name: str) -> Path:
    """Where a chapter waits to be printed."""
    return runtime / f"{name}.chapter.json"


def work(connection: Connection, runtime: Path) -> None:
    """Be a worker: the target of its process."""
    die_with_parent()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the driver decides what an interruption means
    try:
        from .worker import serve

        serve(connection, runtime)
    except Exception:  # not a notebook's fault: a worker that cannot work ends the run
        connection.send(("broken", traceback.format_exc()))
