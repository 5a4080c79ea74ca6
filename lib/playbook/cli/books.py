"""Commands about books: ``check``, ``sample``, ``settings``."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from playbook.base.errors import ParameterProblem, PlaybookError, Problem
from playbook.base.language import later

from .app import BookOption, JsonOption, app, book_folder, print_table
from .spoken import say, term

if TYPE_CHECKING:
    from playbook.data.checking import CheckReport


@app.command()
def check(
    book: BookOption = "",
    as_json: Annotated[bool, typer.Option("--json", help="print problems as JSON")] = False,
) -> int:
    """Read a book and print everything wrong with it at once."""
    found = checked(book_folder(book))
    print(json.dumps(found.as_dict(), ensure_ascii=False, indent=1) if as_json else found.text())
    return found.exit_status


def checked(folder: str | Path) -> CheckReport:
    """What is wrong with a book, and between its plans, its people and its order days."""
    from playbook.base.settings import load_settings
    from playbook.base.settings.plan_checks import names_people
    from playbook.data.book import Book
    from playbook.data.checking import check_book
    from playbook.payroll.plans_checked import refuse_plans

    found = check_book(folder)
    if not found.ok or not names_people(load_settings(Path(folder)).commission_plans):
        return found
    try:
        refuse_plans(Book.open(folder))
    except PlaybookError as error:
        return replace(found, problems=(*found.problems, *error.problems))
    return found


@app.command()
def settings(as_json: JsonOption = False) -> None:
    """Every key of playbook.toml with its default and meaning."""
    from playbook.base.settings import REQUIRED, settings_help

    head, rows = later(("key", "default", "meaning")), settings_help()
    if as_json:
        found = [dict(zip(head, row, strict=True)) for row in rows]
        print(json.dumps(found, ensure_ascii=False, indent=1))
    else:
        shown = [
            (key, say(word) if word == REQUIRED else word, term(told)) for key, word, told in rows
        ]
        print_table("playbook.toml", head, shown)


@app.command()
def sample(
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            help="where the sample company's tables are written; in a checkout, data/sample when"
            " not given",
        ),
    ] = None,
) -> None:
    """Write the sample company's tables again, byte for byte."""
    from playbook.base.places import checkout, inside_package, sample_folder
    from playbook.case.story.claim_check import published_figures
    from playbook.simulator.company import write_sample

    if out is None and checkout():
        out = sample_folder()
    if out is None or inside_package(out):
        raise ParameterProblem(
            Problem(
                found=say("no folder to write the sample to") if out is None else f"--out {out}",
                expected=say("a folder of yours, outside the installed package"),
                try_="playbook sample --out sample",
            )
        )
    write_sample(out, published_figures)
    print(out)
