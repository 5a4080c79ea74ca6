"""The files of a folder as columns of texts: their first rows, and the settings that read them."""

from __future__ import annotations

import re
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from playbook.base.errors import DataProblem, Problem
from playbook.base.settings import SourceSettings
from playbook.data import workbooks
from playbook.data.reading import connect
from playbook.data.sources import KNOWN_SUFFIXES, TEXT_SUFFIXES, load_source

from .profile import Profile

ROWS = 20_000  # looked at of each file
HEAD = 4_000_000  # bytes of a text file that are read; more would say little more
DAY_FIRST = re.compile(r"^(\d{1,2})([-/.])(\d{1,2})[-/.](\d{2,4})")


@dataclass(frozen=True)
class Found:
    """A file or sheet as read: ``name`` for the toml, its settings, and its columns."""

    name: str
    path: Path
    settings: SourceSettings
    columns: tuple[Profile, ...] = ()
    rows: int = 0
    whole: bool = True
    problems: tuple[Problem, ...] = field(default=(), compare=False)

    @property
    def label(self) -> str:
        return self.path.name + (f", sheet {self.settings.sheet}" if self.settings.sheet else "")


def files_of(paths: list[Path]) -> list[Path]:
    """The readable files among paths and directly in folders, sorted by name."""
    out: list[Path] = []
    for path in paths:
        inside = sorted(path.iterdir()) if path.is_dir() else [path]
        out += [
            p
            for p in inside
            if p.is_file()
            and p.suffix.lower() in KNOWN_SUFFIXES
            and not p.name.startswith((".", "~"))
        ]
    return out


def look_at(path: Path, base: Path) -> list[Found]:
    """Every table in a file: one for a text or Parquet file, one per sheet of a workbook.

    base: the folder of the toml, from which the file is named.
    """
    name = str(path.relative_to(base)) if path.is_relative_to(base) else str(path)
    if path.suffix.lower() in workbooks.SUFFIXES:
        try:
            sheets = workbooks.sheet_names(path, path.name)
        except DataProblem as error:
            return [
                Found(_slug(path.stem), path, SourceSettings(file=name), problems=error.problems)
            ]
        several = len(sheets) > 1
        return [
            _read(
                _slug(f"{path.stem}_{sheet}" if several else path.stem),
                path,
                SourceSettings(file=name, sheet=sheet if several else ""),
            )
            for sheet in sheets
        ]
    return [_read(_slug(path.stem), path, SourceSettings(file=name))]


def _read(name: str, path: Path, settings: SourceSettings) -> Found:
    """One source; titles above the header are skipped when the reader says where it stands."""
    for _ in range(2):
        try:
            return _loaded(name, path, settings)
        except DataProblem as error:
            wanted = re.search(r"skip = (\d+)", " ".join(p.try_ for p in error.problems))
            if not wanted or settings.skip:
                return Found(name, path, settings, problems=error.problems)
            settings = settings.model_copy(update={"skip": int(wanted[1])})
    return Found(name, path, settings)


def _loaded(name: str, path: Path, settings: SourceSettings) -> Found:
    with tempfile.TemporaryDirectory(prefix="playbook-init-") as folder:
        place, whole = _head(path, Path(folder))
        local = settings.model_copy(update={"file": str(place)})
        connection = connect()
        try:
            source = load_source(connection, "looked_at", local, place.parent, set())
            wrong = [p for p in source.problems if p.severity == "error"]
            if wrong:
                raise DataProblem(wrong)
            relation = connection.table("main.looked_at")
            rows = relation.aggregate("count(*)").fetchall()[0][0]
            frame = relation.limit(ROWS).df()
        finally:
            connection.close()
    columns = tuple(Profile(str(column), frame[column]) for column in frame.columns)
    return Found(name, path, _told(settings, columns), columns, int(rows), whole)


def _head(path: Path, folder: Path) -> tuple[Path, bool]:
    """The file itself, or a copy of its first whole lines where it is a long text."""
    if path.suffix.lower() not in TEXT_SUFFIXES or path.stat().st_size <= 2 * HEAD:
        return path.resolve(), True
    with path.open("rb") as file:
        text = file.read(HEAD)
    short = folder / path.name
    short.write_bytes(text[: text.rfind(b"\n") + 1])
    return short, False


def _told(settings: SourceSettings, columns: tuple[Profile, ...]) -> SourceSettings:
    """The settings with the decimal mark and the form of dates that the values show."""
    update: dict[str, object] = {}
    numbers = [
        v
        for c in columns
        for v in c.filled.head(200)
        if re.fullmatch(r"-?\d{1,3}(\.\d{3})*,\d{1,2}", v)
    ]
    if numbers and not any(
        re.fullmatch(r"-?\d[\d,]*\.\d{1,2}", v) for c in columns for v in c.filled.head(200)
    ):
        update["decimal"] = ","
    forms = {c.name: form for c in columns if (form := date_form(c))}
    if forms:
        update["dates"] = next(iter(forms.values())) if len(set(forms.values())) == 1 else forms
    return settings.model_copy(update=update)


def date_form(column: Profile) -> str:
    """The strptime form of a column of days written with the year last, where the values prove
    which of the first two numbers is the day; empty otherwise.
    """
    parts = [DAY_FIRST.match(value) for value in column.filled]
    found = [p for p in parts if p]
    if not found or len(found) < 0.8 * len(parts):
        return ""
    year = "%Y" if len(found[0][4]) == 4 else "%y"
    mark = found[0][2]
    first, second = max(int(p[1]) for p in found), max(int(p[3]) for p in found)
    if first > 12 and second <= 12:
        return f"%d{mark}%m{mark}{year}"
    if second > 12 and first <= 12:
        return f"%m{mark}%d{mark}{year}"
    return ""


def _slug(text: str) -> str:
    """A name for the toml that SQL can read without quotes."""
    ascii_ = re.sub(r"\W+", "_", text.casefold(), flags=re.ASCII).strip("_")
    return ascii_ if re.match(r"[a-z]", ascii_) else f"source_{ascii_}".rstrip("_")
