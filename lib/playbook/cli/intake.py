"""Commands of the first hour: ``init`` proposes a book, ``tables`` lists the contract."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from playbook.base.errors import EXIT_OK, ParameterProblem, Problem, did_you_mean

from .app import JsonOption, app, message, print_table


@app.command()
def init(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="PATH…", help="a folder with exports, or files; here when not given"
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
) -> int:
    """Look at exports and propose a playbook.toml: which file is which table, column by column."""
    from playbook.data.checking import check_book
    from playbook.intake.proposal import propose

    given = paths or [Path(".")]
    missing = [path for path in given if not path.exists()]
    if missing:
        raise ParameterProblem(
            [
                Problem(found=f"no {path}", expected="a folder or file", try_="check the path")
                for path in missing
            ]
        )
    folder = out or (given[0] if given[0].is_dir() else given[0].parent)
    target = folder / "playbook.toml"
    if target.exists() and not force:
        raise ParameterProblem(
            Problem(
                found=f"{target} is there already",
                expected="a folder without one",
                try_="edit it; or --force to write it anew; or --out for another folder",
            )
        )
    proposal = propose(given, folder.resolve())
    for line in proposal.summary():
        message(line)
    if not yes and not (sys.stdin.isatty() and typer.confirm(f"Write {target}?", default=True)):
        print(proposal.text)
        message(f"nothing was written; with --yes it is, to {target}")
        return EXIT_OK
    folder.mkdir(parents=True, exist_ok=True)
    target.write_text(proposal.text, encoding="utf-8")
    found = check_book(folder)
    print(found.text())
    message(f"{target}: read it, then `playbook report --book {folder}`")
    return found.exit_status


@app.command()
def tables(
    name: Annotated[str, typer.Argument(help="a table, such as orders; all when not given")] = "",
    as_json: JsonOption = False,
) -> None:
    """The tables a book is made of: every column, its kind, and whether it is required."""
    from playbook.data.tables import TABLES
    from playbook.intake.headers import words

    if name and name not in TABLES:
        raise ParameterProblem(
            Problem(
                found=f"no table '{name}'",
                expected="a table of the contract",
                try_=did_you_mean(name, TABLES),
            )
        )
    chosen = [TABLES[name]] if name else list(TABLES.values())
    rows: list[dict[str, Any]] = [
        {
            "table": table.name,
            "column": column.name,
            "kind": column.kind,
            "meaning": column.meaning,
            "example": column.example,
            "required": column.required,
            "refers": column.refers or "",
            "choices": list(column.choices),
            "known_as": [
                w
                for w, trust in words().get(table.name, {}).get(column.name, {}).items()
                if trust == 1
            ][1:6],
        }
        for table in chosen
        for column in (*table.columns, *table.inputs)
    ]
    if as_json:
        print(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    for table in chosen:
        print_table(
            f"{table.name}: {table.grain}",
            ("column", "kind", "required", "meaning", "example", "one of, or rows of", "known as"),
            [
                [
                    r["column"],
                    r["kind"],
                    "yes" if r["required"] else "",
                    r["meaning"],
                    r["example"],
                    ", ".join(r["choices"]) or r["refers"],
                    ", ".join(r["known_as"]),
                ]
                for r in rows
                if r["table"] == table.name
            ],
        )
