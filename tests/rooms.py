"""Rooms and who may import whom, as ARCHITECTURE.md says, and who does, as the code says."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from shared import REPO

LIBRARY = REPO / "lib" / "playbook"
START = {"__init__", "__main__"}  # modules of no room: they name the rooms, or start the commands


def allowed_arrows(text: str) -> dict[str, set[str]]:
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
    return (folders | {path.stem for path in LIBRARY.glob("*.py")}) - {
        "__init__",
        "__main__",
        "__pycache__",
    }


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


def module_name(path: Path) -> str:
    """``playbook.data.book`` of its file; a package's name of its ``__init__``."""
    return ".".join(path.relative_to(LIBRARY.parent).with_suffix("").parts).removesuffix(
        ".__init__"
    )


def imports(source: str, name: str, package: bool, known: dict[str, bool]) -> Iterator[str]:
    """Modules of the library that module ``name`` imports, at any depth of its code, also for type
    checkers only.

    known: every module → whether it is a package. A name taken from a package around the module is
    not an import of that package: its ``__init__`` runs before any module in it.
    """
    home = name if package else name.rpartition(".")[0]
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in known)
        if not isinstance(node, ast.ImportFrom):
            continue
        base = node.module or ""
        if node.level:
            above = home.split(".")[: len(home.split(".")) - node.level + 1]
            base = ".".join([*above, *([node.module] if node.module else [])])
        for alias in node.names:
            if f"{base}.{alias.name}" in known:
                yield f"{base}.{alias.name}"
            elif base in known and not (known[base] and f"{name}.".startswith(f"{base}.")):
                yield base


def circles(graph: dict[str, set[str]]) -> list[list[str]]:
    """Groups of modules that import each other, directly or by way of others (Tarjan)."""
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    found: list[list[str]] = []

    def visit(one: str) -> None:
        index[one] = low[one] = len(index)
        stack.append(one)
        for other in sorted(graph.get(one, ())):
            if other not in index:
                visit(other)
                low[one] = min(low[one], low[other])
            elif other in stack:
                low[one] = min(low[one], index[other])
        if low[one] == index[one]:
            group = stack[stack.index(one) :]
            del stack[stack.index(one) :]
            if len(group) > 1:
                found.append(sorted(group))

    for name in graph:
        if name not in index:
            visit(name)
    return found


def import_graph() -> dict[str, set[str]]:
    """Module → modules of the library it imports."""
    paths = {module_name(path): path for path in sorted(LIBRARY.rglob("*.py"))}
    known = {name: path.name == "__init__.py" for name, path in paths.items()}
    return {
        name: set(imports(path.read_text(encoding="utf-8"), name, known[name], known)) - {name}
        for name, path in paths.items()
    }


def modules() -> Iterator[tuple[str, Path]]:
    """(room, file) of every module."""
    for path in sorted(LIBRARY.rglob("*.py")):
        first = path.relative_to(LIBRARY).parts[0]
        if first.removesuffix(".py") not in START:
            yield first.removesuffix(".py"), path
