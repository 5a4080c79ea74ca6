"""Headlines compared with the reviewed texts of tests/golden."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pytest

from shared import REPO

GOLDEN = REPO / "tests" / "golden"


def headlines(chapters: Mapping[str, Iterable[str | None]]) -> str:
    """Every headline, each once, by notebook."""
    parts = []
    for name, told in sorted(chapters.items()):
        parts.append("\n".join([f"# {name}", *dict.fromkeys(filter(None, told))]))
    return "\n\n".join(parts) + "\n"


def compare(now: str, name: str, request: pytest.FixtureRequest) -> None:
    """Against the reviewed text of that name; the option ``--golden`` writes it anew."""
    path = GOLDEN / f"{name}.txt"
    if request.config.getoption("--golden"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(now, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == now
