"""Presets: what the exports of known systems carry, as data in ``presets/``, one file per system.

A preset is found by headers that occur together. It says which header is which column, what words
mean, what is to be undone in the file and what its form cannot hold. It is proposed, never applied
in silence.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

from .files import Found
from .headers import UNITS
from .words import squeezed


@dataclass(frozen=True)
class Export:
    """One kind of file that a system exports. ``raw`` holds the keys as the preset writes them."""

    system: str
    name: str
    signature: tuple[str, ...]
    least: int
    raw: dict[str, Any] = field(hash=False)

    @property
    def table(self) -> str:
        return str(self.raw["table"])


@dataclass(frozen=True)
class Recognised:
    """An export found in a file: theirs → the file's own spelling of each header."""

    export: Export
    headers: dict[str, str]
    hits: int

    def there(self, name: str) -> str:
        """The file's header for a name of the preset; empty where it is not in the file."""
        return self.headers.get(_key(name), "") or self.headers.get(_key(_bare(name)), "")


def _key(header: str) -> str:
    return squeezed(header.strip("*= \ufeff"))


def _bare(header: str) -> str:
    return UNITS.sub(" ", header)


@cache
def exports() -> tuple[Export, ...]:
    """Every export of every preset, in the order of the files' names."""
    out = []
    folder = files(__package__) / "presets"
    for path in sorted(folder.iterdir(), key=lambda p: p.name):
        if not path.name.endswith(".toml"):
            continue
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
        for one in raw["exports"]:
            signature = tuple(one["signature"])
            out.append(
                Export(
                    raw["system"],
                    one["name"],
                    signature,
                    one.get("least", len(signature)),
                    {**one, "read_in": raw["read_in"]},
                )
            )
    return tuple(out)


def headers_of(found: Found) -> dict[str, str]:
    """Key of a header → the header, with units and without; the first of two alike wins."""
    out: dict[str, str] = {}
    for column in found.columns:
        out.setdefault(_key(column.name), column.name)
    for column in found.columns:
        bare = _key(_bare(column.name))
        if bare:
            out.setdefault(bare, column.name)
    return out


def recognised(found: Found, but: frozenset[str] = frozenset()) -> Recognised | None:
    """The export a file is, by the headers that occur together; None where it is none.

    but: systems that are not looked for.
    """
    headers = headers_of(found)
    best: Recognised | None = None
    for export in exports():
        if export.system in but or not _fits(export, found, headers):
            continue
        hits = sum(_key(name) in headers for name in export.signature)
        if hits < export.least:
            continue
        if best is None or _rank(export, hits) > _rank(best.export, best.hits):
            best = Recognised(export, headers, hits)
    return best


def _rank(export: Export, hits: int) -> tuple[float, int]:
    return (hits / len(export.signature), hits)


def _fits(export: Export, found: Found, headers: dict[str, str]) -> bool:
    """Whether the headers that must be there are, those that must not are not, and columns hold
    only the words the export is for.
    """
    if any(_key(name) not in headers for name in export.raw.get("needs", ())):
        return False
    if any(_key(name) in headers for name in export.raw.get("without", ())):
        return False
    for name, words in export.raw.get("when", {}).items():
        column = next((c for c in found.columns if c.name == headers.get(_key(name))), None)
        if column is None or not {v.casefold() for v in column.filled} <= set(words):
            return False
    return True
