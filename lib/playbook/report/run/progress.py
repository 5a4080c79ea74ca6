"""How a run is watched: two levels of bars on a terminal, plain lines anywhere else."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TextIO

from playbook.base.language import language, say, speaking
from playbook.report.record.results import Outcome


class Lines:
    """One line per finished notebook, for logs."""

    def __init__(self, names: Sequence[str], stream: TextIO, spoken: str):
        self.names, self.stream, self.spoken, self.done = names, stream, spoken, 0

    def cell(self, name: str, done: int, total: int) -> None:
        """Cells are too many for a log."""

    def finished(self, outcome: Outcome) -> None:
        self.done += 1
        with speaking(self.spoken):
            line = (
                outcome.message
                if outcome.error
                else say(
                    "{name}: ok, {cells} cells in {seconds:.1f} s",
                    name=outcome.name,
                    cells=len(outcome.cells),
                    seconds=outcome.seconds,
                )
            )
        print(f"[{self.done}/{len(self.names)}] {line}", file=self.stream, flush=True)

    def printing(self) -> None:
        with speaking(self.spoken):
            print(say("printing the pack"), file=self.stream, flush=True)


class Bars:
    """A bar for the report and one per notebook under way."""

    def __init__(self, names: Sequence[str], progress: Any, spoken: str):
        self.progress, self.names, self.spoken = progress, names, spoken
        self.total = progress.add_task("report", total=len(names) + 1)
        self.tasks: dict[str, Any] = {}

    def cell(self, name: str, done: int, total: int) -> None:
        if name not in self.tasks:
            self.tasks[name] = self.progress.add_task(f"  {name}", total=total)
        self.progress.update(self.tasks[name], completed=done, total=total)

    def finished(self, outcome: Outcome) -> None:
        if outcome.name in self.tasks:
            self.progress.remove_task(self.tasks.pop(outcome.name))
        line = (
            f"[red]✗[/red] {_plain(outcome.message)}"
            if outcome.error
            else f"[green]✓[/green] {outcome.name}  {outcome.seconds:.1f} s"
        )
        self.progress.console.print(line, highlight=False, soft_wrap=True)
        self.progress.advance(self.total)

    def printing(self) -> None:
        with speaking(self.spoken):
            self.progress.update(self.total, description=say("printing"))


@contextmanager
def watching(
    names: Sequence[str], stream: TextIO | None = None, spoken: str | None = None
) -> Iterator[Lines | Bars]:
    """The watcher that suits ``stream`` (standard error when not given). It says what it says in
    ``spoken``, the language of the terminal, not in that of the pages being made.
    """
    stream, spoken = stream or sys.stderr, spoken or language()
    if not stream.isatty():
        yield Lines(names, stream, spoken)
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(file=stream), transient=True) as progress:
        yield Bars(names, progress, spoken)


def _plain(text: str) -> str:
    """Brackets of a message are its own, not rich's markup."""
    from rich.markup import escape

    return escape(text)
