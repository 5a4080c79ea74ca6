"""Opening a book for all processes of a run, before they part ways (see ``ahead``)."""

from __future__ import annotations

import gc
import time
from pathlib import Path

import pandas as pd

from playbook.base.language import language_of_run, use_language

from . import ahead
from .book import Book
from .measures.shared import work_out
from .report_month import choose_month
from .snapshot import FACTS, thaw

# Rows of a book whose frames are a few thousand rows each: a chapter's process then keeps its texts
# as Python does and gives its memory back when it ends, in some ten seconds.
SMALL = 300_000
PAUSE = 0.01  # [s] between looks for a snapshot that is still being written


def open_frozen(path: str, month: str, folder: str) -> None:
    """Keep the book at ``path`` as the run's driver freezes it, for processes forked from this one:
    its files are read by the driver alone.

    folder: where the snapshot will be once it is complete. Waited for; a folder without a snapshot
    says that there will be none (a book read in place, or in a lake, whose session forks cannot
    share), and one whose parent is gone that the run is over. A large book is not kept: each
    process opens the snapshot.
    """
    home = Path(folder)
    while not home.exists():
        if not home.parent.exists():
            return
        time.sleep(PAUSE)
    if not (home / FACTS).exists():
        return
    settings, read = thaw(home)
    use_language(language_of_run(settings.book.language))
    _keep(Path(path), Book(settings, read, choose_month(read, month).end))


def _keep(path: Path, book: Book) -> None:
    rows = sum(int(f["rows"]) for f in book.read.files)
    if book.read.lazy or rows > ahead.MOST_ROWS:
        return
    if rows <= SMALL:
        _for_small_frames()
    ahead.keep(path, book.settings, book.read)
    work_out(book)


def _for_small_frames() -> None:
    """Texts of small frames are quicker as Python objects than as Arrow arrays, and looking for
    cycles of garbage takes longer than a chapter has. Holds for this process and those forked from
    it.
    """
    pd.set_option("mode.string_storage", "python")
    gc.disable()
