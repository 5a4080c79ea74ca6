"""Notebooks as they are stored: no outputs but the check cell's, no metadata but tags."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

CHECK = "nbval-check-output"
KERNEL = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
          "language_info": {"name": "python"}}
Json = dict[str, Any]


def stripped(node: Json) -> Json:
    """The stored form of a notebook: ids and sources as they are; a check cell keeps output and count, which nbval compares."""
    return {"cells": [_cell(cell) for cell in node["cells"]], "metadata": KERNEL, "nbformat": 4, "nbformat_minor": 5}


def _cell(cell: Json) -> Json:
    tags = list(cell.get("metadata", {}).get("tags", ()))
    kept = {"cell_type": cell["cell_type"], "id": cell["id"], "metadata": {"tags": tags} if tags else {}}
    source = cell["source"] if isinstance(cell["source"], str) else "".join(cell["source"])
    lines = {"source": source.rstrip("\n").splitlines(keepends=True)}
    if cell["cell_type"] != "code":
        return {**kept, **lines}
    whole = CHECK in tags
    return {"cell_type": "code", "execution_count": cell.get("execution_count") if whole else None, "id": cell["id"], "metadata": kept["metadata"],
            "outputs": [_output(output) for output in cell.get("outputs", ())] if whole else [], **lines}


def _output(output: Json) -> Json:
    """An output with its text in lines, as notebooks are stored, and no metadata of a run."""
    if output["output_type"] == "stream":
        return {"name": output["name"], "output_type": "stream", "text": "".join(output["text"]).splitlines(keepends=True)}
    return {**output, "metadata": {}} if "metadata" in output else output


def text(node: Json) -> str:
    return json.dumps(stripped(node), ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def clean(paths: Sequence[Path], *, check: bool = False) -> list[Path]:
    """Strip the notebooks in place; the ones that changed. With ``check`` nothing is written."""
    changed = []
    for path in paths:
        before = path.read_text(encoding="utf-8")
        after = text(json.loads(before))
        if after != before:
            changed.append(path)
            if not check:
                path.write_text(after, encoding="utf-8")
    return changed
