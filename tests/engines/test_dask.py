"""Jobs on a Dask cluster of this machine: answers, a worker killed in the middle, refusals."""

from __future__ import annotations

import os
import signal
import socket
import time
from concurrent.futures import wait
from pathlib import Path

import pytest
import stubs

from playbook.base.errors import ParameterProblem
from playbook.engines import needs
from playbook.engines.dask import DaskRunner, address_of, runner_on
from playbook.engines.helper import Helper
from playbook.engines.needs import EngineProblem, need

pytest.importorskip("distributed", reason="distributed is not installed")


@pytest.fixture(scope="module")
def workers(tmp_path_factory):
    """A runner over two workers that can import the stubs; what each makes of a job is in it."""
    old = os.environ.get("PYTHONPATH")
    os.environ["PYTHONPATH"] = str(Path(stubs.__file__).parent)
    runner = DaskRunner("local:2", stubs.wait_for)
    yield runner
    runner.close()
    if old is None:
        del os.environ["PYTHONPATH"]
    else:
        os.environ["PYTHONPATH"] = old


def made(runner, work, *jobs):
    runner.work = work
    return [runner.submit(job) for job in jobs]


def test_answers_come_back_and_work_stays_in_one_process_per_worker(workers):
    assert workers.size == 2 and workers.sent
    assert [f.result(60) for f in made(workers, stubs.twice, 1, 2, 3)] == [2, 4, 6]
    assert [f.result(60) for f in made(workers, stubs.print_and_count, 4)] == [5]
    places = {f.result(60) for f in made(workers, stubs.where, *range(8))}
    assert len(places) <= 2 and os.getpid() not in places


def test_what_work_raises_is_the_error_of_its_future_alone(workers):
    (bad,) = made(workers, stubs.refuse, 7)
    (good,) = made(workers, stubs.twice, 7)
    assert good.result(60) == 14
    with pytest.raises(RuntimeError, match="ValueError: no 7"):
        bad.result(60)


def test_a_helper_that_is_lost_is_replaced_and_its_job_done_again(workers, tmp_path):
    (job,) = made(workers, stubs.end_once, str(tmp_path / "mark"))
    assert job.result(60) == "done"


def test_a_worker_killed_in_the_middle_costs_only_its_jobs_time(workers, tmp_path):
    jobs = made(workers, stubs.wait_for, *((n, str(tmp_path)) for n in range(6)))
    told = tmp_path / "worker"
    while not told.exists():
        time.sleep(0.02)
    others = jobs[1:]
    assert not wait(others, timeout=60).not_done, "the other worker goes on meanwhile"
    assert not jobs[0].done()
    os.kill(int(told.read_text()), signal.SIGKILL)
    assert [job.result(60) for job in jobs] == [(n, n * n) for n in range(6)]


def test_a_helper_answers_until_nobody_asks(monkeypatch):
    monkeypatch.setenv("PYTHONPATH", str(Path(stubs.__file__).parent))
    helper = Helper()
    assert helper.ask(stubs.twice, 21) == 42
    with pytest.raises(RuntimeError, match="ValueError: no 3"):
        helper.ask(stubs.refuse, 3)
    assert helper.ask(stubs.twice, 4) == 8, "it goes on after what failed"
    helper.process.stdin.close()
    assert helper.process.wait(10) == 0


@pytest.mark.parametrize(
    ("on", "address"),
    [
        ("dask://10.0.0.5:8786", "tcp://10.0.0.5:8786"),
        ("dask+tls://farm:8786/", "tls://farm:8786"),
        ("dask://[::1]:8786", "tcp://[::1]:8786"),
    ],
)
def test_addresses_are_read(on, address):
    assert address_of(on) == address


@pytest.mark.parametrize(
    "on", ["dask://farm", "local:0", "local:", "tcp://a:1", "dask://a:70000", "dask://a b:1", "x"]
)
def test_other_addresses_are_refused(on):
    with pytest.raises(ParameterProblem, match="dask://host:port, dask\\+tls://host:port, or loc"):
        runner_on(on, stubs.twice)


def test_nobody_at_the_address_is_said():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(EngineProblem, match=f"no cluster at dask://127.0.0.1:{port}"):
        DaskRunner(f"dask://127.0.0.1:{port}", stubs.twice, patience=1)


def test_an_extra_that_is_not_there_is_named(monkeypatch):
    monkeypatch.setitem(needs.PACKAGES, "dask", ("distributed", "no_such_package"))
    with pytest.raises(EngineProblem, match=r"no_such_package not installed") as wanting:
        need("dask")
    assert wanting.value.problems[0].try_ == "pip install 'playbook[dask]'"
