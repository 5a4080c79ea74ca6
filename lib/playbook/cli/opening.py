"""Books opened for many packs: checked, frozen, and told apart by month and audience. Runs in a
process of its own, whose memory goes with it.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from playbook.base.errors import PlaybookError, Problem
from playbook.base.language import english

from .app import book_folder
from .waiting import LASTING

if TYPE_CHECKING:
    from datetime import date

    from playbook.data.book import Book
    from playbook.report.batch.asked import AskedBook, AskedPack, Opened, Ready
    from playbook.report.batch.jobs import Snapshot
    from playbook.report.run.pins import Pin
    from playbook.report.run.plan import Source

MOST_FROZEN = 50_000_000  # rows of tables read in place; of more, each chapter asks the files
# What is said of a source that may answer when it is asked again; anything else is wrong in itself.
PASSING = ("the database cannot be read", "the store cannot be read")
WRONG = (*LASTING, "denied", "does not exist", "no such", "unknown", "not found", "syntax")


def source_of(book: Book, path: str) -> Source:
    """What a run has to know of an opened book. path: as it was asked for."""
    from playbook.data.measures.action_log import plain_rows
    from playbook.report.run.plan import Source

    return Source(
        path=path,
        name=book.name,
        title=book.title,
        month=str(book.month),
        as_of=book.as_of,
        currency=book.currency,
        language=book.settings.book.language,
        fingerprint=book.fingerprint,
        settings=book.settings.model_dump(mode="json", by_alias=True),
        files=tuple(book.read.files),
        warnings=tuple(problem.as_dict() for problem in book.warnings),
        actions=plain_rows(book),
        keep=book.settings.report.keep,
    )


def frozen(book: Book, folder: Path) -> Path | None:
    """The book frozen for its day, for processes that must not read its sources again; None for one
    whose rows are too many to copy or on another engine, or where there is no room for the copy.
    The folder is there when it is complete.
    """
    if not _can_freeze(book):
        return None
    part = _copied(book, folder.with_suffix(".part"), (book.as_of,))
    return None if part is None else part.rename(folder)


def _copied(book: Book, folder: Path, days: Sequence[date]) -> Path | None:
    """The book frozen in a folder; None where there is no room for one that can be read in
    place.
    """
    from playbook.data.snapshot import freeze

    try:
        return freeze(book.settings, book.read, folder, days)
    except OSError:
        if not book.read.lazy:
            raise
        shutil.rmtree(folder, ignore_errors=True)
        return None


def pins(read: Any) -> tuple[Pin, ...]:
    """What files that are read in place are at this moment."""
    from playbook.report.run.pins import pin

    return tuple(pin(path, sha) for path, sha in read.in_place)


def open_packs(
    asked: AskedBook, packs: Sequence[AskedPack], home: str, ship: bool, tell: Any = None
) -> Opened:
    """Open a book once for all packs asked of it. home: a folder for what is frozen. ship: whether
    packs are made on other machines, so that everything must be frozen.
    """
    from playbook.data.book import Book
    from playbook.payroll.plans_checked import refuse_plans
    from playbook.report.batch.asked import Opened, months_of

    try:
        book = Book.open(book_folder(asked.path))
        refuse_plans(book)
    except PlaybookError as error:
        return Opened(problems=error.problems, passing=all(map(_may_pass, error.problems)))
    ready: list[Ready] = []
    problems: list[Problem] = []
    days = []
    for month in months_of(asked.months, str(book.month)):
        try:
            days.append(_on(book, month))
        except PlaybookError as error:
            problems += error.problems
    kept: dict[str, Snapshot] = {}
    for number, pack in enumerate(packs):
        try:
            for day in days:
                if pack.variant.audience:
                    home_of = Path(home) / f"{number}-{day.month}"
                    ready += _for_audience(day, pack, asked.path, home_of)
                else:
                    ready.append(_whole(day, days, pack, asked.path, Path(home), ship, kept))
        except PlaybookError as error:
            problems += [problem for problem in error.problems if problem not in problems]
    return Opened(tuple(ready), tuple(problems), fingerprint=book.fingerprint)


def _on(book: Book, month: str) -> Book:
    """The book at the end of a month. Raises ParameterProblem where the data do not reach it."""
    from playbook.data.report_month import choose_month

    return book.at(choose_month(book.read, month).end)


def _whole(
    day: Book,
    days: Sequence[Book],
    pack: AskedPack,
    path: str,
    home: Path,
    ship: bool,
    kept: dict[str, Snapshot],
) -> Ready:
    from playbook.report.batch.asked import Ready
    from playbook.report.batch.jobs import Snapshot

    language = pack.variant.language
    mine = _in(day, language)
    if language not in kept:
        kept[language] = Snapshot()
        if _can_freeze(mine, ship):
            folder = home / f"book-{language}"
            dates = [other.as_of for other in days]
            kept[language] = Snapshot(_copied(mine, folder, dates))
    pinned = pins(mine.read) if kept[language].folder is None else ()
    return Ready(pack, source_of(mine, path), kept[language], pinned=pinned)


def _in(book: Book, language: str) -> Book:
    """The book with numbers, days and pages in another language."""
    if not language or language == book.settings.book.language:
        return book
    own = book.settings.book.model_copy(update={"language": language})
    return replace(book, settings=book.settings.model_copy(update={"book": own}))


def _can_freeze(book: Book, ship: bool = False) -> bool:
    """Whether a book is copied for its chapters; ship: it has to be, where it can be at all."""
    import duckdb

    if not isinstance(book.read.connection, duckdb.DuckDBPyConnection):
        return False
    rows = sum(int(file["rows"]) for file in book.read.files)
    return ship or not book.read.lazy or rows <= MOST_FROZEN


def _for_audience(day: Book, pack: AskedPack, path: str, home: Path) -> list[Ready]:
    """A pack for each part of an audience; pages without notebooks are made here, to be put in
    place later.
    """
    from playbook.audience import packs
    from playbook.data.snapshot import freeze
    from playbook.report.batch.asked import Ready
    from playbook.report.batch.jobs import Snapshot

    found, pay = [], None
    day = _in(day, pack.variant.language)
    for number, part in enumerate(packs.parts_of(day, [pack.variant.audience])):
        source = packs.source_of(part, path)
        if part.is_page:
            if pay is None and part.scope.audience.pay:
                pay = packs.statements_of(day)
            made = packs.write_rep(part, path, home / f"page-{number}", pay)
            found.append(Ready(pack, source, part=part.scope.name, made=made))
            continue
        copy = freeze(part.book.settings, part.book.read, home / f"{number}", (day.as_of,))
        mine = replace(pack, chapters=tuple((n, v) for n, v in pack.chapters if n in part.chapters))
        found.append(
            Ready(
                pack,
                source,
                Snapshot(copy),
                packs.shown_of(part),
                part.scope.name,
                chapters=mine.chapters,
            )
        )
    return found


def _may_pass(problem: Problem) -> bool:
    """Whether asking again may help: the source did not answer, and not because it refused."""
    found = english(problem.found)
    said = found.casefold()
    return found.startswith(PASSING) and not any(words in said for words in WRONG)
