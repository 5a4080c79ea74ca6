"""Packs side by side on a Dask cluster: one task is one job in, one finished pack back.

Jobs carry everything they need, so no disk is shared. A worker that dies costs the time of its
pack alone: the scheduler hands the job to another. On each worker one helper process (``helper``)
does the work, warm after its first pack.
"""

from __future__ import annotations

import itertools
import logging
import re
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

from playbook.base.errors import ParameterProblem, Problem
from playbook.base.language import say

from .needs import EngineProblem, need

ADDRESS = re.compile(r"dask(\+tls)?://([^/\s:]+|\[[0-9a-fA-F:]+\]):(\d{1,5})/?")
LOCAL = re.compile(r"local:([1-9]\d{0,2})")
PATIENCE = 30.0  # [s] until a scheduler and its first worker must answer
AGAIN = 2  # times a task is tried again when its helper is lost


class DaskRunner:
    """Takes jobs and gives futures of what ``work`` makes of them, on a cluster.

    Raises EngineProblem where no scheduler or no worker answers, or where a worker has another
    version of the library.
    """

    sent = True  # jobs leave this machine

    def __init__(self, on: str, work: Callable[[Any], Any], patience: float = PATIENCE):
        need("dask")
        from distributed import Client, LocalCluster

        self.work, self.numbers = work, itertools.count()
        self.cluster: Any = None
        for name in ("distributed.client", "distributed.core", "distributed.nanny"):
            logging.getLogger(name).setLevel(logging.CRITICAL)
        try:
            if local := LOCAL.fullmatch(on):
                self.cluster = LocalCluster(
                    n_workers=int(local[1]),
                    threads_per_worker=1,
                    host="127.0.0.1",
                    dashboard_address=None,
                    worker_dashboard_address=None,
                    silence_logs=logging.CRITICAL,
                )
            self.client = Client(self.cluster or address_of(on), timeout=patience)
            self.client.wait_for_workers(1, timeout=patience)
        except (OSError, TimeoutError) as error:
            raise EngineProblem(
                Problem(
                    found=say(
                        "no cluster at {place}: {why}",
                        place=on,
                        why=str(error).strip() or say("nobody answers"),
                    ),
                    expected=say("a Dask scheduler with at least one worker"),
                    try_=say(
                        "start them with `dask scheduler` and `dask worker`, or use --on local:2"
                    ),
                )
            ) from None
        self._same_everywhere()

    @property
    def size(self) -> int:
        """Packs the workers that are there now work on at a time."""
        return max(1, sum(self.client.nthreads().values()))

    def submit(self, job: Any) -> Future[Any]:
        """A future of the finished job."""
        from .helper import on_worker

        key = f"pack-{next(self.numbers)}-{id(self):x}"
        there = self.client.submit(on_worker, self.work, job, key=key, pure=False, retries=AGAIN)
        here: Future[Any] = Future()
        here.set_running_or_notify_cancel()
        there.add_done_callback(lambda done: _hand_over(done, here))
        return here

    def close(self) -> None:
        """Let the cluster go; jobs under way are dropped."""
        self.client.close()
        if self.cluster is not None:
            self.cluster.close()

    def _same_everywhere(self) -> None:
        from .helper import version

        there = {where: str(own) for where, own in self.client.run(version).items()}
        if odd := {where: own for where, own in there.items() if own != version()}:
            where, own = next(iter(odd.items()))
            self.close()
            raise EngineProblem(
                Problem(
                    found=say(
                        "the worker {where} has playbook {own}, this machine {version}",
                        where=where,
                        own=own,
                        version=version(),
                    ),
                    expected=say(
                        "one version everywhere: packs are the same bytes wherever they are made"
                    ),
                    try_=say("install the same version on every worker"),
                )
            )


def runner_on(on: str, work: Callable[[Any], Any]) -> Callable[[int], DaskRunner]:
    """Who makes packs on ``on``: dask://host:port, dask+tls://host:port, or local:N processes here.

    Raises ParameterProblem for another address, EngineProblem where the extra is not installed.
    """
    if not LOCAL.fullmatch(on):
        address_of(on)
    need("dask")
    return lambda jobs: DaskRunner(on, work)


def address_of(on: str) -> str:
    """The scheduler's address as Dask writes it."""
    found = ADDRESS.fullmatch(on)
    if found is None or not 0 < int(found[3]) < 65536:
        raise ParameterProblem(
            Problem(
                found=f"--on {on}",
                expected=say("dask://host:port, dask+tls://host:port, or local:N"),
                try_=say("--on dask://10.0.0.5:8786, or --on local:4"),
            )
        )
    return f"{'tls' if found[1] else 'tcp'}://{found[2]}:{found[3]}"


def _hand_over(done: Any, here: Future[Any]) -> None:
    try:
        here.set_result(done.result())
    except BaseException as error:  # cancelled, a worker lost too often, a job that cannot be read
        here.set_exception(error if isinstance(error, Exception) else RuntimeError(str(error)))
    finally:
        done.release()
