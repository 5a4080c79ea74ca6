"""``playbook report``: a book's month as a pack."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from playbook.base.errors import EXIT_OK, PlaybookError, Problem, refused

from .app import BooksOption, LanguageOption, app, book_folder, message, speak
from .batch_asked import several
from .batch_made import make_several
from .logs import JsonWatcher, LogOption, in_json, log_to
from .opening import frozen, pins, source_of
from .recording import Recorded, recorded, tell
from .spoken import say, spoken
from .waiting import ZoneOption, wait_for_sources

if TYPE_CHECKING:
    from playbook.data.book import Book
    from playbook.report.run.plan import Kernels, Plan, Request, Source


@app.command()
def report(
    books: BooksOption = None,
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
    audience: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME",
            help="a pack for an audience of playbook.toml, from the rows it may see and nothing"
            " else; may be repeated; all = every one",
        ),
    ] = None,
    language: LanguageOption = "",
    wait: Annotated[
        str,
        typer.Option(
            metavar="6h",
            help="wait so long for sources that do not reach the month's end yet; the month is the"
            " last one over today when not given",
        ),
    ] = "",
    zone: ZoneOption = "",
    force: Annotated[
        bool, typer.Option("--force", help="make the pack again although nothing has changed")
    ] = False,
    log: LogOption = "text",
) -> int:
    """Run a book's month: check everything, execute the notebooks, write the pack. Where nothing
    has changed since it was made, the pack that is there is the answer.
    """
    from .unchanged import Asked

    log_to(log)
    speak(language)
    if several(books or []):
        if wait:
            raise refused(
                say("--wait beside several books"),
                say("one book to wait for"),
                "playbook batch",
            )
        return make_several(
            books or [],
            out=out,
            months=[month] if month else [],
            jobs=jobs,
            force=force,
            notebooks=notebooks,
            only=only or (),
            parameter=parameter or (),
            audiences=audience or [""],
            time_limit=time_limit,
            kernels="stock" if stock_kernels else "forked",
        )
    book = (books or [""])[0]
    from playbook.report.batch.asked import other_language
    from playbook.report.run import plan

    with recorded("report", Path(out).expanduser(), book_folder(book).name, month) as said:
        if wait:
            month = wait_for_sources(book_folder(book), month, wait, zone)
        request = plan.Request(
            book,
            month,
            out,
            tuple(only or ()),
            plan.split(parameter or ()),
            notebooks or plan.FOLDER,
            language=other_language(language, str(book_folder(book))),
        )
        if audience:
            from .audiences import make_packs

            kernels: Kernels = "stock" if stock_kernels else "forked"
            status = make_packs(
                request, audience, workers=jobs, kernels=kernels, time_limit=time_limit
            )
            said.status = "ok" if status == EXIT_OK else "failed"
            said.variant = f"for-{','.join(audience)}"
            return status
        asked = Asked(request, force)
        if (there := asked.there()) is not None:
            return _same(there, said)
        from playbook.report.batch.jobs import CHAPTERS, HIDDEN
        from playbook.report.run import processes, progress, run

        with processes.runtime_folder() as home:
            frozen_at = home / "book"
            if not stock_kernels:
                at = str(Path(book_folder(book)).expanduser().resolve())
                ready = ("playbook.data.opening:open_frozen", at, month, str(frozen_at))
                run.warm_up(sorted(request.folder.glob("*.ipynb")), ready)
            parameters, source, opened = _checked(request)
            planned = plan.make(
                request,
                parameters,
                source,
                workers=jobs,
                kernels="stock" if stock_kernels else "forked",
                time_limit=time_limit,
            )
            planned = replace(
                planned,
                snapshot=frozen(opened, frozen_at),
                pinned=pins(opened.read),
                kept=planned.out / HIDDEN / CHAPTERS,
                anew=force,
            )
            if planned.snapshot is None:
                frozen_at.mkdir()  # whoever waits for it need not
            with _watching(planned, progress.watching) as watch:
                done = run.run(planned, watch, key=asked.key(planned))
        if done.exit_status == EXIT_OK:
            asked.made(planned)
        failed = [outcome for outcome in done.outcomes if outcome.error]
        for outcome in failed:
            if not in_json():  # there the notebook's own event says it, without the cause
                message(
                    say(
                        "{message}\n  traceback: {file}",
                        message=outcome.message,
                        file=done.target / (outcome.name + ".log"),
                    )
                )
        message(
            say(
                "{ok} of {all} notebooks ok, {seconds:.1f} s",
                ok=len(done.outcomes) - len(failed),
                all=len(done.outcomes),
                seconds=done.seconds,
            )
        )
        tell(said, planned, done)
        print(done.pdf)
        return done.exit_status


def _same(there: Path, said: Recorded) -> int:
    """Nothing has changed: the pack that is there is told as a run would."""
    from playbook.report.record.folders import to_open

    month, name = there.parts[-2:]
    said.book, said.month, said.variant = name.partition(".")[0], month, name.partition(".")[2]
    said.status, said.folder = "ok", str(there)
    said.reason = "nothing has changed"
    message(say("nothing has changed since this pack was made; --force makes it again"))
    print(to_open(there))
    return EXIT_OK


def _watching(planned: Plan, bars: Callable[..., Any]) -> Any:
    """Whoever watches the run: bars or lines for people, events for collectors."""
    if in_json():
        return contextlib.nullcontext(JsonWatcher(planned.source.name))
    return bars([job.name for job in planned.jobs], spoken=spoken())


def _checked(request: Request) -> tuple[dict[str, dict[str, Any]], Source, Book]:
    """Parameters and the book, both checked; raises PlaybookError with the problems of both."""
    from playbook.data.book import Book
    from playbook.payroll.plans_checked import refuse_plans
    from playbook.report.run import plan

    problems: list[Problem] = []
    parameters, source, opened = None, None, None
    try:
        parameters = plan.check(request)
    except PlaybookError as error:
        problems += error.problems
    try:
        opened = Book.open(book_folder(request.book), request.month)
        refuse_plans(opened)
        source = source_of(opened, request.book)
        opened.read.engine.let_go()  # a cluster's cores are for the chapters now
    except PlaybookError as error:
        problems += [problem for problem in error.problems if problem not in problems]
    if problems or parameters is None or source is None or opened is None:
        raise PlaybookError(problems)
    return parameters, source, opened


def _source(request: Request) -> Source:
    """What the run has to know of the book."""
    from playbook.data.book import Book

    return source_of(Book.open(book_folder(request.book), request.month), request.book)
