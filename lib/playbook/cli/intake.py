"""Commands of the first hour: ``init`` proposes a book, ``tables`` lists the contract."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from playbook.base.errors import EXIT_OK, ParameterProblem, Problem, did_you_mean
from playbook.base.language import later

from .app import JsonOption, app, message, print_table
from .spoken import joined, plural, say, spoken, term
from .toolbox import map_toolbox_book, toolbox_at, write_toolbox_book

if TYPE_CHECKING:
    from playbook.data.table_specs import ColumnSpec


# Kinds of columns, as the contract names them.
KINDS = later(
    (
        "text",
        "day",
        "time",
        "money",
        "number",
        "count",
        "share",
        "score",
        "flag",
        "month",
        "period",
        "year",
    ),
    context="kind",
)


@app.command()
def init(
    paths: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="PATH…",
            help="a folder with exports, files, or a database address; here when not given",
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="where playbook.toml is written; beside the files else"),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="write the proposal without asking")] = False,
    force: Annotated[
        bool, typer.Option("--force", help="replace a playbook.toml that is there")
    ] = False,
    excel: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="write the toolbox workbook, for a team without exports"),
    ] = None,
    language: Annotated[
        str,
        typer.Option(
            metavar="zh|en",
            help="of the toolbox workbook and its report; the terminal's own when not given",
        ),
    ] = "",
) -> int:
    """Look at exports and propose a playbook.toml: which file is which table, column by column.
    With --excel, write a workbook to fill in instead, for teams without exports.
    """
    if excel is not None:
        return write_toolbox_book(excel, language or spoken(), force, bool(paths or out))
    from playbook.intake.proposal import propose
    from playbook.intake.trial import checked

    given = paths or ["."]
    if len(given) == 1 and (known := toolbox_at(Path(given[0]))):
        return map_toolbox_book(*known, out, yes, force)
    files = [Path(path) for path in given if "://" not in path]
    addresses = [path for path in given if "://" in path]
    folder = _folder(files, out)
    target = folder / "playbook.toml"
    if target.exists() and not force:
        raise ParameterProblem(
            Problem(
                found=say("{target} is there already", target=target),
                expected=say("a folder without one"),
                try_=say("edit it; or --force to write it anew; or --out for another folder"),
            )
        )
    proposal = propose(files, folder.resolve(), addresses)
    for line in proposal.summary():
        message(line)
    if not yes and not (
        sys.stdin.isatty() and typer.confirm(say("Write {target}?", target=target), default=True)
    ):
        print(proposal.text)
        message(say("nothing was written; with --yes it is, to {target}", target=target))
        return EXIT_OK
    folder.mkdir(parents=True, exist_ok=True)
    target.write_text(proposal.text, encoding="utf-8")
    trial = checked(proposal, folder)
    if trial.month:
        target.write_text(trial.text, encoding="utf-8")
    print(trial.report.text())
    for line in proposal.outlook(trial.tables):
        message(line)
    if trial.sampled:
        message(
            say(
                "Checked on the first rows of each file, as the files are large;"
                " `playbook check --book {folder}` reads all of them.",
                folder=folder,
            )
        )
    message(
        say(
            "{target}: read it, then `playbook report --book {folder}`",
            target=target,
            folder=folder,
        )
    )
    return trial.report.exit_status


def _folder(files: list[Path], out: Path | None) -> Path:
    """Where the toml is written. Raises ParameterProblem for paths that are not there."""
    missing = [path for path in files if not path.exists()]
    if missing:
        raise ParameterProblem(
            [
                Problem(
                    found=say("no {path}", path=path),
                    expected=say("a folder or file"),
                    try_=say("check the path"),
                )
                for path in missing
            ]
        )
    if out:
        return out
    first = files[0] if files else Path(".")
    return first if first.is_dir() else first.parent


@app.command()
def tables(
    name: Annotated[str, typer.Argument(help="a table, such as orders; all when not given")] = "",
    as_json: JsonOption = False,
) -> None:
    """The tables a book is made of: every column, what it means, its kind, and an example."""
    from playbook.data.tables import TABLES

    if name and name not in TABLES:
        raise ParameterProblem(
            Problem(
                found=say("no table '{name}'", name=name),
                expected=say("a table of the contract"),
                try_=did_you_mean(name, TABLES),
            )
        )
    chosen = [name] if name else list(TABLES)
    rows = [row for table in chosen for row in contract_rows(table)]
    if as_json:
        print(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    for table in chosen:
        mine = [row for row in rows if row["table"] == table]
        needed = sum(row["required"] for row in mine)
        print_table(
            say(
                "{table}: {grain}; {columns} needed of {n}",
                table=table,
                grain=term(TABLES[table].grain),
                columns=plural(needed, "column"),
                n=len(mine),
            ),
            later(("column", "meaning", "kind", "needed", "example", "also called")),
            [
                [
                    row["column"],
                    row["meaning"],
                    say(row["kind"], context="kind"),
                    say("yes") if row["required"] else row["adds"],
                    row["example"],
                    joined(row["known_as"]),
                ]
                for row in mine
            ],
        )


def _meaning(column: ColumnSpec) -> str:
    told = term(column.meaning)
    if not column.choices:
        return told
    return say("{meaning}: {choices}", meaning=told, choices=joined(column.choices))


def contract_rows(name: str) -> list[dict[str, Any]]:
    """Every column of a table, and those that may be given in place of others, as plain JSON."""
    from playbook.data.tables import TABLES
    from playbook.intake.holding import adds
    from playbook.intake.words import raw_words

    table = TABLES[name]
    known = raw_words().get(name, {})
    rows = []
    for column in (*table.columns, *table.inputs):
        called = [w for w in known.get(column.name, []) if not w.endswith("!")]
        english = [w for w in called if w.isascii()][:2]
        chinese = [w for w in called if not w.isascii()][:2]
        rows.append(
            {
                "table": name,
                "column": column.name,
                "meaning": _meaning(column),
                "kind": column.kind,
                "required": column.required,
                "adds": say("in place of others")
                if column in table.inputs
                else joined(adds(name, column.name)[:2]),
                "example": column.example,
                "refers": column.refers or "",
                "choices": list(column.choices),
                "personal": column.personal,
                "known_as": english + chinese,
            }
        )
    return rows
