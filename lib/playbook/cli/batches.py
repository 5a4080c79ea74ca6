"""What a batch has beside its packs: late sources, its log, the record of its packs, whom they go
to.
"""

from __future__ import annotations

import contextlib
import functools
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from playbook import __version__
from playbook.base.errors import PlaybookError, Problem

from . import clock
from .app import message
from .faults import tell_problem
from .logs import in_json, log_event
from .recording import Recorded, recorded, tell_alerts, written
from .spoken import say, spoken
from .waiting import last_closed, late_sources, refuse_zone, told_late

if TYPE_CHECKING:
    from datetime import datetime

    from playbook.base.settings.alerts import Alert
    from playbook.deliver.targets import Target
    from playbook.deliver.waiting import Late
    from playbook.report.batch.asked import AskedBook
    from playbook.report.batch.look import Row, Watcher

    Alerts = Callable[[str], Sequence[Alert]]

LAST = "last"


def arrived(
    books: Sequence[AskedBook], limit: str, zone: str = ""
) -> tuple[list[AskedBook], list[Problem]]:
    """Books whose sources reach the end of the last month that is over, waited for at most as long
    as ``limit`` says, and what is to be said of the others: they stop nobody.

    Only books that ask for their last month wait; it is written into what they ask for. zone: where
    it must be over, for books that name none.
    """
    from playbook.deliver.schedule.job import span
    from playbook.deliver.waiting import wait, waited_in_vain

    seconds = span(limit, "--wait")
    waiting = {book.path: book for book in books if any(LAST in m for m in book.months)}
    refuse_zone(zone)
    months = {path: last_closed(book.at, zone) for path, book in waiting.items()}
    ready: dict[str, AskedBook] = {}
    wrong: list[Problem] = []

    def look() -> list[Late]:
        late: list[Late] = []
        for path in [path for path in waiting if path not in ready]:
            try:
                found = late_sources(waiting[path].at, months[path])
            except PlaybookError:  # wrong in itself: the batch says so in its table
                found = []
            late += [replace(one, table=f"{path}: {one.table}") for one in found]
            if not found:
                ready[path] = _asked_by_month(waiting[path], str(months[path]))
        return late

    ended = wait(
        look,
        seconds,
        clock=clock.now,
        sleep=clock.sleep,
        say=lambda late, waited: told_late("batch", LAST, late, waited, seconds),
    )
    if not ended.arrived:
        late = [path for path in waiting if path not in ready]
        wrong = [waited_in_vain(path, months[path], ended) for path in late]
    if ended.seconds >= 1:
        message(say("{n} of {all} books are there", n=len(ready), all=len(waiting)))
    chosen = [ready.get(book.path, book) for book in books]
    return [book for book in chosen if book.path not in waiting or book.path in ready], wrong


def _asked_by_month(book: AskedBook, month: str) -> AskedBook:
    """A book asked for its last month by the month's name."""
    return replace(book, months=tuple(text.replace(LAST, month) for text in book.months))


class RecordingWatcher:
    """Watches a batch beside another watcher: every pack made goes on record as it ends."""

    def __init__(self, inner: Watcher, out: Path, alerts: Alerts):
        self.inner, self.out, self.alerts = inner, out, alerts
        self.begun: dict[str, tuple[int | None, datetime]] = {}

    def checked(self, book: str, done: int, total: int) -> None:
        self.inner.checked(book, done, total)

    def began(self, label: str, total: int) -> None:
        from playbook.deliver import runs

        started = clock.now()
        month, _, folder = label.partition("/")
        number = written(
            self.out,
            lambda connection: runs.begin(
                connection,
                kind="pack",
                book=folder.partition(".")[0],
                month=month,
                started=started,
                version=__version__,
            ),
        )
        self.begun[label] = (number, started)
        self.inner.began(label, total)

    def cell(self, label: str, notebook: str, done: int, total: int) -> None:
        self.inner.cell(label, notebook, done, total)

    def finished(self, row: Row, done: int, total: int) -> None:
        number, started = self.begun.pop(f"{row.month}/{row.folder}", (None, None))
        self.inner.finished(row, done, total)
        if number is None or started is None:
            return
        from playbook.deliver import runs

        said = told_of(row)
        if row.target is not None and row.status in ("ok", "failed"):
            said.alerts = self._alerts(row.target, row.book)
        now = clock.now()
        wall = (now - started).total_seconds()
        written(
            self.out,
            lambda connection: runs.end(
                connection, number, ended=now, wall=wall, cpu=None, peak_mb=None, **vars(said)
            ),
        )

    def _alerts(self, pack: Path, book: str) -> tuple[str, ...]:
        """Alerts of a pack, told. What is wrong with them is told too, and stops no other pack."""
        try:
            return tuple(one.text for one in tell_alerts(pack, self.alerts(book)))
        except (PlaybookError, OSError, ValueError, KeyError) as error:
            why = (str(error).strip().splitlines() or [""])[0]
            message(say("alerts of {folder} cannot be judged: {why}", folder=pack, why=why))
            return ()


def told_of(row: Row) -> Recorded:
    """What goes on record of a pack of a batch."""
    from playbook.deliver import runs
    from playbook.report.record.manifest import NAME

    status = {"ok": runs.OK, "same": runs.OK, "refused": runs.REFUSED}.get(row.status, runs.FAILED)
    said = Recorded(
        row.book,
        row.month,
        row.folder.removeprefix(row.book).removeprefix("."),
        status,
        reason="" if status == runs.OK else (row.said[0] if row.said else row.status),
        folder=str(row.target or ""),
    )
    with contextlib.suppress(OSError, ValueError, TypeError, KeyError):
        made = json.loads((Path(str(row.target)) / NAME).read_text(encoding="utf-8"))
        said.outputs = {name: output["sha256"] for name, output in made["outputs"].items()}
        said.failed = tuple(
            " › ".join(part for part in (one["name"], (one["error"] or {}).get("section")) if part)
            for one in made["notebooks"]
            if one["status"] != "ok"
        )
    return said


class JsonBatch:
    """Watches a batch for ``--log json``: one event per book checked and pack finished."""

    def checked(self, book: str, done: int, total: int) -> None:
        log_event("checked", book=book, done=done, of=total)

    def began(self, label: str, total: int) -> None:
        month, _, folder = label.partition("/")
        log_event("started", kind="pack", folder=folder, month=month)

    def cell(self, label: str, notebook: str, done: int, total: int) -> None:
        """Cells are too many for a log."""

    def finished(self, row: Row, done: int, total: int) -> None:
        log_event(
            "finished",
            kind="pack",
            book=row.book,
            month=row.month,
            folder=row.folder,
            status=row.status,
            seconds=round(row.seconds, 3),
            done=done,
            of=total,
        )


@contextlib.contextmanager
def batch_watched(
    out: Path, name: str, books: Sequence[AskedBook], plain: Any, alerts: Sequence[Alert] = ()
) -> Iterator[tuple[RecordingWatcher, Recorded]]:
    """Who watches a batch, and what the batch says of itself for the record. plain: makes the
    watcher for people. alerts: of the batch file, for every book beside its own.
    """

    @functools.cache
    def own() -> dict[str, Sequence[Alert]]:
        from playbook.base.settings import load_settings

        found: dict[str, Sequence[Alert]] = {}
        for book in books:
            with contextlib.suppress(PlaybookError, OSError):  # such a book is a row of the table
                settings = load_settings(book.at)
                found[settings.book.name] = settings.alerts
        return found

    def of_book(name: str) -> Sequence[Alert]:
        return [*alerts, *own().get(name, ())]

    with recorded("batch", out, name) as said:
        inner = contextlib.nullcontext(JsonBatch()) if in_json() else plain(spoken=spoken())
        with inner as watch:
            yield RecordingWatcher(watch, out, of_book), said


def batch_told(said: Recorded, rows: Sequence[Row]) -> None:
    """Put on record how a batch ended."""
    from playbook.deliver import runs

    bad = [row for row in rows if row.status not in ("ok", "same")]
    said.status = runs.FAILED if bad else runs.OK
    said.failed = tuple(f"{row.month}/{row.folder or row.book}: {row.status}" for row in bad)


def targets_of_batch(path: Path, month: str, out: str) -> tuple[list[Target], Path]:
    """The packs of every book of a batch file, and the archive. Settings of the file go before a
    book's own. A book without a pack is told and left out. Raises PlaybookError where none has one.
    """
    from playbook.base.settings.batch import load_batch
    from playbook.deliver.targets import of_book
    from playbook.report.batch.asked import found_books

    asked = load_batch(path)
    kept = Path(out).expanduser() if out else path.parent / Path(asked.out).expanduser()
    found: list[Target] = []
    missing: list[tuple[str, PlaybookError]] = []
    for book, _ in found_books([(one.path, ()) for one in asked.books], path.parent, str(path)):
        try:
            target = of_book(Path(book).expanduser(), kept, month)
        except PlaybookError as error:
            missing.append((book, error))
            continue
        watched = (*asked.alerts, *target.watched)
        if asked.deliver.to:
            mine = asked.deliver.for_book(target.book)
            target = replace(target, settings=mine, home=path.parent.absolute())
        found.append(replace(target, watched=watched))
    problems = [
        replace(one.problems[0], file=one.problems[0].file or book) for book, one in missing
    ]
    if not found:
        raise PlaybookError(problems)
    for problem in problems:
        tell_problem(problem)
    return found, kept
