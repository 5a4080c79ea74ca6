"""Arrows point down: no room imports one it may not."""

from __future__ import annotations

import pytest

from rooms import LIBRARY, arrows, modules, standing, told
from shared import REPO

ALLOWED = told((REPO / "ARCHITECTURE.md").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    "room, path",
    [pytest.param(room, path, id=str(path.relative_to(LIBRARY))) for room, path in modules()],
)
def test_a_module_imports_only_what_its_room_may(room, path):
    wrong = set(arrows(path.read_text(encoding="utf-8"), room, standing())) - ALLOWED[room]
    assert not wrong, f"{room} may import {sorted(ALLOWED[room])}, not {sorted(wrong)}"


@pytest.mark.parametrize(
    "source, found",
    [
        ("from playbook.data import book", ["data"]),
        ("import playbook.goals.track.tracking", ["goals"]),
        ("from playbook import data, page", ["data"]),
        ("def f():\n    from playbook.simulator.company import write_sample", ["simulator"]),
        ("from ..goals import tracking", ["goals"]),
        ("from .results import show", []),
        ("import pandas", []),
    ],
)
def test_every_way_to_import_is_seen(source, found):
    assert list(arrows(source, "page", {"data", "page", "goals", "simulator"})) == found
