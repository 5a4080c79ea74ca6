"""The parameters a notebook was run with, read from its cells."""

from __future__ import annotations

import ast
from typing import Any

from . import chapters


def parameters(node: Any) -> list[tuple[str, str, str]]:
    """(name, value, meaning) as the run used them: the parameters cell, then what was injected over
    it.
    """
    found: dict[str, tuple[str, str]] = {}
    for cell in node["cells"]:
        if cell["cell_type"] != "code" or not chapters.tags(cell) & {
            "parameters",
            "injected-parameters",
        }:
            continue
        lines = cell["source"].splitlines()
        try:
            statements = ast.parse(cell["source"]).body
        except SyntaxError:
            continue
        for statement in statements:
            target = (
                statement.target
                if isinstance(statement, ast.AnnAssign)
                else statement.targets[0]
                if isinstance(statement, ast.Assign)
                else None
            )
            if isinstance(target, ast.Name) and statement.value is not None:
                meaning = (
                    lines[statement.end_lineno - 1][statement.end_col_offset :]
                    .partition("#")[2]
                    .strip()
                )
                found[target.id] = (
                    ast.unparse(statement.value),
                    meaning or found.get(target.id, ("", ""))[1],
                )
    return [(name, value, meaning) for name, (value, meaning) in found.items()]
