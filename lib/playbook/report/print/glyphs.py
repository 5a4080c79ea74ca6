"""What our fonts can write, and how wide it gets: no character is printed as an empty box without
a warning.
"""

from __future__ import annotations

import unicodedata
from functools import cache
from typing import Any

from fontTools.ttLib import TTFont

from playbook.page.blocks import tied
from playbook.page.figures import font_files

PLACEHOLDER = "□"
SANS, CHINESE = "SourceSansPro-Regular", "NotoSansSC-Regular"
UNSEEN = {"Cc", "Cf", "Cs", "Zl", "Zp"}  # characters without a picture of their own
_as_they_are: set[str] = set()  # characters seen so far that are printed as themselves


@cache
def _font(stem: str) -> tuple[dict[int, str], Any, int]:
    """Character map, advance widths and units per em of a font."""
    path = next(path for path in font_files() if path.stem == stem)
    font = TTFont(path, lazy=True)
    return font.getBestCmap(), font["hmtx"].metrics, font["head"].unitsPerEm


def ready() -> None:
    """Read both fonts now, for processes forked from this one."""
    for stem in (SANS, CHINESE):
        _font(stem)


def known(stem: str) -> dict[int, str]:
    """Characters of a font, with the names of their glyphs."""
    return _font(stem)[0]


@cache
def covered(character: str) -> bool:
    """Whether the body fonts (Latin, then Simplified Chinese) have the character."""
    return any(ord(character) in _font(stem)[0] for stem in (SANS, CHINESE))


@cache
def advance(character: str) -> float:
    """Width of a character of the body font. [em]"""
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0.0
    for stem in (SANS, CHINESE):
        names, metrics, em = _font(stem)
        if ord(character) in names:
            return metrics[names[ord(character)]][0] / em
    return 1.0


def width(text: str) -> float:
    """Width of a line of text in the body font. [em]"""
    return sum(map(advance, text))


class Cleaner:
    """Makes every string of a document printable and remembers what it had to replace."""

    def __init__(self) -> None:
        self.replaced: dict[str, str] = {}  # character -> the first text it stood in

    def clean(self, thing: Any) -> Any:
        """``thing`` (nested lists, tuples and dicts) with every string printable; keys stay."""
        if isinstance(thing, str):
            return self.text(thing)
        if isinstance(thing, dict):
            return {
                key: value if key == "svg" else self.clean(value) for key, value in thing.items()
            }  # a drawing's letters are outlines
        if isinstance(thing, (list, tuple)):
            return [self.clean(value) for value in thing]
        return thing

    def text(self, text: str) -> str:
        """``text`` composed (NFC), without control characters, unknown characters as a box, figures
        tied to their units.
        """
        text = tied(text)
        if text.isascii() and text.isprintable():
            return text
        composed = unicodedata.normalize("NFC", text)
        if _as_they_are.issuperset(composed):
            return composed
        return "".join(self._character(c, text) for c in composed)

    def _character(self, character: str, text: str) -> str:
        if (printed := _printed(character)) is not None:
            if printed == character:
                _as_they_are.add(character)
            return printed
        self.replaced.setdefault(character, text)
        return PLACEHOLDER

    def warnings(self) -> list[str]:
        """One sentence per character no font has."""
        return [
            f"no font has the character {_name(c)}; it is printed as {PLACEHOLDER} in"
            f" “{_short(text)}”"
            for c, text in sorted(self.replaced.items())
        ]


@cache
def _printed(character: str) -> str | None:
    """A character as it is printed; None where no font has it."""
    if character in "\n\t":
        return character
    if character == "\u202f" or unicodedata.category(character) == "Zs":
        return character if covered(character) else "\u00a0"
    if unicodedata.category(character) in UNSEEN or character in "\ufe0e\ufe0f":
        return ""
    return character if covered(character) else None


def _name(character: str) -> str:
    name = unicodedata.name(character, "")
    return f"U+{ord(character):04X}{f' ({name.lower()})' if name else ''}"


def _short(text: str, most: int = 40) -> str:
    clean = "".join(
        c if covered(c) else PLACEHOLDER for c in text if unicodedata.category(c) not in UNSEEN
    )
    return clean if len(clean) <= most else clean[: most - 1] + "…"
