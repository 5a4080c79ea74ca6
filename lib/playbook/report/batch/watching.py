"""How a batch is watched: one display for all packs on a terminal, a line per pack elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TextIO

from playbook.base.language import language, later, say, speaking, term

from .look import Row, Watcher

STATUSES = later(("ok", "same", "failed", "refused", "broken"))  # said by term()
MARKS = {"ok": "✓", "same": "=", "failed": "✗", "refused": "✗", "broken": "✗"}


class Lines:
    """One line per book checked and per pack finished, for logs."""

    def __init__(self, stream: TextIO, spoken: str):
        self.stream, self.spoken = stream, spoken

    def checked(self, book: str, done: int, total: int) -> None:
        with speaking(self.spoken):
            line = say("[{done}/{total}] {book}: checked", done=done, total=total, book=book)
        print(line, file=self.stream, flush=True)

    def began(self, label: str, total: int) -> None:
        """Said when it is finished."""

    def cell(self, label: str, notebook: str, done: int, total: int) -> None:
        """Cells are too many for a log."""

    def finished(self, row: Row, done: int, total: int) -> None:
        why = f": {row.said[0]}" if row.said else ""
        with speaking(self.spoken):
            status = say("{status}, {seconds:.1f} s", status=term(row.status), seconds=row.seconds)
        line = f"[{done}/{total}] {row.month} {row.folder}: {status}{why}"
        print(line, file=self.stream, flush=True)


class Bars:
    """A bar for the batch and one per pack under way, which moves with its cells."""

    def __init__(self, progress: Any, spoken: str):
        self.progress, self.spoken = progress, spoken
        with speaking(spoken):
            self.all = progress.add_task(say("checking books"), total=None)
        self.packs: dict[str, Any] = {}
        self.cells: dict[str, dict[str, tuple[int, int]]] = {}

    def checked(self, book: str, done: int, total: int) -> None:
        self.progress.update(self.all, completed=done, total=total)

    def began(self, label: str, total: int) -> None:
        self.packs[label] = self.progress.add_task(f"  {label}", total=total)
        self.cells[label] = {}

    def cell(self, label: str, notebook: str, done: int, total: int) -> None:
        if label in self.packs:
            self.cells[label][notebook] = (done, total)
            made = sum(d / t for d, t in self.cells[label].values() if t)
            self.progress.update(self.packs[label], completed=made)

    def finished(self, row: Row, done: int, total: int) -> None:
        from rich.text import Text

        label = f"{row.month}/{row.folder}"
        if label in self.packs:
            self.progress.remove_task(self.packs.pop(label))
        with speaking(self.spoken):
            packs, status = say("packs"), term(row.status)
            seconds = say("{seconds:.1f} s", seconds=row.seconds)
        self.progress.update(self.all, description=packs, completed=done, total=total)
        why = f"  {row.said[0]}" if row.said else ""
        line = f"{MARKS[row.status]} {label}  {status}  {seconds}{why}"
        self.progress.console.print(Text(line), soft_wrap=True)


@contextmanager
def watching(stream: TextIO | None = None, spoken: str | None = None) -> Iterator[Watcher]:
    """The watcher that suits ``stream`` (standard error when not given), in the language
    ``spoken`` on the terminal, whatever that of the books is.
    """
    stream, spoken = stream or sys.stderr, spoken or language()
    if not stream.isatty():
        yield Lines(stream, spoken)
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(file=stream), transient=True) as progress:
        yield Bars(progress, spoken)
