"""The command line. Thin: each command asks the rooms below and prints what they say. Heavy imports
wait until a command needs them.
"""

from __future__ import annotations

import errno
import json
import os
import signal
import sys
import tempfile
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, get_args

import typer

from playbook.base.errors import EXIT_BAD_INPUT, EXIT_INTERNAL, EXIT_OK, PlaybookError, Problem
from playbook.report.run.lean import block_slow_imports, one_thread_each

from . import __version__

if TYPE_CHECKING:
    from playbook.report.run.plan import Source, Wish

EXIT_INTERRUPTED, EXIT_TERMINATED = 130, 143  # as shells report an end by Ctrl-C and by kill
SAMPLE = Path(__file__).resolve().parents[2] / "data" / "sample"

app = typer.Typer(
    name="playbook",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="From a folder of sales tables to a monthly pack of five chapters, as PDF and HTML.",
)

BookOption = Annotated[
    str,
    typer.Option(
        "--book", metavar="DIR", help="folder with playbook.toml; the sample company when not given"
    ),
]


def main() -> None:
    """Entry point: every error ends as a message and an exit status, never as a traceback on the
    screen.
    """
    block_slow_imports()
    one_thread_each()
    signal.signal(
        signal.SIGTERM, lambda *_: sys.exit(EXIT_TERMINATED)
    )  # unwinds, so that a run cleans up
    try:
        status = app(standalone_mode=False)
    except PlaybookError as error:
        _print_problems(error.problems)
        status = EXIT_BAD_INPUT
    except (KeyboardInterrupt, typer.Abort):
        _say("interrupted; what was there before is untouched")
        status = EXIT_INTERRUPTED
    except Exception as error:
        status = _refused(error) or _internal(error)
    sys.stdout.flush()
    sys.exit(status or EXIT_OK)


# -- commands


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
        typer.Option(metavar="NAME", help="one notebook, such as goal-setting; may be repeated"),
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

    wish = plan.Wish(
        book, month, out, tuple(only or ()), plan.split(parameter or ()), notebooks or plan.FOLDER
    )
    if not stock_kernels:
        run.warm_up(sorted(wish.folder.glob("*.ipynb")))
    parameters, source = _checked(wish)
    made = plan.make(
        wish,
        parameters,
        source,
        workers=jobs,
        kernels="stock" if stock_kernels else "forked",
        time_limit=time_limit,
    )
    with progress.watching([job.name for job in made.jobs]) as watch:
        done = run.run(made, watch)
    failed = [outcome for outcome in done.outcomes if outcome.error]
    for outcome in failed:
        _say(f"{outcome.told}\n  traceback: {done.target / (outcome.name + '.log')}")
    _say(
        f"{len(done.outcomes) - len(failed)} of {len(done.outcomes)} notebooks ok,"
        f" {done.seconds:.1f} s"
    )
    print(done.pdf)
    return done.exit_status


@app.command()
def check(
    book: BookOption = "",
    as_json: Annotated[bool, typer.Option("--json", help="print problems as JSON")] = False,
) -> int:
    """Read a book and print everything wrong with it at once."""
    from playbook.data.checking import check_book

    found = check_book(_path(book))
    print(json.dumps(found.as_dict(), ensure_ascii=False, indent=1) if as_json else found.text())
    return found.exit_status


@app.command()
def params(
    name: Annotated[
        str,
        typer.Argument(
            help="a notebook, such as 01-goal-setting or goal-setting; all when not given"
        ),
    ] = "",
    as_json: Annotated[bool, typer.Option("--json", help="print as JSON")] = False,
) -> None:
    """Parameters of a notebook: name, type, default, meaning [unit]."""
    from playbook.base.params import NOTEBOOKS
    from playbook.report.run.plan import choose

    found = {
        notebook: _parameters(NOTEBOOKS[notebook])
        for notebook in choose([name] if name else [], asked="notebook ")
    }
    if as_json:
        print(json.dumps(found, ensure_ascii=False, indent=1))
        return
    for notebook, rows in found.items():
        _table(
            notebook,
            ("name", "type", "default", "meaning"),
            [[row["name"], row["type"], repr(row["default"]), row["meaning"]] for row in rows],
        )


@app.command()
def settings(
    as_json: Annotated[bool, typer.Option("--json", help="print as JSON")] = False,
) -> None:
    """Every key of playbook.toml with its default and meaning."""
    from playbook.base.settings import settings_help

    rows = settings_help()
    if as_json:
        print(
            json.dumps(
                [dict(zip(("key", "default", "meaning"), row, strict=True)) for row in rows],
                ensure_ascii=False,
                indent=1,
            )
        )
    else:
        _table("playbook.toml", ("key", "default", "meaning"), rows)


@app.command()
def clean(
    files: Annotated[
        list[Path] | None, typer.Argument(help="notebooks; the playbook's own when not given")
    ] = None,
    only_check: Annotated[
        bool, typer.Option("--check", help="change nothing; status 1 when something is not clean")
    ] = False,
) -> int:
    """Strip notebooks for storing: no outputs but the check cell's, no metadata but tags."""
    from playbook.report.run.plan import FOLDER
    from playbook.report.strip import clean as strip

    changed = strip(files or sorted(FOLDER.glob("*.ipynb")), check=only_check)
    for path in changed:
        print(f"{'not clean' if only_check else 'cleaned'}: {path}")
    return 1 if only_check and changed else EXIT_OK


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def lab(context: typer.Context) -> None:
    """Open the notebooks in JupyterLab; further options go to it."""
    from playbook.report.run.plan import FOLDER

    sys.stdout.flush()
    os.execv(
        sys.executable,
        [sys.executable, "-m", "jupyterlab", f"--notebook-dir={FOLDER}", *context.args],
    )


@app.command()
def sample(
    out: Annotated[
        Path, typer.Option(metavar="DIR", help="where the sample company's tables are written")
    ] = SAMPLE,
) -> None:
    """Write the sample company's tables again, byte for byte."""
    from playbook.case.claim_check import published_figures
    from playbook.simulator.company import write_sample

    write_sample(out, published_figures)
    print(out)


@app.command()
def version() -> None:
    """The version of the playbook."""
    print(__version__)


# -- asking the rooms


def _checked(wish: Wish) -> tuple[dict[str, dict[str, Any]], Source]:
    """Parameters and the book, both checked, with the problems of both told together."""
    from playbook.report.run import plan

    problems: list[Problem] = []
    parameters, source = None, None
    try:
        parameters = plan.check(wish)
    except PlaybookError as error:
        problems += error.problems
    try:
        source = _source(wish)
    except PlaybookError as error:
        problems += [problem for problem in error.problems if problem not in problems]
    if problems or parameters is None or source is None:
        raise PlaybookError(problems)
    return parameters, source


def _source(wish: Wish) -> Source:
    """What the run has to know of the book."""
    from playbook.data.book import Book
    from playbook.report.run.plan import Source

    opened = Book.open(_path(wish.book), wish.month)
    return Source(
        path=wish.book,
        name=opened.name,
        title=opened.title,
        month=str(opened.month),
        as_of=opened.as_of,
        currency=opened.currency,
        language=opened.settings.book.language,
        fingerprint=opened.fingerprint,
        settings=opened.settings.model_dump(mode="json", by_alias=True),
        files=tuple(opened.read.files),
        warnings=tuple(problem.as_dict() for problem in opened.warnings),
    )


def _path(book: str) -> Path:
    return Path(book).expanduser() if book else SAMPLE


def _parameters(model: Any) -> list[dict[str, Any]]:
    def kind(annotation: Any) -> str:
        options = get_args(annotation)
        return " | ".join(map(repr, options)) if options else annotation.__name__

    return [
        {
            "name": name,
            "type": kind(field.annotation),
            "default": field.default,
            "meaning": field.description,
        }
        for name, field in model.model_fields.items()
    ]


# -- saying it


def _say(text: str) -> None:
    print(text, file=sys.stderr)


def _print_problems(problems: tuple[Problem, ...]) -> None:
    for problem in problems:
        _say(f"{problem}\n")
    _say(f"{_count(len(problems), 'problem')}; nothing was run")


def _refused(error: Exception) -> int | None:
    """The status of a mistake on the command line itself, told as the parser tells it."""
    show = getattr(error, "show", None)
    if show is None or not hasattr(error, "exit_code"):
        return None
    show()
    return EXIT_BAD_INPUT


def _internal(error: Exception) -> int:
    """One line on the screen, the traceback in a file; a disk without room has no fault to report."""
    last = str(error).strip().splitlines()[-1:] or [""]
    if any(f"[Errno {number}]" in last[0] for number in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)):
        _say(
            f"no room to write: {last[0]}\n  nothing was put in place; free space where --out and"
            f" the temporary folder ({tempfile.gettempdir()}) lie, and run again"
        )
        return EXIT_INTERNAL
    with tempfile.NamedTemporaryFile(
        "w", prefix="playbook-", suffix=".log", delete=False, encoding="utf-8"
    ) as file:
        file.write("".join(traceback.format_exception(error)))
    _say(
        f"internal error, please report it: {type(error).__name__}: {last[0]}\n  traceback:"
        f" {file.name}"
    )
    return EXIT_INTERNAL


def _count(n: int, what: str) -> str:
    return f"{n} {what}{'' if n == 1 else 's'}"


def _table(title: str, head: tuple[str, ...], rows: Any) -> None:
    """A plain table as wide as the terminal; unbroken rows when the output goes to a file."""
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(title=Text(title, style="bold"), title_justify="left", box=box.SIMPLE_HEAD)
    for name in head:
        table.add_column(name, overflow="fold")
    for row in rows:
        table.add_row(*(Text(str(cell)) for cell in row))
    Console(width=None if sys.stdout.isatty() else 200).print(table)


if __name__ == "__main__":
    main()
