"""The table of synonyms as data: which headers mean which column, in English and Chinese."""

from __future__ import annotations

import tomllib
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib.resources import files
from typing import Any

from playbook.data.tables import TABLES

# A known word; one that has several meanings; one that is never taken without asking
EXACT, WEAK, ASKED = 1.0, 0.6, 0.5
_hidden: frozenset[str] = frozenset()


@cache
def squeezed(text: str) -> str:
    """A name without case and blanks, so that ``Order ID``, ``orderid`` and ``ORDER_ID`` agree."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return "".join(c for c in plain if c.isalnum() or c in "#%?&+")


@cache
def raw_words() -> dict[str, Any]:
    """``synonyms.toml`` as it is written."""
    return tomllib.loads((files(__package__) / "synonyms.toml").read_text(encoding="utf-8"))


@cache
def _words(hidden: frozenset[str]) -> dict[str, dict[str, dict[str, float]]]:
    out: dict[str, dict[str, dict[str, float]]] = {}
    for table, columns in raw_words().items():
        if table in ("parts", "made"):
            continue
        out[table] = {}
        for column, synonyms in columns.items():
            known: dict[str, float] = {}
            for word in synonyms:
                tight = squeezed(word.rstrip("!"))
                if tight not in hidden:
                    known[tight] = _trust(word) - len(known) / 100_000  # the first named wins
            out[table][column] = known
    out["files"] = {
        table: {squeezed(word): EXACT for word in names}
        for table, names in raw_words()["files"].items()
    }
    return out


def words_hidden() -> frozenset[str]:
    """The words that are not known now."""
    return _hidden


@cache
def _places(hidden: frozenset[str]) -> dict[str, list[tuple[tuple[str, str], float]]]:
    out: dict[str, list[tuple[tuple[str, str], float]]] = {}
    for table, columns in _words(hidden).items():
        if table != "files":
            for column, known in columns.items():
                for word, trust in known.items():
                    out.setdefault(word, []).append(((table, column), trust))
    return out


def places_of(word: str) -> list[tuple[tuple[str, str], float]]:
    """((table, column), trust) of every column that a squeezed word is known for."""
    return _places(_hidden).get(word, [])


def all_words() -> list[str]:
    """Every known word, squeezed."""
    return list(_places(_hidden))


@cache
def _called() -> dict[str, list[tuple[str, str]]]:
    out: dict[str, list[tuple[str, str]]] = {}
    for table in TABLES.values():
        for column in (*table.columns, *table.inputs):
            out.setdefault(squeezed(column.name), []).append((table.name, column.name))
    return out


def columns_called(word: str) -> list[tuple[str, str]]:
    """(table, column) of every column of the contract that has this very name."""
    return _called().get(word, [])


def _trust(word: str) -> float:
    return ASKED if word.endswith("!!") else WEAK if word.endswith("!") else EXACT


def known_words() -> dict[str, dict[str, dict[str, float]]]:
    """table → column → known word, squeezed → how far it may be trusted."""
    return _words(_hidden)


@cache
def plain_names() -> frozenset[str]:
    """The first English and the first Chinese word of every column, squeezed: what the column is
    called in plain language, whoever exports it.
    """
    out = set()
    for table, columns in raw_words().items():
        if table in ("files", "parts", "made"):
            continue
        for words in columns.values():
            for latin in (True, False):
                first = [w for w in words if w.isascii() is latin and not w.endswith("!")][:1]
                out |= {squeezed(word) for word in first}
    return frozenset(out)


@contextmanager
def without(words: frozenset[str]) -> Iterator[None]:
    """Within it these words, squeezed, are not known: so that a rate on headers that gave the words
    can be measured honestly.
    """
    global _hidden
    before, _hidden = _hidden, words
    try:
        yield
    finally:
        _hidden = before
