"""Opening a book for all processes of a run, before they part ways (see ``ahead``)."""

from __future__ import annotations

import gc
from pathlib import Path

import pandas as pd

from playbook.base.errors import PlaybookError

from . import ahead
from .book import Book
from .lake.opening import in_lake
from .measures.shared import work_out

# Rows of a book whose frames are a few thousand rows each: a chapter's process then keeps its texts
# as Python does and gives its memory back when it ends, in some ten seconds.
SMALL = 300_000


def open_book(path: str, month: str) -> None:
    """Open the book at ``path`` and keep it for processes forked from this one. A book that cannot
    be opened, is read in place or is large is left to whoever needs it; so is one with tables in a
    lake, because forks cannot share a session.
    """
    if in_lake(Path(path)):
        return
    try:
        book = Book.open(path, month)
    except PlaybookError:  # the run checks the book itself and says what is wrong
        return
    rows = sum(int(f["rows"]) for f in book.read.files)
    if book.read.lazy or rows > ahead.MOST_ROWS:
        return
    if rows <= SMALL:
        _for_small_frames()
    ahead.keep(Path(path), book.settings, book.read)
    work_out(book)


def _for_small_frames() -> None:
    """Texts of small frames are quicker as Python objects than as Arrow arrays, and looking for
    cycles of garbage takes longer than a chapter has. Holds for this process and those forked from
    it.
    """
    pd.set_option("mode.string_storage", "python")
    gc.disable()
