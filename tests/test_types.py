"""Type errors, counted by room: a room may have at most as many as ``types.json`` says, and the
numbers there may only fall.

"library": everything, pandas taken as it comes (types.ini says why). "stubs": the rooms that have
no
book and no page, strictly and with the stubs of pandas, as pyproject.toml sets it.
"""

from __future__ import annotations

import collections
import json
import re
import subprocess
import sys

import pytest

from shared import REPO

ALLOWED: dict[str, dict[str, int]] = json.loads(
    (REPO / "tests" / "types.json").read_text(encoding="utf-8")
)
STRICT = [f"lib/playbook/{name}" for name in ("__init__.py", "base", "methods")]
RUNS = {
    "library": ["--config-file", "tests/types.ini", "--cache-dir", ".mypy_cache/all"],
    "stubs": ["--cache-dir", ".mypy_cache/stubs", "--follow-imports", "silent", *STRICT],
}


def errors(run: str) -> list[str]:
    """Lines of mypy that are errors."""
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--no-error-summary", "--hide-error-context", *RUNS[run]],
        cwd=REPO,
        capture_output=True,
        text=True,
    )
    assert done.returncode in (0, 1), done.stdout + done.stderr
    return [line for line in done.stdout.splitlines() if ": error: " in line]


def room(line: str) -> str:
    """``data`` of ``lib/playbook/data/book.py:3: error: …``; ``cli`` and ``__init__`` are their
    own.
    """
    return re.match(r"lib/playbook/(\w+)", line)[1]  # type: ignore[index]


@pytest.mark.parametrize("run", RUNS)
def test_type_errors_do_not_grow(run):
    lines = errors(run)
    found = collections.Counter(room(line) for line in lines)
    more = {name: n for name, n in found.items() if n > ALLOWED[run].get(name, 0)}
    assert not more, "\n".join(
        [f"more type errors than types.json allows: {more}"]
        + [line for line in lines if room(line) in more]
    )
    fewer = {name: found[name] for name, n in ALLOWED[run].items() if found[name] < n}
    assert not fewer, f"fewer errors than types.json says: write these numbers there: {fewer}"


def test_a_line_belongs_to_its_room():
    assert room("lib/playbook/data/book.py:3: error: x") == "data"
    assert room("lib/playbook/__init__.py:3: error: x") == "__init__"
