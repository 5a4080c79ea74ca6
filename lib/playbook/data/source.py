"""One raw table in DuckDB, and where each of its rows stands in its file."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from playbook.base.errors import Problem
from playbook.base.language import say
from playbook.base.settings import SourceSettings

from . import textfiles
from .databases import quoted


@dataclass
class RawSource:
    """One raw table. ``columns`` maps its headers to DuckDB types; ``lazy`` says that it is read in
    place.
    """

    name: str
    label: str
    settings: SourceSettings
    columns: dict[str, str] = field(default_factory=dict)
    lazy: bool = False
    lake: bool = False  # asked on Spark, never on this machine
    files: list[dict[str, Any]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    in_place: list[str] = field(default_factory=list)  # Parquet files that stay open for reading
    paths: list[str] = field(default_factory=list)  # of its files, in their order
    places: list[Any] = field(
        default_factory=list
    )  # per file: a TextFile, or the workbook's row number of the header

    @property
    def relation(self) -> str:
        return f"raw.{quoted(self.name)}"

    def where(self, rows: list[tuple[int | None, int | None]]) -> list[str]:
        """``line 14`` for each (file, row); the file's name too when there are several."""
        wanted: dict[int, set[int]] = {}
        for file, row in rows:
            if file is not None and row is not None:
                wanted.setdefault(file, set()).add(row)
        lines = {file: self._lines(file, ordinals) for file, ordinals in wanted.items()}
        return [
            self._place(file, None if file is None or row is None else lines[file].get(row))
            for file, row in rows
        ]

    def cell(self, file: int | None, row: int | None, header: str) -> str:
        """``Leads!C7`` for a cell of a sheet to fill in, as a workbook names it; ``Leads!7:7``, the
        row, for a value made of several cells; empty for other sources.
        """
        if not self.settings.form or file is None or row is None:
            return ""
        sheet = str(self.files[file].get("sheet", ""))
        named = sheet if sheet.isidentifier() else "'" + sheet.replace("'", "''") + "'"
        at = row + (self.places[file] or 0)
        if header not in self.columns:
            return f"{named}!{at}:{at}"
        column, letters = list(self.columns).index(header) + 1, ""
        while column:
            column, letter = divmod(column - 1, 26)
            letters = chr(ord("A") + letter) + letters
        return f"{named}!{letters}{at}"

    def _lines(self, file: int, ordinals: set[int]) -> dict[int, str]:
        place = self.places[file] if file < len(self.places) else None
        if isinstance(place, textfiles.TextFile):
            return {
                ordinal: say("line {line}", line=line)
                for ordinal, line in place.lines(ordinals).items()
            }
        return {ordinal: say("row {row}", row=ordinal + (place or 0)) for ordinal in ordinals}

    def _place(self, file: int | None, row: str | None) -> str:
        if not row:
            return say("a row")
        if file is None or len(self.files) < 2:
            return row
        return say("{file} {row}", file=self.files[file]["file"], row=row)
