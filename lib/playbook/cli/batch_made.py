"""A batch that runs: its packs are made, and what became of each is told."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from playbook.base.errors import PlaybookError, Problem
from playbook.base.language import later

from .app import message, print_table
from .batch_asked import asked_pack, months_of
from .batches import batch_told, batch_watched
from .faults import tell_problem
from .spoken import joined, plural, say, term

if TYPE_CHECKING:
    from playbook.base.settings.alerts import Alert
    from playbook.report.batch.asked import AskedBook, AskedPack
    from playbook.report.batch.driver import Batch, Options, Row
    from playbook.report.run.plan import Kernels

EXIT_INTERRUPTED = 130  # as shells report an end by Ctrl-C
INTERRUPTED = later(
    "interrupted; packs that were finished are in place, and --resume goes on from there"
)
HEAD = later(("book", "month", "folder", "status", "seconds", "why"))


def make(
    books: Sequence[AskedBook],
    options: Options,
    *,
    resume: bool,
    force: bool,
    on: str = "",
    alerts: Sequence[Alert] = (),
) -> int:
    """Run a batch, print its table, and return the exit status."""
    from dataclasses import replace

    from playbook.report.batch.driver import run_batch
    from playbook.report.batch.watching import watching

    from .opening import open_packs

    options = replace(options, resume=resume, force=force)
    runner = _runner(on)

    def warm() -> None:
        from playbook.report.run.run import warm_up

        warm_up(sorted(options.notebooks.glob("*.ipynb")))

    try:
        name = Path(options.name).stem or "batch"
        with batch_watched(options.out, name, books, watching, alerts) as (watch, said):
            done = run_batch(books, options, open_packs, watch, runner, warm)
            batch_told(said, done.rows)
    except KeyboardInterrupt:
        message(say(INTERRUPTED))
        raise SystemExit(EXIT_INTERRUPTED) from None
    tell(done, options.out)
    return done.exit_status


def tell(done: Batch, out: Path) -> None:
    """Print what became of every pack, and the problems of books that could not be opened."""

    for problem in dict.fromkeys(done.problems):
        tell_problem(problem)
    print_table(say("Packs in {folder}", folder=out), HEAD, map(_cells, done.rows))
    counts = {row.status: sum(r.status == row.status for r in done.rows) for row in done.rows}
    parts = joined(
        say("{count} {status}", count=count, status=term(status))
        for status, count in counts.items()
    )
    message(
        say(
            "{packs}: {parts}; {seconds:.1f} s",
            packs=plural(len(done.rows), "pack"),
            parts=parts,
            seconds=done.seconds,
        )
    )


def _cells(row: Row) -> list[str]:
    return [
        row.book,
        row.month,
        row.folder,
        term(row.status),
        f"{row.seconds:.1f}",
        "\n".join(row.said),
    ]


def make_several(
    paths: Sequence[str],
    *,
    out: str,
    months: Sequence[str],
    jobs: int,
    force: bool,
    notebooks: Path | None,
    only: Sequence[str],
    parameter: Sequence[str],
    audiences: Sequence[str],
    time_limit: float,
    kernels: Kernels,
) -> int:
    """`playbook report` for several books: a batch of them, with the options of one."""
    from playbook.report.batch.asked import AskedBook, found_books
    from playbook.report.batch.driver import Options
    from playbook.report.run import plan

    kept, folder = Path(out).expanduser(), notebooks or plan.FOLDER
    problems: list[Problem] = []
    packs: list[AskedPack] = []
    found: list[tuple[str, tuple[str, ...]]] = []
    try:
        given = plan.split(parameter)
        packs = [
            asked_pack(out=kept, notebooks=folder, only=only, given=given, audience=audience)
            for audience in audiences
        ]
    except PlaybookError as error:
        problems += error.problems
    try:
        usual = months_of(months or ["last"])
        found = found_books([(path, usual) for path in paths], Path())
    except PlaybookError as error:
        problems += error.problems
    if problems:
        raise PlaybookError(problems)
    books = [AskedBook(path, own, tuple(packs)) for path, own in found]
    options = Options(
        out=kept,
        name=" ".join(map(str, paths)),
        notebooks=folder,
        jobs=jobs,
        kernels=kernels,
        time_limit=time_limit,
    )
    return make(books, options, resume=False, force=force)


def _runner(on: str) -> Callable[[int], Any] | None:
    """Who makes packs: this machine, or a cluster."""
    if not on:
        return None
    from playbook.engines.dask import runner_on
    from playbook.report.batch.elsewhere import make_sent

    return runner_on(on, make_sent)
