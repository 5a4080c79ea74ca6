"""``playbook report``: a book's month as a pack."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from playbook.base.errors import PlaybookError, Problem

from .app import BookOption, app, book_folder, message

if TYPE_CHECKING:
    from playbook.report.run.plan import Request, Source


@app.command()
def report(
    book: BookOption = "",
    month: Annotated[
        str,
        typer.Option(
            metavar="YYYY-MM", help="report month; the last one closed in the data when not given"
        ),
    ] = "",
    out: Annotated[str, typer.Option(metavar="DIR", help="where reports are kept")] = "reports",
    only: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME",
            help="one notebook, such as goal-setting; may be repeated. Goes to a folder of its own"
            " (BOOK.only-01), beside the pack of all five",
        ),
    ] = None,
    jobs: Annotated[
        int, typer.Option(min=1, max=64, help="notebooks executed at the same time")
    ] = 2,
    parameter: Annotated[
        list[str] | None,
        typer.Option(
            "-p", "--parameter", metavar="NAME=VALUE", help="a notebook parameter; may be repeated"
        ),
    ] = None,
    time_limit: Annotated[
        float, typer.Option(min=1, metavar="SECONDS", help="longest time one notebook may take")
    ] = 1800,
    notebooks: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR", help="folder of the notebooks; the playbook's own when not given"
        ),
    ] = None,
    stock_kernels: Annotated[
        bool,
        typer.Option(
            "--stock-kernels", help="start every kernel anew instead of from a prepared process"
        ),
    ] = False,
) -> int:
    """Run a book's month: check everything, execute the notebooks, write the pack."""
    from playbook.report.run import plan, progress, run

    request = plan.Request(
        book, month, out, tuple(only or ()), plan.split(parameter or ()), notebooks or plan.FOLDER
    )
    if not stock_kernels:
        at = str(Path(book_folder(book)).expanduser().resolve())
        ready = ("playbook.data.opening:open_book", at, month)
        run.warm_up(sorted(request.folder.glob("*.ipynb")), ready)
    parameters, source = _checked(request)
    planned = plan.make(
        request,
        parameters,
        source,
        workers=jobs,
        kernels="stock" if stock_kernels else "forked",
        time_limit=time_limit,
    )
    with progress.watching([job.name for job in planned.jobs]) as watch:
        done = run.run(planned, watch)
    failed = [outcome for outcome in done.outcomes if outcome.error]
    for outcome in failed:
        message(f"{outcome.message}\n  traceback: {done.target / (outcome.name + '.log')}")
    message(
        f"{len(done.outcomes) - len(failed)} of {len(done.outcomes)} notebooks ok,"
        f" {done.seconds:.1f} s"
    )
    print(done.pdf)
    return done.exit_status


def _checked(request: Request) -> tuple[dict[str, dict[str, Any]], Source]:
    """Parameters and the book, both checked; raises PlaybookError with the problems of both."""
    from playbook.report.run import plan

    problems: list[Problem] = []
    parameters, source = None, None
    try:
        parameters = plan.check(request)
    except PlaybookError as error:
        problems += error.problems
    try:
        source = _source(request)
    except PlaybookError as error:
        problems += [problem for problem in error.problems if problem not in problems]
    if problems or parameters is None or source is None:
        raise PlaybookError(problems)
    return parameters, source


def _source(request: Request) -> Source:
    """What the run has to know of the book."""
    from playbook.data.book import Book
    from playbook.data.measures.action_log import plain_rows
    from playbook.report.run.plan import Source

    opened = Book.open(book_folder(request.book), request.month)
    return Source(
        path=request.book,
        name=opened.name,
        title=opened.title,
        month=str(opened.month),
        as_of=opened.as_of,
        currency=opened.currency,
        language=request.language or opened.settings.book.language,
        fingerprint=opened.fingerprint,
        settings=opened.settings.model_dump(mode="json", by_alias=True),
        files=tuple(opened.read.files),
        warnings=tuple(problem.as_dict() for problem in opened.warnings),
        actions=plain_rows(opened),
        keep=opened.settings.report.keep,
    )
