"""``playbook diff``: what moved between two packs, and why."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from playbook.base.errors import EXIT_OK, refused
from playbook.base.language import later

from .app import JsonOption, app, message, print_table
from .spoken import joined, plural, say, term

if TYPE_CHECKING:
    from playbook.base.formats import Formats
    from playbook.report.record.differences import Differences, Moved

KINDS = later(
    ("month", "audience", "data", "settings", "parameters", "code", "versions")
)  # said by term()
MONTH = re.compile(r"\d{4}-\d{2}")
WORDS = later({"moved": "", "chance": "within chance", "new": "new", "gone": "gone"})


@app.command()
def diff(
    before: Annotated[
        str, typer.Argument(metavar="BEFORE", help="a month (YYYY-MM) or the folder of a pack")
    ],
    after: Annotated[str, typer.Argument(metavar="AFTER", help="the one to compare with it")],
    book: Annotated[
        str,
        typer.Option(
            metavar="NAME", help="which pack of the months, when the archive holds several"
        ),
    ] = "",
    out: Annotated[str, typer.Option(metavar="DIR", help="where packs are kept")] = "reports",
    every: Annotated[
        bool, typer.Option("--all", help="also rates of two months that moved within chance")
    ] = False,
    as_json: JsonOption = False,
) -> int:
    """Every number that moved between two packs by more than noise, and what was different in what
    they were made from: data, settings, parameters, code.
    """
    from playbook.report.record.differences import differences

    archive = Path(out).expanduser()
    found = differences(_folder(before, book, archive), _folder(after, book, archive))
    if as_json:
        print(json.dumps(found.as_dict(), ensure_ascii=False, indent=1))
        return EXIT_OK
    _print(found, every)
    return EXIT_OK


def _folder(text: str, book: str, archive: Path) -> Path:
    """The folder of a pack named by its month or by itself."""
    if not MONTH.fullmatch(text) or (Path(text) / "manifest.json").is_file():
        return Path(text).expanduser()
    there = sorted(path.parent.name for path in archive.glob(f"{text}/*/manifest.json"))
    there = [name for name in there if not name.startswith(".")]
    if book:
        return archive / text / book
    full = [name for name in there if "." not in name]
    if len(full) != 1:
        raise refused(
            say("{n} packs of {month} in {folder}", n=len(full), month=text, folder=archive)
            if full
            else say("no packs of {month} in {folder}", month=text, folder=archive),
            say("one pack, or the name of one"),
            say("--book with one of: {names}", names=joined(there))
            if there
            else say("another month, or --out"),
        )
    return archive / text / full[0]


def _print(found: Differences, every: bool) -> None:
    from playbook.base.formats import Formats

    fmt = Formats(found.currency, found.language)
    shown = [one for one in found.moved if every or one.way != "chance"]
    print_table(
        f"{found.before} → {found.after}",
        later(("number", "window", "by", "before", "after", "change", "")),
        [_cells(one, fmt) for one in shown],
    )
    print_table(
        say("Why: what the packs were made from"),
        later(("kind", "what", "before", "after")),
        [(term(c.kind), c.what, c.before, c.after) for c in found.causes],
    )
    hidden = sum(one.way == "chance" for one in found.moved)
    counted = plural(sum(one.way == "moved" for one in found.moved), "number")
    why = joined(map(term, found.kinds)) or say("nothing that is on record")
    parts: dict[str, Any] = {"numbers": counted, "all": found.compared, "why": why}
    message(
        say(
            "{numbers} of {all} moved, {hidden} more within chance; different: {why}",
            **parts,
            hidden=hidden,
        )
        if hidden
        else say("{numbers} of {all} moved; different: {why}", **parts)
    )


def _cells(one: Moved, fmt: Formats) -> list[str]:
    unit = "share" if one.unit == "pp" else one.unit
    change = "" if one.change is None else fmt.text(one.change, _change_unit(one), sign=True)
    return [
        one.name,
        one.window,
        one.by,
        fmt.text(one.before, unit),
        fmt.text(one.after, unit),
        change,
        term(WORDS[one.way]),
    ]


def _change_unit(one: Moved) -> str:
    """Shares move in points."""
    return "pp" if one.unit == "share" else one.unit
