"""The Makefile and the CI script do what they say."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from shared import REPO


def test_make_clean_removes_caches_and_spares_reports_and_working_copies(tmp_path):
    shutil.copy(REPO / "Makefile", tmp_path)
    kept = [
        "reports/2023-09/north/details.pdf",
        "reports/example/README.md",
        "reports/2023-09/north/__pycache__/x.pyc",
        "playbook-notebooks/01-goal-setting.ipynb",
        "notebooks/01-goal-setting.ipynb",
        "lib/playbook/x.py",
        "my-book/orders.csv",
    ]
    removed = [
        ".venv/bin/python",
        ".venv-3.12/bin/python",
        ".pytest_cache/x",
        ".hypothesis/x",
        "bench/out/x",
        "lib/playbook/__pycache__/x.pyc",
        "notebooks/.ipynb_checkpoints/x.ipynb",
    ]
    (tmp_path / "tests").mkdir()
    for name in kept + removed:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    subprocess.run(["make", "clean"], cwd=tmp_path, check=True, capture_output=True)
    assert [name for name in kept if not (tmp_path / name).exists()] == []
    assert [name for name in removed if (tmp_path / name).exists()] == []


def ci(folder: Path, **environment: str) -> list[str]:
    """What .ci/run asks of make, one line per call."""
    (folder / ".ci").mkdir(exist_ok=True)
    shutil.copy(REPO / ".ci" / "run", folder / ".ci")
    make = folder / "make"
    make.write_text("#!/bin/sh\necho make $@\n")
    make.chmod(0o755)
    path = f"{folder}:{Path(sys.executable).parent}:{os.environ['PATH']}"
    done = subprocess.run(
        [folder / ".ci" / "run"],
        env={**os.environ, "PATH": path, **environment},
        check=True,
        capture_output=True,
        text=True,
    )
    return [line for line in done.stdout.splitlines() if line.startswith("make")]


def test_ci_runs_make_test_once_with_the_python_at_hand(tmp_path):
    assert ci(tmp_path, PYTHONS="") == ["make test PYTHON=python3 VENV=.venv"]


def test_ci_runs_make_test_for_every_python_named_each_in_its_own_environment(tmp_path):
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    assert ci(tmp_path, PYTHONS=f"python3 {sys.executable}") == [
        f"make test PYTHON=python3 VENV=.venv-{version}",
        f"make test PYTHON={sys.executable} VENV=.venv-{version}",
    ]
