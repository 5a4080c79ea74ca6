"""Where a pack goes: the folder of a month, a book and a variant of it. Imports nothing heavy."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PLAIN = re.compile(r"[\w-]+(?: [\w-]+)*")  # what may stand in a folder's name as it is
LONGEST = 40  # characters of a variant's part of the name; file systems stop at 255 bytes in all


@dataclass(frozen=True)
class Variant:
    """How a pack differs from the full one of its book and month: in nothing when all is empty.

    name: what its maker calls it. audience: a name of the book's [audiences]. only: numbers of the
    chapters (``01``) when not all. given: what-if parameters, name and value as text. language:
    of numbers and pages where it is not the book's.
    """

    name: str = ""
    audience: str = ""
    only: tuple[str, ...] = ()
    given: tuple[tuple[str, str], ...] = ()
    language: str = ""

    @classmethod
    def of(
        cls,
        *,
        name: str = "",
        audience: str = "",
        only: tuple[str, ...] = (),
        given: Mapping[str, Any] | None = None,
        language: str = "",
    ) -> Variant:
        """A variant from what was asked, parameters in the order of their names."""
        values = tuple(sorted((key, str(value)) for key, value in (given or {}).items()))
        return cls(name, audience, tuple(sorted(only)), values, language)


FULL = Variant()  # the full pack of a book and month


def variant_folder(book: str, variant: Variant) -> str:
    """Name of the folder of a book's variant, ``sample`` for the full pack.

    Every part that differs adds a word, so that no variant replaces another or the full pack:
    ``sample.only-01-02``, ``sample.with-top-20``, ``sample.for-sales``, ``sample.in-zh``. A variant
    with a name is called by it: ``sample.north``. Values that cannot stand in a folder's name are
    shortened to a hash.
    """
    if variant.name:
        return f"{book}.{_word(variant.name)}"
    words = []
    if variant.audience:
        words.append(f"for-{_word(variant.audience)}")
    if variant.language:
        words.append(f"in-{_word(variant.language)}")
    if variant.given:
        words.append(f"with-{_values(variant.given)}")
    if variant.only:
        words.append("only-" + "-".join(variant.only))
    return ".".join([book, *words])


def pack_folder(out: Path, month: str, book: str, variant: Variant) -> Path:
    """Folder of a pack in the archive ``out``."""
    return out / month / variant_folder(book, variant)


def _values(given: tuple[tuple[str, str], ...]) -> str:
    """``top-20``; a hash where that is long or holds what a folder's name cannot."""
    text = "-".join(f"{name}-{value}" for name, value in given)
    plain = re.sub(r"(?<=\d)\.(?=\d)", "p", text)  # 0.25 is written 0p25
    if "." not in plain and PLAIN.fullmatch(plain) and len(plain) <= LONGEST:
        return plain
    return hashlib.sha256(json.dumps(given).encode()).hexdigest()[:10]


def _word(text: str) -> str:
    """The text where a folder can be called so, else as much of it as can and a hash."""
    if PLAIN.fullmatch(text) and len(text) <= LONGEST:
        return text
    plain = "-".join(re.findall(r"[^\W_]+", text))[:LONGEST]
    return f"{plain}-{hashlib.sha256(text.encode()).hexdigest()[:6]}".lstrip("-")


# Editions of a pack, the one to open first at the head.
PRINTED = ("director.pdf", "details.pdf", "brief.pdf")


def to_open(pack: Path) -> Path:
    """The edition of a pack to open first; its folder where none was asked for."""
    there = (pack / name for name in PRINTED)
    return next((path for path in there if path.is_file()), pack)
