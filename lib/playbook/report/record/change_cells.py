"""Cells and rows of the page on what changed, as plain JSON."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from playbook.base.formats import Formats

Json = dict[str, Any]


def total_of(numbers: Mapping, name: str, window: str) -> Json | None:
    found = numbers.get((name, window, "null"))
    return found if found is not None and found.get("value") is not None else None


def columns_of(*columns: tuple) -> list[Json]:
    keys = ("label", "kind", "width", "right", "scale", "mark")
    return [dict(zip(keys, (*c, *(None,) * (6 - len(c))), strict=True)) for c in columns]


def cell(text: Any, tone: str = "") -> Json:
    return {"text": str(text), "tone": tone}


def rows_panel(title: str, note: str, columns: list[Json], lines: list[Json], **more: Any) -> Json:
    return {
        "type": "rows",
        "name": "",
        "wide": 1.0,
        "foot": "",
        "title": title,
        "note": note,
        "columns": columns,
        "lines": lines,
        **more,
    }


def bare(fmt: Formats, value: float, sign: bool = False) -> str:
    return fmt.money(value, compact=True, sign=sign).replace(fmt.symbol, "")
