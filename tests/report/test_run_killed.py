"""A run that is interrupted or killed leaves the previous report whole, and no process behind."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
import uuid
from pathlib import Path

import making
import pytest

from runs import command, report

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks at /proc")
PATIENCE = 90  # [s] on a busy machine


def processes(mark: str) -> set[int]:
    """Processes alive that were started with ``mark`` in their environment, children of children
    included.
    """
    found = set()
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                if (
                    mark.encode() in (entry / "environ").read_bytes()
                    and "Z" not in (entry / "stat").read_text().rsplit(")", 1)[1].split()[0]
                ):
                    found.add(int(entry.name))
            except OSError:
                continue
    return found


def until(condition, what: str):
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, f"waited in vain for {what}"
        time.sleep(0.1)


@pytest.fixture(scope="module")
def finished(tmp_path_factory) -> Path:
    """A book, a quick and an endless notebook, and a finished report of the quick one."""
    home = tmp_path_factory.mktemp("killed")
    making.book(home / "book")
    making.notebook(home / "nb", making.code("print('done')"), setup="pass")
    making.notebook(
        home / "slow",
        making.code(
            "import os, pathlib, time\npathlib.Path(os.environ['STARTED']).touch()\ntime.sleep(300)"
        ),
        setup="pass",
    )
    assert (
        report(
            home / "out",
            "--book",
            home / "book",
            "--notebooks",
            home / "nb",
            "--only",
            "goal-setting",
        ).status
        == 0
    )
    return home


@pytest.fixture
def home(finished, tmp_path) -> Path:
    return Path(shutil.copytree(finished, tmp_path / "home"))


def start_slow(home: Path, mark: str, *options: str) -> subprocess.Popen:
    """A run stopped in the middle of a cell, in a process group of its own as a terminal would give
    it.
    """
    running = subprocess.Popen(
        command(
            "report",
            "--out",
            home / "out",
            "--book",
            home / "book",
            "--notebooks",
            home / "slow",
            "--only",
            "goal-setting",
            *options,
        ),
        env={**os.environ, "MARK": mark, "STARTED": str(home / "started")},
        start_new_session=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    until(lambda: (home / "started").exists() or running.poll() is not None, "the cell to start")
    assert running.poll() is None, running.stderr.read()
    return running


def content(out: Path) -> dict[str, bytes]:
    """Every file but what the archive remembers of runs that were begun."""
    return {
        name: path.read_bytes()
        for path in sorted(out.rglob("*"))
        if path.is_file()
        and not (name := str(path.relative_to(out))).startswith((".runs.sqlite", ".playbook"))
    }


@pytest.mark.parametrize(
    "how, options",
    [("ctrl-c", ()), ("kill -9", ()), ("kill -9", ("--stock-kernels",)), ("terminate", ())],
)
def test_the_previous_report_stays_whole_and_no_kernel_is_left(home, how, options):
    before, mark = content(home / "out"), uuid.uuid4().hex
    running = start_slow(home, mark, *options)
    assert len(processes(mark)) >= 3  # driver, worker, kernel
    if how == "ctrl-c":
        os.killpg(running.pid, signal.SIGINT)
    else:
        running.send_signal(signal.SIGKILL if how == "kill -9" else signal.SIGTERM)
    status = running.wait(PATIENCE)
    until(lambda: not processes(mark), f"the end of {processes(mark)}")
    after = content(home / "out")
    assert {name: data for name, data in after.items() if name in before} == before
    if how != "kill -9":
        assert after == before, "a temporary folder stayed"
        assert status == (130 if how == "ctrl-c" else 143)
        assert "Traceback" not in running.stderr.read()


def test_the_next_run_sweeps_up_after_a_killed_one(home):
    shutil.rmtree(home / "out")
    mark = uuid.uuid4().hex
    running = start_slow(home, mark)
    running.kill()
    running.wait()
    until(lambda: not processes(mark), "the end")
    left = list((home / "out" / "2023-06").iterdir())
    assert len(left) == 1 and left[0].name.endswith(".part")
    mark = uuid.uuid4().hex
    assert (
        report(
            home / "out",
            "--book",
            home / "book",
            "--notebooks",
            home / "nb",
            "--only",
            "goal-setting",
            MARK=mark,
        ).status
        == 0
    )
    until(lambda: not processes(mark), "the end of every process of a finished run")
    assert [path.name for path in (home / "out" / "2023-06").iterdir()] == ["small.only-01"]


def test_a_notebook_over_its_time_is_named_and_the_run_ends(home):
    run = report(
        home / "out",
        "--book",
        home / "book",
        "--notebooks",
        home / "slow",
        "--only",
        "goal-setting",
        "--time-limit",
        "15",
        STARTED=str(home / "started"),
    )
    assert run.status == 1 and "the notebook's time limit of 15 s ran out" in run.said
    assert run.results["notebooks"]["01-goal-setting"]["error"]["timeout"] is True
    assert (run.folder / "01-goal-setting.ipynb").exists() and (run.folder / "details.pdf").exists()
