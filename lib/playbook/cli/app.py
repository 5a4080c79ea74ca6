"""The commands' common part: the application they register with, options several of them take, and
how each of their tables and messages is printed. Light, so that ``--help`` comes at once.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from .spoken import say, term

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
        "--book",
        metavar="DIR",
        help="folder with playbook.toml, or a workbook with one beside it; the sample company when"
        " not given",
    ),
]
BooksOption = Annotated[
    list[str] | None,
    typer.Option(
        "--book",
        metavar="DIR",
        help="folder with playbook.toml, or a workbook with one beside it; may be repeated, or be a"
        " glob, for many books at once; the sample company when not given",
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="print as JSON")]


LanguageOption = Annotated[
    str,
    typer.Option(
        "--language", metavar="en|zh", help="language of the pages; the book's own when not given"
    ),
]


def speak(language: str) -> str:
    """Make books that are opened from now on, here and in processes begun here, speak the language
    asked for; English, and nothing done, where none was. Raises ParameterProblem for one there is
    not.
    """
    from playbook.base.language import VARIABLE

    refuse_language(language)
    if language:
        os.environ[VARIABLE] = language
    return language or "en"


def refuse_language(language: str) -> None:
    """Raise ParameterProblem for a language that is asked for and is none of ours."""
    from playbook.base.errors import did_you_mean, refused
    from playbook.base.language import LANGUAGES

    if language and language not in LANGUAGES:
        raise refused(f"--language {language}", say("en or zh"), did_you_mean(language, LANGUAGES))


def book_folder(book: str) -> Path:
    """The folder ``--book`` names; the sample company's when it is empty."""
    from playbook.base.places import sample_folder

    return Path(book).expanduser() if book else sample_folder()


_said_by: Callable[[str], None] | None = None  # how messages are told where not as plain text


def say_by(way: Callable[[str], None] | None) -> None:
    """Tell messages another way than as plain text; None = as plain text."""
    global _said_by
    _said_by = way


def is_said_by(way: Callable[[str], None]) -> bool:
    """Whether messages are told this way."""
    return _said_by is way


def message(text: str) -> None:
    """Print to standard error, where it does not mix with what a command prints for programs."""
    if _said_by is not None:
        _said_by(text)
    else:
        print(text, file=sys.stderr)


def any_text(*streams: Any) -> None:
    """Make streams take texts of every script: what their encoding has no sign for is written as an
    escape instead of ending the run. On Windows, pipes and files are UTF-8 unless somebody asked
    for another encoding.
    """
    asked = os.environ.get("PYTHONIOENCODING") or os.environ.get("PYTHONUTF8")
    for stream in streams:
        if not hasattr(stream, "reconfigure"):
            continue
        if sys.platform == "win32" and not asked and not stream.isatty():
            stream.reconfigure(encoding="utf-8")
        stream.reconfigure(errors="backslashreplace")


def print_table(title: str, head: tuple[str, ...], rows: Any) -> None:
    """A plain table as wide as the terminal; unbroken rows when the output goes to a file. head:
    words of ours, marked with ``later``, which are said here.
    """
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(title=Text(title, style="bold"), title_justify="left", box=box.SIMPLE_HEAD)
    for name in head:
        table.add_column(term(name), overflow="fold")
    for row in rows:
        table.add_row(*(Text(str(cell)) for cell in row))
    Console(width=None if sys.stdout.isatty() else 200).print(table)
