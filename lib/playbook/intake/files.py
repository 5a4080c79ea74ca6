"""The files of a folder as columns of texts: their first rows, and the settings that read them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

from playbook.base.errors import DataProblem, Problem
from playbook.base.language import english, say
from playbook.base.settings import SourceSettings
from playbook.data import textfiles, workbooks
from playbook.data.digests import digest
from playbook.data.leftovers import private_room
from playbook.data.reading import connect
from playbook.data.sources import load_source

from .profile import Profile
from .samples import head_of

ROWS = 20_000  # looked at of each file
COLUMNS = 400  # looked at of each file
DAY_FIRST = re.compile(r"^(\d{1,2})([-/.])(\d{1,2})[-/.](\d{2,4})(?!\d)(.*)$")
NAMED_MONTH = (  # forms with a month's name, and their strptime
    (re.compile(r"\d{1,2}-[A-Za-z]{3}-\d{2}"), "%d-%b-%y"),
    (re.compile(r"\d{1,2}-[A-Za-z]{3}-\d{4}"), "%d-%b-%Y"),
    (re.compile(r"\d{1,2} [A-Za-z]{3} \d{4}"), "%d %b %Y"),
    (re.compile(r"\d{1,2} [A-Za-z]{4,9} \d{4}"), "%d %B %Y"),
    (re.compile(r"[A-Za-z]{3} \d{1,2}, \d{4}"), "%b %d, %Y"),
    (re.compile(r"[A-Za-z]{4,9} \d{1,2}, \d{4}"), "%B %d, %Y"),
    (re.compile(r"\d{1,2}/[A-Za-z]{3}/\d{4}"), "%d/%b/%Y"),
)


@dataclass(frozen=True)
class Found:
    """A file or sheet as read: ``name`` for the toml, its settings, and its columns. ``others`` are
    files alike that the same source reads.
    """

    name: str
    path: Path
    settings: SourceSettings
    columns: tuple[Profile, ...] = ()
    rows: int = 0
    whole: bool = True
    problems: tuple[Problem, ...] = field(default=(), compare=False)
    others: tuple[Path, ...] = ()

    @property
    def called(self) -> str:
        """What names the table: the sheet, or the file where it has one or several alike."""
        sheet = self.settings.sheet
        return sheet if isinstance(sheet, str) and sheet else self.path.stem

    @property
    def label(self) -> str:
        file, sheet, more = self.path.name, self.settings.sheet, len(self.others)
        if isinstance(sheet, str) and sheet:
            return say("{file}, sheet {sheet}", file=file, sheet=sheet)
        if sheet:
            n = len(sheet) - 1
            return say("{file}, sheet {sheet} and {n} alike", file=file, sheet=sheet[0], n=n)
        return say("{file} and {n} alike", file=file, n=more) if more else file

    @property
    def order(self) -> str:
        """By what files are sorted: the label in English, in every language."""
        return english(self.label)


def look_at(path: Path, base: Path) -> list[Found]:
    """Every table in a file: one for a text or Parquet file, one per sheet of a workbook.

    base: the folder of the toml, from which the file is named.
    """
    name = path.relative_to(base).as_posix() if path.is_relative_to(base) else str(path)
    if path.suffix.lower() in workbooks.SUFFIXES:
        try:
            sheets = workbooks.sheet_names(path, path.name)
        except DataProblem as error:
            return [
                Found(slug(path.stem), path, SourceSettings(file=name), problems=error.problems)
            ]
        several = len(sheets) > 1
        return [
            _read(
                slug(f"{path.stem}_{sheet}" if several else path.stem),
                path,
                SourceSettings(file=name, sheet=sheet if several else ""),
            )
            for sheet in sheets
        ]
    return [_read(slug(path.stem), path, SourceSettings(file=name))]


def _read(name: str, path: Path, settings: SourceSettings) -> Found:
    """One source; titles above the header are skipped when the reader says where it stands."""
    if not path.stat().st_size:
        return Found(name, path, settings, problems=(_problem(say("an empty file")),))
    for _ in range(4):
        try:
            return _loaded(name, path, settings)
        except DataProblem as error:
            problems = error.problems
            if not settings.encoding and any("encoding" in english(p.found) for p in problems):
                if guess := encoding_of(path):
                    settings = settings.model_copy(update={"encoding": guess})
                    continue
                return Found(name, path, settings, problems=problems)
            twice = any("twice" in english(p.found) for p in problems)
            if isinstance(settings.header, bool) and twice:
                settings = _own_names(path, settings)
                continue
            wanted = re.search(r"skip = (\d+)", " ".join(english(p.try_) for p in problems))
            if not wanted or settings.skip:
                return Found(name, path, settings, problems=problems)
            settings = settings.model_copy(update={"skip": int(wanted[1])})
    return Found(name, path, settings)


def encoding_of(path: Path) -> str:
    """cp1252 where the bytes that are not ASCII make letters and signs of western Europe in it, and
    few of them; empty where they do not.
    """
    with path.open("rb") as file:
        text = file.read(400_000)
    other = [byte for byte in text if byte >= 0x80]
    if not other or len(other) > 0.1 * len(text):
        return ""
    usual = set("äöüßÄÖÜéèêëàâáãåçñíìîïóòôõøúùûýæœÉÈÀÇÑØÅ€£§°´’‘“”–—…\u00a0«»¿¡".encode("cp1252"))
    return "cp1252" if all(byte in usual for byte in other) else ""


def _own_names(path: Path, settings: SourceSettings) -> SourceSettings:
    """The settings with a name for every column, the second of two alike numbered."""
    if path.suffix.lower() in workbooks.SUFFIXES:
        rows, first, _ = workbooks.read_sheet(path, str(settings.sheet), path.name, settings.skip)
        names, above = rows[0], first - 1
    else:
        names = list(textfiles.examine(path, settings, digest(path), path.name).header)
        above = settings.skip
    seen: dict[str, int] = {}
    out = []
    for place, name in enumerate((" ".join(str(n).split()) for n in names), 1):
        plain = name or f"column_{place}"
        seen[plain.casefold()] = seen.get(plain.casefold(), 0) + 1
        number = seen[plain.casefold()]
        out.append(plain if number == 1 else f"{plain} ({number})")
    return settings.model_copy(update={"header": out, "skip": above + 1})


def _problem(found: str) -> Problem:
    return Problem(found=found, expected=say("a table with a header"), try_=say("remove it"))


def _loaded(name: str, path: Path, settings: SourceSettings) -> Found:
    with private_room("init") as folder:
        place, whole = head_of(path, folder)
        local = settings.model_copy(update={"file": str(place)})
        connection = connect()
        try:
            source = load_source(connection, "looked_at", local, place.parent, set())
            wrong = [p for p in source.problems if p.severity == "error"]
            if wrong:
                raise DataProblem(wrong)
            relation = connection.table("main.looked_at")
            rows = relation.aggregate("count(*)").fetchall()[0][0]
            chosen = relation.columns[:COLUMNS]
            quoted = ", ".join('"' + c.replace('"', '""') + '"' for c in chosen)
            frame = relation.project(quoted).limit(ROWS if whole else 3 * ROWS).df()
        finally:
            connection.close()
    columns = tuple(Profile(str(column), frame[column]) for column in frame.columns)
    if len(columns) == 1 and len(columns[0].filled) and _run_together(columns[0]):
        told = say("its columns are not told apart: name delimiter, and header where it has none")
        return Found(name, path, settings, problems=(_problem(told),))
    if unnamed(columns):
        return Found(
            name, path, settings, problems=(_problem(say("no header: its first row holds data")),)
        )
    return Found(name, path, _told(settings, columns), columns, int(rows), whole)


def _run_together(column: Profile) -> bool:
    """Whether a single column holds several, parted by blanks or another mark."""
    counts = {len(re.split(r"\s+|[|;,\t~^]", value)) for value in column.some[:200]}
    return len(counts) == 1 and min(counts) >= 3


def unnamed(columns: tuple[Profile, ...]) -> bool:
    """Whether what stands above the columns is a row of data: days, numbers with decimals, or the
    very values that stand below.
    """
    data = re.compile(r"(19|20)\d{2}-\d{2}-\d{2}.*|\d{1,2}[./]\d{1,2}[./]\d{2,4}|-?\d+[.,]\d+")
    looks = sum(bool(data.fullmatch(c.name.strip())) for c in columns)
    among = sum(c.name in c.some for c in columns)
    return len(columns) >= 2 and bool(looks >= 2 or (looks and among) or among * 2 > len(columns))


def _told(settings: SourceSettings, columns: tuple[Profile, ...]) -> SourceSettings:
    """The settings with the decimal mark and the form of dates that the values show."""
    update: dict[str, object] = {}
    with_comma = re.compile(r"[-(]?[^\d,.]{0,3}\d{1,3}(\.\d{3})*,\d{1,2}[^\d,.]{0,4}")
    with_point = re.compile(r"[-(]?[^\d,.]{0,3}\d[\d,]*\.\d{1,2}[^\d,.]{0,4}")
    heads = [value for c in columns if c.dates < 0.5 for value in c.some[:300]]
    commas = sum(bool(with_comma.fullmatch(value)) for value in heads)
    points = sum(bool(with_point.fullmatch(value)) for value in heads)
    if commas and commas > 20 * points:
        update["decimal"] = ","
    forms = {c.name: form for c in columns if (form := date_form(c))}
    if forms:
        update["dates"] = next(iter(forms.values())) if len(set(forms.values())) == 1 else forms
    return settings.model_copy(update=update)


def date_form(column: Profile) -> str:
    """The strptime form of a column of days that are not written year first: with the month's name,
    or where the values prove which of the first two numbers is the day; empty otherwise.
    """
    if not len(column.filled):
        return ""
    for pattern, form in NAMED_MONTH:
        if all(pattern.fullmatch(value) for value in column.some):
            return form
    if column.dates < 0.5:
        return ""
    parts = [DAY_FIRST.match(value) for value in column.filled]
    found = [p for p in parts if p]
    if not found or len(found) < 0.8 * len(parts):
        return ""
    year = "%Y" if len(found[0][4]) == 4 else "%y"
    if year == "%y" and len({p[4] for p in found}) > len({p[1] for p in found}):
        return ""  # 23-01-05: what varies least is the year, so it may stand first; not guessed
    mark, rest = found[0][2], found[0][5].strip()
    clock = " %H:%M:%S" if rest.count(":") == 2 else " %H:%M" if rest.count(":") == 1 else ""
    if re.search(r"[ap]m", rest, re.IGNORECASE):
        clock = clock.replace("%H", "%I") + " %p"
    first, second = max(int(p[1]) for p in found), max(int(p[3]) for p in found)
    if first > 12 and second <= 12:
        return f"%d{mark}%m{mark}{year}{clock}"
    if second > 12 and first <= 12:
        return f"%m{mark}%d{mark}{year}{clock}"
    return ""


def slug(text: str) -> str:
    """A name for the toml that SQL can read without quotes; Chinese stays as it is."""
    plain = re.sub(r"\W+", "_", text.casefold()).strip("_")
    return plain if re.match(r"[^\W\d]", plain) else f"source_{plain}".rstrip("_")
