"""Words of a column with a closed list, as systems write them: ``values.toml``."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from functools import cache
from importlib.resources import files

from playbook.data.tables import TABLES

from .words import squeezed


@cache
def _known() -> dict[str, dict[str, str]]:
    """table.column → their word, squeezed → ours; ours may be empty: no value."""
    raw = tomllib.loads((files(__package__) / "values.toml").read_text(encoding="utf-8"))
    return {
        f"{table}.{column}": {squeezed(w): ours for ours, words in said.items() for w in words}
        for table, columns in raw.items()
        for column, said in columns.items()
    }


def meanings(table: str, column: str, words: Iterable[str]) -> dict[str, str | None]:
    """Their word → ours, for each word; None where it is not known what it means."""
    known = _known().get(f"{table}.{column}", {})
    choices = {squeezed(choice): choice for choice in TABLES[table][column].choices}
    out: dict[str, str | None] = {}
    for word in words:
        tight = squeezed(word)
        ours = choices.get(tight, known.get(tight))
        out[word] = "" if ours == "none" else ours
    return out
