"""A chapter run in this very process: the notebook's own cells, without kernel, page or files."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any
from unittest import mock

import numpy as np

from playbook.base.formats import Formats, is_missing
from playbook.base.params import NOTEBOOKS
from playbook.case import explore as case
from playbook.data.book import Book
from playbook.goals import explore as goals
from playbook.incentives import explore as incentives
from playbook.page import Result, widgets
from playbook.page.blocks import Text
from playbook.page.widgets import Choice, Slider
from playbook.segments import explore as segments
from shared import REPO

EXPLORERS = (case, goals, incentives, segments, widgets)  # others take it when they are called


@dataclass(frozen=True)
class Shown:
    """A result a cell showed, and what its blocks hold; ``inside``: by a cell of that tag, which is
    recorded nowhere.
    """

    result: Result
    inside: bool
    told: tuple[dict[str, Any], ...]


def results_of(
    name: str, book: Book | str | Path, month: str = "", drawn: bool = True, **given: Any
) -> list[Result]:
    """All results that the cells of notebook ``name`` show for a book and month, in order.

    book: an open book, taken as it is (then ``month`` is not read), or a folder. Errors of a cell
    are raised as they are. Not drawn: without figures.
    """
    ready = book if isinstance(book, Book) else Book.open(book, month)
    return [one.result for one in shown_by(name, ready, drawn, **given)]


def shown_by(
    name: str, book: Book, drawn: bool = True, thorough: bool | str = False, **given: Any
) -> list[Shown]:
    """The same, and which of them are for the editor of a cell only; not drawn: without figures.

    Thorough: with what live controls show where they start, too, and every formatted number with
    six digits beside; "moved": with what they show when each is moved alone to its other end.
    """
    found: list[Shown] = []
    tags: list[str] = []

    def show(*things: Any) -> None:
        for thing in things:
            if isinstance(thing, Result):
                told = tuple(block.data() for block in thing.blocks())
                found.append(Shown(thing, "inside" in tags, told))
            elif thing is not None and not isinstance(thing, str):
                thing._repr_mimebundle_()
                also([thing])

    def also(blocks: Iterable[Any]) -> None:
        """What stands between results belongs to the one before."""
        if found:
            told = (*found[-1].told, *(block.data() for block in blocks))
            found[-1] = replace(found[-1], told=told)

    def explored(draw: Any, controls: dict[str, Any], *, static: Any, missing: Any = None) -> None:
        """What a reader without controls sees, the controls, and what they show."""
        if missing is not None and missing.status != "ok":
            return
        also(blocks_of(static))
        if thorough and found:
            starts = {name: start_of(control) for name, control in controls.items()}
            also([Text("; ".join(map(repr, controls.values()))), *blocks_of(draw(**starts))])
            for name, control in controls.items() if thorough == "moved" else ():
                also(blocks_of(draw(**starts | {name: end_of(control)})))

    namespace: dict[str, Any] = {}
    with (
        contextlib.ExitStack() as undrawn,
        mock.patch.dict("os.environ", {"PLAYBOOK_BATCH": "1"}),
        mock.patch.object(Book, "open", lambda *_, **__: book),
        mock.patch("playbook.page.show", show),
        mock.patch("IPython.display.display", lambda *_, **__: None),
        mock.patch("builtins.print", lambda *_, **__: None),
    ):
        if thorough:
            undrawn.enter_context(mock.patch.object(Formats, "text", _exact(Formats.text)))
        for kind in EXPLORERS:
            undrawn.enter_context(mock.patch.object(kind, "explore", explored))
        for cell in _cells(name):
            for kind in () if drawn else _drawing():  # cells import more of them
                undrawn.enter_context(mock.patch.object(kind, "figure", _nothing))
            tags[:] = cell["metadata"].get("tags", ())
            exec(compile("".join(cell["source"]), f"{name}:{cell['id']}", "exec"), namespace)
            if "parameters" in tags:
                namespace |= {"month": str(book.month), **given}
    return found


def _exact(text: Callable[..., str]) -> Callable[..., str]:
    def with_digits(self: Formats, value: Any, *unit: str, **options: Any) -> str:
        made = text(self, value, *unit, **options)
        number = isinstance(value, (int, float, Decimal, np.number)) and not is_missing(value)
        return f"{made}⟨{float(value):.6g}⟩" if number else made

    return with_digits


def blocks_of(thing: Any) -> list[Any]:
    """The blocks of a result, of a list of blocks, of a sentence or of nothing."""
    if isinstance(thing, Result):
        return thing.blocks()
    if isinstance(thing, (list, tuple)):
        return [block for one in thing for block in blocks_of(one)]
    return [] if thing is None else [Text(thing) if isinstance(thing, str) else thing]


def start_of(control: Slider | Choice) -> Any:
    """The value a control begins with."""
    if isinstance(control, Slider):
        return control.start
    first = control.options[0] if control.start is None else control.start
    return first[1] if isinstance(first, tuple) else first


def end_of(control: Slider | Choice) -> Any:
    """The end of a control farther from its start, or its last option that is not the start."""
    if isinstance(control, Slider):
        return max(control.low, control.high, key=lambda end: abs(end - control.start))
    values = [one[1] if isinstance(one, tuple) else one for one in control.options]
    return next((v for v in reversed(values) if v != start_of(control)), start_of(control))


def _nothing(self: Result) -> None:
    """Instead of a figure."""


def _drawing(kind: type = Result) -> list[type]:
    """The kinds of results that draw."""
    own = [kind] if vars(kind).get("figure", _nothing) is not _nothing else []
    return [*own, *(below for one in kind.__subclasses__() for below in _drawing(one))]


def book_results(book: Book | str | Path, month: str = "", drawn: bool = True) -> list[Result]:
    """The results of all five chapters."""
    ready = book if isinstance(book, Book) else Book.open(book, month)
    return [result for name in NOTEBOOKS for result in results_of(name, ready, drawn=drawn)]


def _cells(name: str) -> list[dict]:
    text = (REPO / "notebooks" / f"{name}.ipynb").read_text(encoding="utf-8")
    return [cell for cell in json.loads(text)["cells"] if cell["cell_type"] == "code"]
