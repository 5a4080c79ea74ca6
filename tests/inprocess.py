"""A chapter run in this very process: the notebook's own cells, without kernel, page or files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from unittest import mock

from playbook.base.params import NOTEBOOKS
from playbook.data.book import Book
from playbook.page import Result
from shared import REPO


def results_of(name: str, book: Book | str | Path, month: str = "", **given: Any) -> list[Result]:
    """All results that the cells of notebook ``name`` show for a book and month, in order.

    book: an open book, taken as it is (then ``month`` is not read), or a folder. Errors of a cell
    are raised as they are.
    """
    shown: list[Result] = []

    def show(*things: Any) -> None:
        for thing in things:
            if isinstance(thing, Result):
                for block in thing.blocks():
                    block.data()
                shown.append(thing)

    ready = book if isinstance(book, Book) else Book.open(book, month)
    namespace: dict[str, Any] = {}
    with (
        mock.patch.dict("os.environ", {"PLAYBOOK_BATCH": "1"}),
        mock.patch.object(Book, "open", lambda *_, **__: ready),
        mock.patch("playbook.page.show", show),
        mock.patch("IPython.display.display", lambda *_, **__: None),
        mock.patch("builtins.print", lambda *_, **__: None),
    ):
        for cell in _cells(name):
            exec(compile("".join(cell["source"]), f"{name}:{cell['id']}", "exec"), namespace)
            if "parameters" in cell["metadata"].get("tags", ()):
                namespace |= {"month": str(ready.month), **given}
    return shown


def book_results(book: Book | str | Path, month: str = "") -> list[Result]:
    """The results of all five chapters."""
    ready = book if isinstance(book, Book) else Book.open(book, month)
    return [result for name in NOTEBOOKS for result in results_of(name, ready)]


def _cells(name: str) -> list[dict]:
    text = (REPO / "notebooks" / f"{name}.ipynb").read_text(encoding="utf-8")
    return [cell for cell in json.loads(text)["cells"] if cell["cell_type"] == "code"]
