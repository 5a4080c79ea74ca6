"""Commands about pay: ``pay close``, ``pay status``, ``pay statements``, ``pay plan``."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from playbook.base.errors import EXIT_OK, ParameterProblem, Problem
from playbook.base.language import later

from .app import BookOption, JsonOption, app, book_folder, message, print_table
from .spoken import plural, say

HEAD = later(
    ("month", "reps paid", "earned", "closed months", "adjustments", "paid", "carried", "seal")
)
pay = typer.Typer(
    no_args_is_help=True,
    help="Close a month of pay, print statements and the plan document.",
)
app.add_typer(pay, name="pay")

MonthOption = Annotated[
    str,
    typer.Option(
        "--month",
        metavar="YYYY-MM",
        help="the month; the last one closed in the data when not given",
    ),
]


def _refuse_sample(book: str) -> None:
    """The sample company's folder belongs to the installation: nothing is frozen in it."""
    if not book:
        raise ParameterProblem(
            Problem(
                found=say("no --book"),
                expected=say("the folder of a book of yours, in which the month is kept"),
                try_=say(
                    "playbook pay close --book FOLDER --month YYYY-MM; --preview shows the sample"
                ),
            )
        )


@pay.command("close")
def close(
    book: BookOption = "",
    month: MonthOption = "",
    preview: Annotated[
        bool, typer.Option("--preview", help="show what would be closed; nothing is written")
    ] = False,
    finished: Annotated[
        bool,
        typer.Option("--finished", help="the month is over although the data end before its end"),
    ] = False,
) -> int:
    """Close a month: write its payroll and freeze it; late changes are paid with the next close."""
    from playbook.data.book import Book
    from playbook.payroll.approval import approval, as_text
    from playbook.payroll.approval_page import NAME, approval_pdf
    from playbook.payroll.close import close_month, closing, payroll_folder

    if not preview:
        _refuse_sample(book)
    opened = Book.open(book_folder(book), month)
    folder = payroll_folder(book_folder(book), opened.settings)
    if preview:
        print(as_text(approval(closing(opened, folder, finished=finished))))
        message(say("nothing was written; without --preview the month is closed"))
        return EXIT_OK
    found, place = close_month(
        opened, folder, finished=finished, pages=lambda made: {NAME: approval_pdf(made)}
    )
    print(as_text(approval(found)))
    message(say("closed and frozen: {place}", place=place))
    return EXIT_OK


@pay.command("status")
def status(book: BookOption = "", as_json: JsonOption = False) -> int:
    """Which months are closed, each checked against its checksums, and which comes next."""
    from playbook.base.settings import load_settings
    from playbook.payroll.close import payroll_folder
    from playbook.payroll.status import status as status_of

    settings = load_settings(book_folder(book))
    found = status_of(payroll_folder(book_folder(book), settings), settings.formats)
    rows = found.rows()
    if as_json:
        print(json.dumps({"next": found.next_month, "months": rows}, ensure_ascii=False, indent=1))
        return EXIT_OK
    if not rows:
        print(say("no month is closed in {folder}", folder=found.folder))
        return EXIT_OK
    head = ("month", "reps", "earned", "prior", "adjustments", "payable", "carried_out", "checksum")
    print_table(
        say("Closed months in {folder}", folder=found.folder),
        later(
            (
                "month",
                "reps paid",
                "earned",
                "closed months",
                "adjustments",
                "paid",
                "carried",
                "seal",
            )
        ),
        [[row[key] for key in head] for row in rows],
    )
    print(
        say(
            "all as they were frozen; next: playbook pay close --month {month}",
            month=found.next_month,
        )
    )
    return EXIT_OK


@pay.command("statements")
def statements(
    book: BookOption = "",
    month: MonthOption = "",
    out: Annotated[
        str,
        typer.Option(
            metavar="DIR", help="where they are written; `statements` beside the closed months else"
        ),
    ] = "",
    rep: Annotated[
        list[str] | None, typer.Option(metavar="REP_ID", help="only for this rep; may be repeated")
    ] = None,
) -> int:
    """Print one statement per rep, each in a folder of its own: of a closed month as it was frozen,
    of another as a draft."""
    from pathlib import Path

    from playbook.base.settings import load_settings
    from playbook.payroll.close import payroll_folder
    from playbook.payroll.months_of_pay import pay_of_month
    from playbook.payroll.statements import write_statements

    if not out:
        _refuse_sample(book)
    place = book_folder(book)
    folder = payroll_folder(place, load_settings(place))
    pay_of = pay_of_month(place, folder, month)
    target = Path(out).expanduser() if out else folder / "statements"
    made = write_statements(pay_of, target, rep or ())
    folder = target / str(pay_of.month)
    count = plural(len(made), "statement")
    print(
        say(
            "{statements} in {folder}, drafts: the month is not closed",
            statements=count,
            folder=folder,
        )
        if pay_of.draft
        else say("{statements} in {folder}", statements=count, folder=folder)
    )
    return EXIT_OK


@pay.command("plan")
def plan(
    book: BookOption = "",
    name: Annotated[
        str, typer.Option("--plan", metavar="NAME", help="only this plan; all when not given")
    ] = "",
    out: Annotated[
        str, typer.Option(metavar="DIR", help="where they are written; here when not given")
    ] = ".",
) -> int:
    """Print the document of each commission plan, for signing."""
    from pathlib import Path

    from playbook.base.settings import load_settings
    from playbook.payroll.plan_document import write_plans

    for file in write_plans(load_settings(book_folder(book)), Path(out).expanduser(), name):
        print(file)
    return EXIT_OK
