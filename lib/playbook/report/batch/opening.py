"""The books of a batch opened and checked, all before any pack is made."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from pathlib import Path

from playbook.base.errors import Problem
from playbook.base.language import say

from .asked import AskedBook, AskedPack, Opened, for_book
from .keys import BookInputs, book_inputs
from .look import Look, Row, Watcher, question
from .making import Waiting
from .runner import LocalRunner

# Opens and checks one book for some packs: book, packs, a folder for what it freezes, whether it
# must be frozen because packs are made elsewhere, and whom to tell.
Opener = Callable[..., Opened]


def open_books(
    look: Look,
    left: Sequence[tuple[int, AskedBook, list[AskedPack]]],
    opener: Opener,
    local: LocalRunner,
    watch: Watcher,
    home: Path,
    ship: bool,
) -> list[Waiting]:
    """Every book with packs left, opened and checked; books that cannot be become rows."""
    tries = {number: 0 for number, _, _ in left}
    entries = {number: (book, packs) for number, book, packs in left}
    waiting: list[Waiting] = []
    started: dict[Future[Opened], int] = {}
    again: dict[int, float] = {}

    def start(number: int) -> None:
        book, packs = entries[number]
        folder = str(home / f"book-{number}-{tries[number]}")
        started[local.call(opener, book, packs, folder, ship)] = number

    for number in entries:
        start(number)
    done = 0
    while started or again:
        due = [number for number, at in again.items() if at <= time.monotonic()]
        for number in due:
            del again[number]
            start(number)
        pause = min(again.values()) - time.monotonic() if again else None
        for future in wait(started, timeout=pause, return_when=FIRST_COMPLETED).done:
            number = started.pop(future)
            opened = _result(future)
            if opened.problems and opened.passing and tries[number] < look.options.retries:
                again[number] = time.monotonic() + look.options.retry_after * 2 ** tries[number]
                tries[number] += 1
                continue
            done += 1
            book, packs = entries[number]
            watch.checked(book.label, done, len(entries))
            waiting += _taken(look, number, book, packs, opened)
    return sorted(waiting, key=lambda one: one.order)


def _result(future: Future[Opened]) -> Opened:
    try:
        return future.result()
    except Exception as error:
        last = (str(error).strip().splitlines() or [""])[-1]
        problem = Problem(
            found=say("the book could not be opened: {last}", last=last),
            expected=say("a book that `playbook check` can read"),
            try_=say(
                "run `playbook check` on it alone, and report it if that fails in the same way"
            ),
        )
        return Opened(problems=(problem,))


def _taken(
    look: Look, number: int, book: AskedBook, packs: Sequence[AskedPack], opened: Opened
) -> list[Waiting]:
    """What can be made of an opened book, put on record; a row where nothing can."""
    if book_inputs(book.at, look.hashes) != look.inputs[number]:
        # changed since it was hashed: what was opened is known by its fingerprint only
        look.inputs[number] = BookInputs({}, False)
    if opened.problems:
        look.problems += opened.problems
        said = tuple(str(problem).splitlines()[0] for problem in opened.problems)
        row = Row(book.label, ", ".join(book.months), book.label, "refused", said=said)
        look.rows.append(((number, "", 0), row))
    found = []
    for order, pack in enumerate(for_book(book.packs, book)):
        if pack not in packs:
            continue
        asked = look.asked(number, pack, opened.fingerprint)
        mine = [
            Waiting(ready, (number, ready.source.month, order), asked)
            for ready in opened.ready
            if ready.pack == pack
        ]
        found += mine
        if not opened.problems:
            on_record = [
                {
                    "month": one.month,
                    "name": one.ready.source.name,
                    "folder": one.name,
                    "part": one.ready.part,
                    "before": one.before,
                }
                for one in mine
            ]
            look.receipts.keep(question(book, pack), asked, on_record)
    return found
