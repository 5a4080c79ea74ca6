"""Opening a book for all processes of a run, before they part ways (see ``ahead``)."""

from __future__ import annotations

import os
import pickle
import time
import traceback
from collections.abc import Callable, Hashable
from dataclasses import replace
from pathlib import Path
from typing import Any

import narwhals as nw

from playbook.base.language import language_of_run, use_language

from . import ahead
from .book import Book
from .measures.facts import degenerate
from .measures.shared import rows_to_share, settle, work_out, work_out_more
from .memo import answers_of
from .report_month import choose_month
from .snapshot import FACTS, is_large, thaw, write

PAUSE = 0.01  # [s] between looks for a snapshot that is still being written


def open_frozen(path: str, month: str, folder: str) -> None:
    """Keep the book at ``path`` as the run's driver freezes it, for processes forked from this one:
    its files are read by the driver alone.

    folder: where the snapshot will be once it is complete. Waited for; a folder without a snapshot
    says that there will be none (a book read in place, or in a lake, whose session forks cannot
    share), and one whose parent is gone that the run is over. A large book is not kept: each
    process opens the snapshot, and gets what was worked out of it once.
    """
    home = Path(folder)
    while not home.exists():
        if not home.parent.exists():
            return
        time.sleep(PAUSE)
    if not (home / FACTS).exists():
        return
    if is_large(home):
        if (found := _in_a_child(lambda: _answers(home, month))) is not None:
            fingerprint, answers = found
            ahead.keep_answers(fingerprint, answers)
        return
    settings, read = thaw(home)
    use_language(language_of_run(settings.book.language))
    _keep(Path(path), Book(settings, read, choose_month(read, month).end))


def _keep(path: Path, book: Book) -> None:
    rows = sum(int(f["rows"]) for f in book.read.files)
    if rows > ahead.MOST_ROWS:
        return
    if ahead.is_small(book.read):
        ahead.for_small_frames()
    ahead.keep(path, book.settings, book.read)
    settle(book)
    work_out_more(book)


def _answers(home: Path, month: str) -> tuple[str, ahead.Answers]:
    """What every chapter asks of a large book: joined rows and others that were kept as files
    beside the snapshot's, counts as they are.
    """
    settings, read = thaw(home)
    use_language(language_of_run(settings.book.language))
    book = Book(settings, read, choose_month(read, month).end)
    rows = {name: _beside(home, name, made) for name, made in rows_to_share(book).items()}
    # from here on they are asked for where they lie
    again = ahead.Answers(book.as_of, {}, rows, dict(book._filled_cache))
    read.connection.close()
    settings, read = ahead.with_answers(home, again)
    book = Book(settings, read, book.as_of)
    work_out(book)
    degenerate(book)
    found = answers_of(book)
    for key, kept in found.items():
        if isinstance(key, tuple) and key[0] == "kept" and key[1] not in rows:
            rows[key[1]] = _beside(home, key[1], read.engine.held(kept))
    answers = {key: value for key, value in found.items() if _plain(key)}
    filled, facts = dict(book._filled_cache), book.facts()
    return read.fingerprint, replace(again, answers=answers, rows=rows, filled=filled, facts=facts)


def _beside(home: Path, name: str, rows: nw.LazyFrame) -> str:
    """Rows as a file beside the snapshot's."""
    write(rows.to_native(), home / f"{name}.parquet")
    return f"{name}.parquet"


SHARED = (
    "monthly",
    "sales",
    "coverage",
    "has_lines",
    "reused_ids",
    "dimensions",
    "repeats",
    "degenerate",
)


def _plain(key: Hashable) -> bool:
    return (key[0] if isinstance(key, tuple) else key) in SHARED


def _in_a_child(make: Callable[[], Any]) -> Any:
    """``make()`` worked out in a process of its own, whose threads and memory end with it; None
    where it failed, for whoever asks works it out again.
    """
    ours, theirs = os.pipe()
    child = os.fork()
    if not child:
        os.close(ours)
        try:
            with os.fdopen(theirs, "wb") as file:
                pickle.dump(make(), file)
        except BaseException:
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    os.close(theirs)
    with os.fdopen(ours, "rb") as file:
        content = file.read()
    _, status = os.waitpid(child, 0)
    return None if status else pickle.loads(content)
