"""Rooms and who may import whom, as ARCHITECTURE.md says, and who does, as the code says."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from shared import REPO

LIBRARY = REPO / "lib" / "playbook"


def told(text: str) -> dict[str, set[str]]:
    """Room → rooms it may import, from the table under the heading ``Rooms of lib/playbook``."""
    table = text.split("## Rooms of lib/playbook", 1)[1].split("\n## ", 1)[0]
    rows = [
        [cell.strip() for cell in line.strip().strip("|").split("|")]
        for line in table.splitlines()
        if line.startswith("| `")
    ]
    return {
        row[0].strip("`"): set(re.findall(r"[a-z_]+", row[2])) - {"nothing", "of", "ours"}
        for row in rows
    }


def standing() -> set[str]:
    """Rooms there are: folders and modules of the library."""
    folders = {path.name for path in LIBRARY.iterdir() if path.is_dir() and any(path.rglob("*.py"))}
    return (folders | {path.stem for path in LIBRARY.glob("*.py")}) - {"__init__", "__main__", "__pycache__"}


def arrows(source: str, room: str, known: set[str]) -> Iterator[str]:
    """Other rooms a module of ``room`` imports, at any depth of its code."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.level > 1:
            names = [
                f"playbook.{node.module or ''}.{alias.name}".replace("..", ".")
                for alias in node.names
            ]
        else:
            continue
        for parts in (name.split(".") for name in names):
            if parts[0] == "playbook" and len(parts) > 1 and parts[1] in known - {room}:
                yield parts[1]


def modules() -> Iterator[tuple[str, Path]]:
    """(room, file) of every module."""
    for path in sorted(LIBRARY.rglob("*.py")):
        first = path.relative_to(LIBRARY).parts[0]
        if first != "__init__.py":
            yield first.removesuffix(".py"), path
