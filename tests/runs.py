"""Whole runs, made once for everything that looks at them."""

from __future__ import annotations

import fcntl
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest

from shared import REPO

SAMPLE = REPO / "data" / "sample"


@dataclass(frozen=True)
class Run:
    """What a finished ``playbook report`` left and said."""

    out: Path
    status: int
    printed: str
    said: str

    @cached_property
    def folder(self) -> Path:
        return next(path.parent for path in self.out.glob("*/*/manifest.json"))

    @cached_property
    def results(self) -> dict[str, Any]:
        return json.loads((self.folder / "results.json").read_text(encoding="utf-8"))

    @cached_property
    def manifest(self) -> dict[str, Any]:
        return json.loads((self.folder / "manifest.json").read_text(encoding="utf-8"))

    def value(self, name: str, window: str, **by: str) -> Any:
        """The one number of that name, window and split."""
        found = [
            k["value"]
            for k in self.results["kpis"]
            if k["name"] == name and k["window"] == window and (k["by"] or {}) == by
        ]
        assert len(found) == 1, f"{name} {window} {by}: {len(found)} of them"
        return found[0]


def command(*arguments: str | Path) -> list[str]:
    """The command line under test, run by this very Python."""
    return [sys.executable, "-m", "playbook", *map(str, arguments)]


def report(out: Path, *arguments: str | Path, **environment: str) -> Run:
    """Run ``playbook report --out OUT …`` to its end."""
    done = subprocess.run(
        command("report", "--out", out, *arguments),
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=600,
        env={**os.environ, **environment},
    )
    return Run(out, done.returncode, done.stdout, done.stderr)


@pytest.fixture(scope="session")
def sample_run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """The sample company's last closed month, run once for the whole suite, by the worker that asks
    first; others wait for it.
    """
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent
    out, said = shared / "sample-run", shared / "sample-run.json"
    with (shared / "sample-run.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not said.exists():
            run = report(out, "--book", SAMPLE)
            said.write_text(json.dumps([run.status, run.printed, run.said]), encoding="utf-8")
    run = Run(out, *json.loads(said.read_text(encoding="utf-8")))
    assert run.status == 0, run.said
    return run
