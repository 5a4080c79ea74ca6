"""Every measure of companies drawn by lot, as one checksum a measure: each cell of each answer, or
the words of a refusal. ``DRAWN_TEXTS`` names a folder the answers are written to.
"""

from __future__ import annotations

import json
import math
import os
import zlib
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from drawn_company import FULL, drawn
from likeness import plain
from measure_calls import asked, measures
from playbook.base.errors import NotAvailable, PlaybookError
from reviewed import compare

COMPANIES = (2, 8, FULL + 3, FULL + 5)
DIGITS = 9


def rounded(value: Any) -> Any:
    """Without what adding up in another order changes."""
    if isinstance(value, dict):
        return {key: rounded(one) for key, one in value.items()}
    if isinstance(value, list):
        return [rounded(one) for one in value]
    if isinstance(value, float):
        return f"{value + 0.0:.{DIGITS}g}" if math.isfinite(value) else str(value)
    return value


@cache
def book(number: int):
    return drawn(number)


def answer(name: str, number: int) -> str:
    try:
        return json.dumps(rounded(plain(asked(name, measures()[name], book(number)))), indent=1)
    except (PlaybookError, NotAvailable) as refused:
        return f"refused: {refused}"


@pytest.mark.parametrize("number", COMPANIES)
def test_every_answer_of_drawn_companies(request, number):
    lines = []
    for name in sorted(measures()):
        text = answer(name, number)
        if folder := os.environ.get("DRAWN_TEXTS"):
            Path(folder).mkdir(parents=True, exist_ok=True)
            (Path(folder) / f"{number} {name}.txt").write_text(text, encoding="utf-8")
        lines.append(f"{zlib.crc32(text.encode()):08x} {name}")
    compare("\n".join(lines) + "\n", f"drawn/measures-{number:03}", request)
