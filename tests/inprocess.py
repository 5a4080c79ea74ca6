"""A chapter run in this very process: the notebook's own cells, without kernel, page or files."""

from __future__ import annotations

import contextlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

from playbook.base.params import NOTEBOOKS
from playbook.data.book import Book
from playbook.page import Result
from shared import REPO


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


def shown_by(name: str, book: Book, drawn: bool = True, **given: Any) -> list[Shown]:
    """The same, and which of them are for the editor of a cell only; not drawn: without figures."""
    found: list[Shown] = []
    tags: list[str] = []

    def show(*things: Any) -> None:
        for thing in things:
            if isinstance(thing, Result):
                told = tuple(block.data() for block in thing.blocks())
                found.append(Shown(thing, "inside" in tags, told))
            elif thing is not None and not isinstance(thing, str):
                thing._repr_mimebundle_()

    namespace: dict[str, Any] = {}
    with (
        contextlib.ExitStack() as undrawn,
        mock.patch.dict("os.environ", {"PLAYBOOK_BATCH": "1"}),
        mock.patch.object(Book, "open", lambda *_, **__: book),
        mock.patch("playbook.page.show", show),
        mock.patch("IPython.display.display", lambda *_, **__: None),
        mock.patch("builtins.print", lambda *_, **__: None),
    ):
        for cell in _cells(name):
            for kind in () if drawn else _drawing():  # cells import more of them
                undrawn.enter_context(mock.patch.object(kind, "figure", _nothing))
            tags[:] = cell["metadata"].get("tags", ())
            exec(compile("".join(cell["source"]), f"{name}:{cell['id']}", "exec"), namespace)
            if "parameters" in tags:
                namespace |= {"month": str(book.month), **given}
    return found


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
