"""``playbook batch``: many books, months and variants in one command."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from playbook.base.errors import EXIT_BAD_INPUT, EXIT_OK, Problem

from .app import app
from .batch_asked import asked_books, batch_options
from .batch_made import make
from .batches import arrived
from .faults import tell_problem
from .logs import LogOption, log_to
from .waiting import ZoneOption

if TYPE_CHECKING:
    from playbook.report.batch.asked import AskedBook


@app.command()
def batch(
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE",
            help='a TOML file: books = ["regions/*"] is enough; months, out, jobs, notebooks,'
            " retries, [[books]] (path, months) and [[variants]] (name, audience, only,"
            " parameters, language, books) if need be",
        ),
    ],
    out: Annotated[
        str, typer.Option(metavar="DIR", help="where packs are kept, in place of the file's out")
    ] = "",
    month: Annotated[
        list[str] | None,
        typer.Option(
            metavar="MONTHS",
            help="YYYY-MM, YYYY-MM..YYYY-MM, last or YYYY-MM..last, in place of the file's; may be"
            " repeated",
        ),
    ] = None,
    jobs: Annotated[
        int, typer.Option(min=0, max=64, help="packs made at the same time, in place of the file's")
    ] = 0,
    on: Annotated[
        str,
        typer.Option(metavar="WHERE", help="who makes the packs: dask://HOST:PORT or local:N"),
    ] = "",
    resume: Annotated[
        bool,
        typer.Option(
            "--resume", help="go on with a batch that was killed: what it finished is kept"
        ),
    ] = False,
    force: Annotated[
        bool, typer.Option("--force", help="make packs again although nothing has changed")
    ] = False,
    check: Annotated[
        bool, typer.Option("--check", help="check file, books and months, and make nothing")
    ] = False,
    wait: Annotated[
        str,
        typer.Option(
            metavar="6h",
            help="wait so long for sources that do not reach the end of the last month over today;"
            " a book whose sources are later than that is left out and told",
        ),
    ] = "",
    zone: ZoneOption = "",
    log: LogOption = "text",
) -> int:
    """Make the packs of many books: all are checked before the first is made, what has not changed
    is not made again, and a book that fails stops no other.
    """
    from playbook.base.settings.batch import load_batch

    log_to(log)
    asked = load_batch(file)
    kept = Path(out).expanduser() if out else file.parent / Path(asked.out).expanduser()
    books = asked_books(asked, file, month, kept)
    options = batch_options(asked, file, kept, jobs)
    if check:
        return _only_check(books)
    late: list[Problem] = []
    if wait:
        books, late = arrived(books, wait, zone)
    for problem in late:
        tell_problem(problem)
    status = (
        make(books, options, resume=resume, force=force, on=on, alerts=asked.alerts) if books else 0
    )
    return max(status, EXIT_BAD_INPUT if late else EXIT_OK)


def _only_check(books: Sequence[AskedBook]) -> int:
    """Check every book as `playbook check` does; the worst exit status."""
    from .app import book_folder
    from .books import checked

    worst = 0
    for book in books:
        found = checked(book_folder(book.path))
        print(f"{book.path}\n{found.text()}\n")
        worst = max(worst, found.exit_status)
    return worst
