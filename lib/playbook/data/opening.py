"""Opening a book for all processes of a run, before they part ways (see ``ahead``)."""

from __future__ import annotations

from pathlib import Path

from playbook.base.errors import PlaybookError

from . import ahead
from .book import Book
from .measures.shared import work_out


def open_book(path: str, month: str) -> None:
    """Open the book at ``path`` and keep it for processes forked from this one. A book that cannot
    be opened, is read in place or is large is left to whoever needs it.
    """
    try:
        book = Book.open(path, month)
    except PlaybookError:  # the run checks the book itself and says what is wrong
        return
    if book.read.lazy or sum(int(f["rows"]) for f in book.read.files) > ahead.MOST_ROWS:
        return
    ahead.keep(Path(path), book.settings, book.read)
    work_out(book)
