"""Headers nobody has listed, read by their parts: ``invoice`` + ``number`` names an order.

``synonyms.toml`` says under ``[parts]`` which words name a thing or a mark, and under ``[made]``
which things and marks together make which column. A part that is not known at all makes a header a
question; a part that turns the meaning (tax, shipping, last …) makes it none.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from .words import WEAK, raw_words

COMPOSED, QUESTION = 0.86, 0.55  # all parts known; one part that is not
SILENT = "silent"  # parts that say nothing
TURNS = "turns"  # parts that make it something else


@dataclass(frozen=True)
class Parts:
    """What a header is made of: its concepts, and how many words stay unknown."""

    concepts: frozenset[str]
    unknown: int


@cache
def _vocabulary() -> dict[str, str]:
    """word, in lower case and without blanks → concept."""
    return {
        word.replace(" ", ""): concept
        for concept, words in raw_words()["parts"].items()
        for word in words
    }


@cache
def _longest() -> int:
    return max(map(len, _vocabulary()))


@cache
def parts(text: str) -> Parts:
    """The parts of a normal header. Chinese and words written together are cut by the longest known
    word first.
    """
    concepts: set[str] = set()
    unknown = 0
    for run in re.findall(r"[a-z]+|[\u4e00-\u9fff]+|[#%?]|\d+", _joined(text)):
        found, missed = _cut(run)
        concepts |= found
        unknown += missed
    return Parts(frozenset(concepts), unknown)


def _joined(text: str) -> str:
    """Known words of several English words written as one: ``account manager``."""
    for phrase in _phrases():
        text = re.sub(rf"\b{phrase}\b", phrase.replace(" ", ""), text)
    return text


@cache
def _phrases() -> tuple[str, ...]:
    words = [w for words in raw_words()["parts"].values() for w in words if " " in w]
    return tuple(sorted(words, key=len, reverse=True))


def _cut(run: str) -> tuple[set[str], int]:
    words = _vocabulary()
    if run in words:
        return {words[run]}, 0
    if run.isdigit():
        return set(), 1
    whole = _covered(run)
    if whole is not None:
        return {words[word] for word in whole}, 0
    if run.isascii():
        return set(), 1
    concepts, unknown, i = set(), 0, 0
    gap = False
    while i < len(run):
        for length in range(min(_longest(), len(run) - i), 0, -1):
            if run[i : i + length] in words:
                concepts.add(words[run[i : i + length]])
                i, gap = i + length, False
                break
        else:
            unknown, gap, i = unknown + (not gap), True, i + 1
    return concepts, unknown


def _covered(run: str) -> list[str] | None:
    """The fewest known words that together are the run: ``ordernumber``; None where there are
    none. Latin words of fewer than three letters count only as the last part: ``orderid``.
    """
    words, best = _vocabulary(), {0: [""][:0]}
    for end in range(1, len(run) + 1):
        for start in range(max(0, end - _longest()), end):
            word = run[start:end]
            if start not in best or word not in words:
                continue
            if run.isascii() and len(word) < 3 and (end != len(run) or word not in ("id", "no")):
                continue
            ways = [*best[start], word]
            if end not in best or len(ways) < len(best[end]):
                best[end] = ways
    return best.get(len(run))


@cache
def _ways() -> dict[frozenset[str], list[tuple[tuple[str, str], float]]]:
    """concepts → the columns that they make, with how far that may be trusted."""
    out: dict[frozenset[str], list[tuple[tuple[str, str], float]]] = {}
    for table, columns in raw_words()["made"].items():
        for column, ways in columns.items():
            for way in ways:
                wanted = frozenset(way.rstrip("!").split("+"))
                trust = WEAK if way.endswith("!") else COMPOSED + 0.02 * len(wanted)
                out.setdefault(wanted, []).append(((table, column), trust))
    return out


@cache
def composed(text: str) -> dict[tuple[str, str], float]:
    """(table, column) → how well the parts of a normal header make it, for those they make."""
    read = parts(text)
    if TURNS in read.concepts:
        return {}
    found = _ways().get(read.concepts - {SILENT}, [])
    out: dict[tuple[str, str], float] = {}
    for place, trust in found:
        out[place] = max(out.get(place, 0.0), trust if not read.unknown else QUESTION)
    return out
