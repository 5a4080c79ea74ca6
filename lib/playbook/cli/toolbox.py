"""``playbook init`` for the toolbox workbook: writing it, and its playbook.toml."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from playbook.base.errors import EXIT_OK, DataProblem, ParameterProblem, Problem, did_you_mean

from .app import message
from .spoken import joined, say

if TYPE_CHECKING:
    from playbook.intake.toolbox.spec import Language

TOML = "playbook.toml"


def write_toolbox_book(target: Path, language: str, force: bool, others: bool) -> int:
    """Write the empty workbook and the playbook.toml that reads it; returns the exit status.

    Raises ParameterProblem, with every mistake at once: another ending than .xlsx, an unknown
    language, files that are there already, exports or a folder named besides.
    """
    from playbook.intake.toolbox import LANGUAGES, settings_text, write_toolbox

    toml = target.with_name(TOML)
    wrong = []
    if others:
        wrong.append(
            Problem(
                found=say("--excel with exports or --out"),
                expected=say("--excel FILE alone: it looks at no exports"),
                try_=say("two commands, one for each"),
            )
        )
    if target.suffix.lower() != ".xlsx":
        wrong.append(
            Problem(
                found=f"--excel {target}",
                expected=say("a file name ending in .xlsx"),
                try_=f"--excel {target.with_suffix('.xlsx').name}",
            )
        )
    if language not in LANGUAGES:
        wrong.append(
            Problem(
                found=f"--language {language}",
                expected=joined(LANGUAGES, " or "),
                try_=did_you_mean(language, LANGUAGES),
            )
        )
    if target.is_dir() or not force:
        wrong += [_there(path) for path in (target, toml) if path.exists()]
    if wrong:
        raise ParameterProblem(wrong)
    chosen: Language = "zh" if language == "zh" else "en"
    target.parent.mkdir(parents=True, exist_ok=True)
    write_toolbox(target, chosen)
    toml.write_text(settings_text(target.name, chosen), encoding="utf-8")
    message(say("{target}: fill in its sheets; how is said on the first", target=target))
    message(say("{target}: how they are read", target=toml))
    message(
        say(
            "then `playbook check --book {target}` and `playbook report --book {target}`",
            target=target,
        )
    )
    return EXIT_OK


def toolbox_at(path: Path) -> tuple[Path, Language] | None:
    """The workbook and its language, where ``path`` is a toolbox workbook under any name, or a
    folder with nothing else in it but its toml.
    """
    from playbook.data.workbooks import sheet_names
    from playbook.intake.toolbox import language_of

    if path.is_dir():
        inside = [
            p for p in path.iterdir() if p.name != TOML and not p.name.startswith((".", "~$"))
        ]
        return toolbox_at(inside[0]) if len(inside) == 1 and inside[0].is_file() else None
    if path.suffix.lower() != ".xlsx" or not path.is_file():
        return None
    try:
        language = language_of(sheet_names(path, path.name))
    except DataProblem:
        return None
    return (path, language) if language else None


def map_toolbox_book(
    path: Path, language: Language, out: Path | None, yes: bool, force: bool
) -> int:
    """Write the playbook.toml of a toolbox workbook that was renamed or moved, check it, and return
    the exit status. Raises ParameterProblem when one is there, or for another folder.
    """
    from playbook.data.checking import check_book
    from playbook.intake.toolbox import settings_text

    toml = path.with_name(TOML)
    wrong = [_there(toml)] if toml.exists() and not force else []
    if out is not None and out.resolve() != path.parent.resolve():
        wrong.append(
            Problem(
                found=f"--out {out}",
                expected=say("{folder}, where the workbook lies", folder=path.parent),
                try_=say("leave out --out, or copy the workbook there first"),
            )
        )
    if wrong:
        raise ParameterProblem(wrong)
    message(say("{name} is the toolbox workbook ({language})", name=path.name, language=language))
    text = settings_text(path.name, language)
    if not yes:
        print(text)
        message(say("nothing was written; with --yes it is, to {target}", target=toml))
        return EXIT_OK
    toml.write_text(text, encoding="utf-8")
    report = check_book(path)
    print(report.text())
    return report.exit_status


def _there(path: Path) -> Problem:
    return Problem(
        found=say("{path} is there already", path=path),
        expected=say("a name that is free"),
        try_=say("another folder or name; or --force to replace it, with all that was filled in"),
    )
