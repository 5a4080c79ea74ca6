"""One raw table in DuckDB, and where each of its rows stands in its file."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from playbook.base.errors import Problem
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
    files: list[dict[str, Any]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    in_place: list[str] = field(default_factory=list)  # Parquet files that stay open for reading
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

    def _lines(self, file: int, ordinals: set[int]) -> dict[int, str]:
        place = self.places[file] if file < len(self.places) else None
        if isinstance(place, textfiles.TextFile):
            return {ordinal: f"line {line}" for ordinal, line in place.lines(ordinals).items()}
        return {ordinal: f"row {ordinal + (place or 0)}" for ordinal in ordinals}

    def _place(self, file: int | None, row: str | None) -> str:
        named = f"{self.files[file]['file']} " if file is not None and len(self.files) > 1 else ""
        return f"{named}{row}" if row else "a row"
