"""Arrows point down: no room imports one it may not."""

from __future__ import annotations

import pytest

from rooms import (
    LIBRARY,
    allowed_arrows,
    arrows,
    circles,
    import_graph,
    imports,
    modules,
    standing,
)
from shared import REPO

ALLOWED = allowed_arrows((REPO / "ARCHITECTURE.md").read_text(encoding="utf-8"))


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


def test_no_modules_import_each_other_in_a_circle():
    found = circles(import_graph())
    assert not found, "\n".join(" ↔ ".join(group) for group in found)


KNOWN = {"playbook.page": True, "playbook.page.a": False, "playbook.page.b": False}


@pytest.mark.parametrize(
    "source, found",
    [
        ("from .b import x", ["playbook.page.b"]),
        ("from . import b", ["playbook.page.b"]),
        ("from . import x", []),  # of the package itself, which is there already
        ("from playbook.page import b", ["playbook.page.b"]),
        ("import playbook.page.b", ["playbook.page.b"]),
        ("def f():\n    from playbook.page.b import x", ["playbook.page.b"]),
        ("if TYPE_CHECKING:\n    from .b import x", ["playbook.page.b"]),
        ("import pandas", []),
    ],
)
def test_every_import_inside_a_room_is_seen(source, found):
    assert list(imports(source, "playbook.page.a", False, KNOWN)) == found


def test_circles_of_any_length_are_found():
    assert circles({"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a"}}) == [["a", "b", "c"]]
    assert circles({"a": {"b", "c"}, "b": {"d"}, "c": {"d"}, "d": set()}) == []
