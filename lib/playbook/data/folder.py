"""Files of a book's folder that need no mapping: those, and sheets, named after a table of the
contract.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from playbook.base import action_log
from playbook.base.errors import DataProblem, Problem, did_you_mean
from playbook.base.formats import listing
from playbook.base.language import english, say
from playbook.base.settings import Settings

from . import workbooks
from .opened import kind_of, stem_of
from .sources import KNOWN_SUFFIXES
from .tables import TABLES

ACTION_LOG = "action_log"


@dataclass(frozen=True)
class Found:
    """A file (or a sheet of it) that is a table by its name."""

    table: str
    path: Path
    sheet: str = ""

    @property
    def label(self) -> str:
        return f"{self.path.name}, sheet {self.sheet}" if self.sheet else self.path.name


def discover(folder: Path, settings: Settings) -> tuple[list[Found], list[Problem]]:
    """Tables given by file or sheet name; problems for two files of one table, and for names that
    look like a slip.
    """
    used = {(folder / source.file).resolve() for source in settings.sources.values() if source.file}
    found: list[Found] = []
    problems: list[Problem] = []
    for path in sorted(folder.iterdir()) if folder.is_dir() else []:
        if (
            kind_of(path) not in KNOWN_SUFFIXES
            or not path.is_file()
            or path.name.startswith((".", "~$"))
            or path.resolve() in used
        ):
            continue
        try:
            hits = _tables_of(path)
        except DataProblem as problem:
            problems += problem.problems if _table(stem_of(path)) else ()
            continue
        found += hits
        problems += _slip(path) if not hits else []
    return _one_each(found, settings, problems)


def _tables_of(path: Path) -> list[Found]:
    if kind_of(path) not in workbooks.SUFFIXES:
        return [Found(table, path)] if (table := _table(stem_of(path))) else []
    sheets = workbooks.sheet_names(path, path.name)
    hits = [Found(table, path, sheet) for sheet in sheets if (table := _table(sheet))]
    log = [hit for hit in hits if hit.table == ACTION_LOG]
    if log:  # a workbook of a pack: its other sheets are results, whatever they are called
        return log
    if not hits and (table := _table(path.stem)) and sheets:
        hits = [Found(table, path, sheets[0])]
    return hits


def _table(name: str) -> str | None:
    if name.strip().casefold() in action_log.sheets():  # in the language of its pack
        return ACTION_LOG
    plain = re.sub(r"[\s-]+", "_", name.strip()).casefold()
    return plain if plain in TABLES else None


def _slip(path: Path) -> list[Problem]:
    hint = did_you_mean(stem_of(path).casefold(), TABLES)
    if not english(hint).startswith("did you mean"):
        return []
    return [
        Problem(
            found=say("the file is not used"),
            expected=say("a file named after a table, or named by a source"),
            try_=hint,
            severity="warning",
            file=path.name,
        )
    ]


def _one_each(
    found: list[Found], settings: Settings, problems: list[Problem]
) -> tuple[list[Found], list[Problem]]:
    chosen = []
    for table in TABLES:
        hits = [hit for hit in found if hit.table == table]
        if hits and table in settings.tables:
            problems.append(
                Problem(
                    found=say("the file is not used"),
                    expected=say("one place for each table"),
                    severity="warning",
                    table=table,
                    file=hits[0].label,
                    try_=say(
                        "[tables.{table}] of playbook.toml comes first; remove one of the two",
                        table=table,
                    ),
                )
            )
        elif len(hits) > 1:
            problems.append(
                Problem(
                    found=say(
                        "given {n} times: {places}",
                        n=len(hits),
                        places=listing([hit.label for hit in hits]),
                    ),
                    expected=say("one file or sheet for each table"),
                    table=table,
                    try_=say(
                        "remove all but one, or join them with [tables.{table}] sql", table=table
                    ),
                )
            )
        elif hits:
            chosen.append(hits[0])
    return chosen, problems
