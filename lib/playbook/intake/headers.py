"""Headers compared with the words that systems use for the columns of the contract."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from functools import cache

from rapidfuzz import fuzz, process

from .parts import TURNS, composed, parts
from .words import (
    ASKED,
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
UNITS = re.compile(r"[(\[【][^()\[\]【】]*[)\]】]")
TAX = re.compile(r"tax|vat|gst|税")
TAXED = 0.98  # of a column with tax beside the same without
ALIKE = 0.8  # share of a file's headers that begin with one word, from which it says nothing
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
    bare = _unbracketed(text)
    text = (bare if bare.strip() else text).casefold()
    short = PREFIX.sub("", text.strip())
    text = short if short.strip() else text
    text = re.sub(r"[_/.\-:*\"']+", " ", text)
    text = " ".join(text.split())
    return CUSTOM.sub("", text).strip() or text


def _as_spelled(header: str) -> str:
    """A header's words as they are spelled, with what ``normal`` takes for marks of own fields."""
    return squeezed(_unbracketed(unicodedata.normalize("NFKC", header)))


def _unbracketed(text: str) -> str:
    """The text without what stands in brackets, in brackets within brackets too."""
    while (bare := UNITS.sub(" ", text)) != text:
        text = bare
    return text


def _in_brackets(header: str) -> str:
    """What stands in a header's brackets, as a normal header: the buyer of ``Username (Buyer)``."""
    text = CAMEL.sub(" ", unicodedata.normalize("NFKC", header))
    said = " ".join(part[1:-1] for part in UNITS.findall(text)).casefold()
    return " ".join(re.sub(r"[_/.\-:*\"'\[\]()]+", " ", said).split())


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
    out |= dict(places_of(tight)) | dict(places_of(_as_spelled(header)))
    said = _in_brackets(header)
    if not said:
        return out
    if TURNS in parts(said).concepts:  # (incl. tax) beside (excl. tax); (shipping) is none of ours
        less = TAXED if TAX.search(said) else ASKED
        return {place: score * less for place, score in out.items()}
    for place, score in composed(f"{text} {said}").items():
        out[place] = max(out.get(place, 0.0), score)
    return out


def in_common(headers: Iterable[str]) -> dict[str, str]:
    """header → the header without the words that all but a few of the file begin with, for those
    that begin so: ``SalesOpportunityCloseDate`` among others of ``SalesOpportunity…``.
    """
    read = {header: normal(header) for header in headers}
    firsts = Counter(text.split()[0] for text in read.values() if text)
    if not firsts or firsts.most_common(1)[0][1] < max(4, ALIKE * len(read)):
        return {}
    word = firsts.most_common(1)[0][0]
    alike = {header: text.split() for header, text in read.items() if text.split()[0] == word}
    length = 1
    while all(len(words) > length + 1 for words in alike.values()) and (
        len({tuple(words[: length + 1]) for words in alike.values()}) == 1
    ):
        length += 1
    return {h: " ".join(words[length:]) for h, words in alike.items() if len(words) > length}


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
