"""Headers compared with the words that systems use for the columns of the contract."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from rapidfuzz import fuzz, process

from .parts import composed
from .words import (
    EXACT,
    WEAK,
    all_words,
    columns_called,
    known_words,
    places_of,
    squeezed,
    words_hidden,
)

NEAR = 90  # rapidfuzz ratio, in per cent, from which two names are the same but for a slip
PREFIX = re.compile(
    r"^(deal|organi[sz]ation|person|lead|order|opportunity|customer|account|company|contact)"
    r"\s*[-:]\s+"
)
UNITS = re.compile(r"[(（\[【][^)）\]】]*[)）\]】]")
CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
CUSTOM = re.compile(r"( c$|^cf |^new |^hs )")  # what systems add to the names of own fields


@cache
def normal(header: str) -> str:
    """A header without case, stars, units in brackets, prefixes and doubled blanks.

    >>> normal(" Deal - Value (USD) *")
    'value'
    >>> normal("CreatedDate")
    'created date'
    """
    text = unicodedata.normalize("NFKC", header).strip().strip("\ufeff\"'* ")
    text = CAMEL.sub(" ", text)
    bare = UNITS.sub(" ", text)
    text = (bare if bare.strip() else text).casefold()
    short = PREFIX.sub("", text.strip())
    text = short if short.strip() else text
    text = re.sub(r"[_/.\-:*\"']+", " ", text)
    text = " ".join(text.split())
    return CUSTOM.sub("", text).strip() or text


def likeness(header: str, table: str, column: str) -> float:
    """How well a header fits a column by its name, 0 to 1: a known word, a name made of known
    parts, or one that differs by a slip of a letter.
    """
    return _likenesses(header, words_hidden()).get((table, column), 0.0)


@cache
def _likenesses(header: str, hidden: frozenset[str]) -> dict[tuple[str, str], float]:
    """(table, column) → how well a header fits it, for those it fits at all.

    hidden: the words that are not known now, by which the answers are kept apart.
    """
    text = normal(header)
    tight = squeezed(text)
    out = {
        place: ratio / 100 * trust * 0.9
        for word, ratio in _near(tight, hidden)
        for place, trust in places_of(word)
    }
    for place, score in composed(text).items():
        out[place] = max(out.get(place, 0.0), score)
    for place in columns_called(tight):
        out[place] = EXACT
    return out | dict(places_of(tight))


def _near(tight: str, hidden: frozenset[str]) -> list[tuple[str, float]]:
    """Long known words that differ by a slip only, with how alike they are in per cent."""
    if len(tight) < 6 or not tight.isascii():
        return []
    found = process.extract(
        tight, _long_words(hidden), scorer=fuzz.ratio, score_cutoff=NEAR, limit=6
    )
    return [(word, ratio) for word, ratio, _ in found if abs(len(word) - len(tight)) <= 2]


@cache
def _long_words(hidden: frozenset[str]) -> list[str]:
    return sorted({word for word in all_words() if len(word) >= 6 and word.isascii()})


def table_likeness(name: str) -> dict[str, float]:
    """table → how well the name of a file or sheet fits it, 0 to 1."""
    text = normal(re.sub(r"[-.]+|\d{4,}", " ", name))
    tokens = set(text.split())
    out = {}
    for table, known in known_words()["files"].items():
        if squeezed(text) in known:
            out[table] = EXACT
            continue
        inside = [
            word
            for word in known
            if (word in tokens if word.isascii() else len(word) > 1 and word in text)
        ]
        out[table] = WEAK if inside else 0.0
    return out
