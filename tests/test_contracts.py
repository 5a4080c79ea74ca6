"""Every frame a result hands out is declared, and a declaration says what it holds.

That frames are as declared is asked of every chapter run in process: see chapter_checks.py.
"""

from __future__ import annotations

import dataclasses
import importlib
from collections.abc import Iterator
from typing import get_type_hints

import pytest

import playbook as pb
from playbook.base.contracts import UNITS, Frame, contracts_of
from playbook.page import Result


def kinds(base: type, top: str = "playbook") -> list[type]:
    """All classes of the library derived from ``base``, once every chapter is loaded."""
    for chapter in pb.CHAPTERS:
        importlib.import_module(f"playbook.{chapter}")
    found, queue = [], [base]
    while queue:
        for kind in queue.pop().__subclasses__():
            queue.append(kind)
            if kind.__module__.startswith(f"{top}."):
                found.append(kind)
    return sorted(set(found), key=lambda kind: (kind.__module__, kind.__name__))


def names(kind: type) -> Iterator[str]:
    """Fields of a result class that hold frames, by their annotation."""
    for field in dataclasses.fields(kind):
        if "DataFrame" in str(field.type):
            yield field.name


@pytest.mark.parametrize("kind", kinds(Result), ids=lambda kind: kind.__name__)
def test_every_frame_field_has_a_contract(kind):
    assert {name for name in names(kind) if name not in contracts_of(kind)} == set()


@pytest.mark.parametrize("kind", kinds(Frame), ids=lambda kind: kind.__name__)
def test_a_contract_says_what_it_holds(kind):
    assert (kind.__doc__ or "").strip(), "one line: what one row is"
    assert kind.columns or kind.rest is not None
    columns = [*kind.columns, *([kind.rest] if kind.rest is not None else [])]
    assert len({str(column) for column in kind.columns}) == len(kind.columns)
    for column in columns:
        assert column.unit in UNITS and column.meaning.strip(), column
        for end in (column.low, column.high):
            assert not end or end in kind.columns, f"{column}: interval end '{end}' is no column"


def test_every_result_names_its_types():
    for kind in kinds(Result):
        assert get_type_hints(kind, include_extras=True) is not None
