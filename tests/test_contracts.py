"""Every frame a result hands out is declared, and is as declared, on books of several kinds."""

from __future__ import annotations

import dataclasses
import importlib
from collections.abc import Iterator
from typing import Any, get_type_hints

import pandas as pd
import pytest

import playbook as pb
from inprocess import results_of
from playbook.base.contracts import UNITS, Frame, contracts_of
from playbook.base.params import NOTEBOOKS
from playbook.data.book import Book
from playbook.page import Missing, Result
from shared import REPO
from test_odd_books import BOOKS
from toy import rows, toy

# Frames that have no contract yet. This list may only get shorter.
UNDECLARED: set[str] = set()


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


def frames(value: Any) -> list[pd.DataFrame]:
    if isinstance(value, pd.DataFrame):
        return [value]
    values = value.values() if isinstance(value, dict) else ()
    return [frame for frame in values if isinstance(frame, pd.DataFrame)]


def book_of(name: str) -> Book:
    if name.startswith("sample"):
        return Book.open(REPO / "data" / "sample", name.removeprefix("sample "))
    texts = BOOKS[name]
    return toy(**{table: _rows(text) for table, text in texts.items()})


def _rows(text: str) -> pd.DataFrame:
    return rows(text, ",") if '"' not in text else pd.DataFrame()


PLAIN = [name for name, tables in BOOKS.items() if not any('"' in t for t in tables.values())]


@pytest.fixture(scope="module", params=["sample 2023-09", *PLAIN])
def book(request) -> Book:
    return book_of(request.param)


@pytest.mark.parametrize("chapter", NOTEBOOKS)
def test_frames_are_as_declared(book, chapter):
    wrong = []
    for result in results_of(chapter, book):
        if isinstance(result, Missing):
            continue
        contracts = contracts_of(type(result))
        for field in dataclasses.fields(result):
            label = f"{type(result).__name__}.{field.name}"
            for frame in frames(getattr(result, field.name)):
                if field.name in contracts:
                    wrong += [f"{label}: {p}" for p in contracts[field.name].problems(frame)]
                elif label not in UNDECLARED:
                    wrong.append(f"{label}: no contract; columns {list(frame.columns)}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("kind", kinds(Result), ids=lambda kind: kind.__name__)
def test_every_frame_field_has_a_contract(kind):
    missing = {f"{kind.__name__}.{name}" for name in names(kind) if name not in contracts_of(kind)}
    assert missing <= UNDECLARED


def test_the_list_of_undeclared_frames_holds_no_declared_one():
    known = {
        f"{kind.__name__}.{name}"
        for kind in kinds(Result)
        for name in names(kind)
        if name not in contracts_of(kind)
    }
    assert known >= UNDECLARED


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
