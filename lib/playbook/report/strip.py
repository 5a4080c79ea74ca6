"""Notebooks as they are stored: no outputs but the check cell's, no metadata but tags."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from playbook.base.errors import ParameterProblem, Problem
from playbook.base.language import say

CHECK = "nbval-check-output"
KERNEL = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
Json = dict[str, Any]


def stripped(node: Json) -> Json:
    """The stored form of a notebook: ids and sources as they are; a check cell keeps output and
    count, which nbval compares.
    """
    return {
        "cells": [_cell(cell) for cell in node["cells"]],
        "metadata": KERNEL,
        "nbformat": 4,
        "nbformat_minor": 5,
    }


def _cell(cell: Json) -> Json:
    tags = list(cell.get("metadata", {}).get("tags", ()))
    kept = {
        "cell_type": cell["cell_type"],
        "id": cell["id"],
        "metadata": {"tags": tags} if tags else {},
    }
    source = cell["source"] if isinstance(cell["source"], str) else "".join(cell["source"])
    lines = {"source": source.rstrip("\n").splitlines(keepends=True)}
    if cell["cell_type"] != "code":
        return {**kept, **lines}
    keeps_output = CHECK in tags
    return {
        "cell_type": "code",
        "execution_count": cell.get("execution_count") if keeps_output else None,
        "id": cell["id"],
        "metadata": kept["metadata"],
        "outputs": [_output(output) for output in cell.get("outputs", ())] if keeps_output else [],
        **lines,
    }


def _output(output: Json) -> Json:
    """An output with its text in lines, as notebooks are stored, and no metadata of a run."""
    if output["output_type"] == "stream":
        return {
            "name": output["name"],
            "output_type": "stream",
            "text": "".join(output["text"]).splitlines(keepends=True),
        }
    return {**output, "metadata": {}} if "metadata" in output else output


def text(node: Json) -> str:
    return json.dumps(stripped(node), ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _both(path: Path) -> tuple[str, str]:
    """A notebook's text as it lies there and as it is to be stored."""
    try:
        before = path.read_text(encoding="utf-8")
        return before, text(json.loads(before))
    except OSError as error:
        why = error.strerror or str(error)
    except (UnicodeDecodeError, json.JSONDecodeError, KeyError, TypeError):
        why = say("no notebook of format 4.5")
    raise ParameterProblem(
        Problem(
            found=f"{path}: {why}",
            expected=say("a notebook file (.ipynb) this user may read"),
            try_=say("name another, or none for the playbook's own"),
        )
    )


def clean(paths: Sequence[Path], *, check: bool = False) -> list[Path]:
    """Strip the notebooks in place; the ones that changed. With ``check`` nothing is written, nor
    when one cannot be read.
    """
    changed = []
    for path, (before, after) in [(path, _both(path)) for path in paths]:
        if after != before:
            changed.append(path)
            if not check:
                path.write_text(after, encoding="utf-8")
    return changed
