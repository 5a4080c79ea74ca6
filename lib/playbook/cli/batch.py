"""``playbook batch``: many books, months and variants in one command."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from playbook.base.errors import EXIT_BAD_INPUT, EXIT_OK, PlaybookError, Problem
from playbook.base.language import later

from .app import app, message, print_table
from .batches import arrived, batch_told, batch_watched
from .faults import tell_problem
from .logs import LogOption, log_to
from .spoken import joined, plural, say, term

if TYPE_CHECKING:
    from playbook.base.settings.alerts import Alert
    from playbook.base.settings.batch import BatchFile, BatchVariant
    from playbook.report.batch.asked import AskedBook, AskedPack
    from playbook.report.batch.driver import Batch, Options, Row
    from playbook.report.run.plan import Kernels

EXIT_INTERRUPTED = 130  # as shells report an end by Ctrl-C
INTERRUPTED = later(
    "interrupted; packs that were finished are in place, and --resume goes on from there"
)
HEAD = later(("book", "month", "folder", "status", "seconds", "why"))


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
    log: LogOption = "text",
) -> int:
    """Make the packs of many books: all are checked before the first is made, what has not changed
    is not made again, and a book that fails stops no other.
    """
    from playbook.base.settings.batch import load_batch

    log_to(log)
    asked = load_batch(file)
    books = asked_books(asked, file, month)
    kept = Path(out).expanduser() if out else file.parent / Path(asked.out).expanduser()
    options = _options(asked, file, kept, jobs)
    if check:
        return _only_check(books)
    late: list[Problem] = []
    if wait:
        books, late = arrived(books, wait)
    for problem in late:
        tell_problem(problem)
    status = (
        make(books, options, resume=resume, force=force, on=on, alerts=asked.alerts) if books else 0
    )
    return max(status, EXIT_BAD_INPUT if late else EXIT_OK)


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


def asked_books(asked: BatchFile, file: Path, months: Sequence[str] | None) -> list[AskedBook]:
    """What a batch file asks for, everything in it checked: paths, parameters, chapters, notebooks
    and the archive. Raises PlaybookError with all problems at once.
    """
    from playbook.report.batch.asked import AskedBook, found_books
    from playbook.report.run.plan import FOLDER

    problems: list[Problem] = []
    folder = file.parent
    notebooks = folder / Path(asked.notebooks).expanduser() if asked.notebooks else FOLDER
    out = folder / Path(asked.out).expanduser()
    packs = [_pack(one, out, notebooks, problems, str(file)) for one in asked.every_variant]
    found: list[tuple[str, tuple[str, ...]]] = []
    try:
        usual = tuple(_months(months) if months else asked.months)
        given = [(one.path, tuple(one.months) or usual) for one in asked.books]
        given = [(path, usual if months else own) for path, own in given]
        found = found_books(given, folder, str(file))
    except PlaybookError as error:
        problems += error.problems
    if problems:
        raise PlaybookError(list(dict.fromkeys(problems)))
    every = tuple(pack for pack in packs if pack is not None)
    return [AskedBook(path, own, every, str(file)) for path, own in found]


def _pack(
    variant: BatchVariant, out: Path, notebooks: Path, problems: list[Problem], file: str
) -> AskedPack | None:
    """One variant, checked as `playbook report` checks its options."""
    given = {name: _text(value) for name, value in variant.parameters.items()}
    try:
        return asked_pack(
            out=out,
            notebooks=notebooks,
            only=variant.only,
            given=given,
            name=variant.name,
            audience=variant.audience,
            language=variant.language,
            books=variant.books,
        )
    except PlaybookError as error:
        problems += error.problems
        return None


def asked_pack(
    *,
    out: Path,
    notebooks: Path,
    only: Sequence[str] = (),
    given: dict[str, str] | None = None,
    name: str = "",
    audience: str = "",
    language: str = "",
    books: Sequence[str] = (),
) -> AskedPack:
    """A variant of which chapters, parameters, notebooks and the archive are checked. Raises
    ParameterProblem with everything wrong with them.
    """
    from playbook.base.params import NOTEBOOKS
    from playbook.report.batch.asked import AskedPack
    from playbook.report.run import plan

    request = plan.Request(
        "", "", str(out), tuple(only), given or {}, notebooks, name, audience, language
    )
    parameters = plan.check(request)
    return AskedPack(
        tuple(parameters.items()),
        plan.variant_of(request, parameters),
        len(parameters) < len(NOTEBOOKS),
        tuple(books),
    )


def several(books: Sequence[str]) -> bool:
    """Whether more than one book is named: by several paths, or by a glob."""
    import glob

    return len(books) > 1 or any(
        glob.has_magic(path) and not Path(path).expanduser().exists() for path in books
    )


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
        usual = _months(months or ["last"])
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


def _text(value: Any) -> str:
    return (
        {True: "true", False: "false"}.get(value, str(value))
        if isinstance(value, bool)
        else str(value)
    )


def _months(months: Sequence[str]) -> list[str]:
    """Months of the command line, checked as those of a file."""
    from playbook.base.settings import parse
    from playbook.base.settings.batch import BatchBook

    return parse(BatchBook, {"path": ".", "months": list(months)}, "--month").months


def _options(asked: BatchFile, file: Path, out: Path, jobs: int) -> Options:
    from playbook.report.batch.driver import Options
    from playbook.report.run.plan import FOLDER

    notebooks = file.parent / Path(asked.notebooks).expanduser() if asked.notebooks else FOLDER
    return Options(
        out=out,
        name=str(file.resolve()),
        notebooks=notebooks,
        jobs=jobs or asked.jobs,
        time_limit=asked.time_limit,
        retries=asked.retries,
        retry_after=asked.retry_after,
    )


def _runner(on: str) -> Callable[[int], Any] | None:
    """Who makes packs: this machine, or a cluster."""
    if not on:
        return None
    from playbook.engines.dask import runner_on
    from playbook.report.batch.elsewhere import make_sent

    return runner_on(on, make_sent)


def _only_check(books: Sequence[AskedBook]) -> int:
    """Check every book as `playbook check` does; the worst exit status."""
    from playbook.data.checking import check_book

    from .app import book_folder

    worst = 0
    for book in books:
        found = check_book(book_folder(book.path))
        print(f"{book.path}\n{found.text()}\n")
        worst = max(worst, found.exit_status)
    return worst
