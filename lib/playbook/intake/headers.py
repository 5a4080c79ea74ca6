"""Headers compared with the words that systems use for the columns of the contract."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from difflib import SequenceMatcher
from functools import cache
from importlib.resources import files

EXACT, WEAK, CLOSE = 1.0, 0.6, 0.9  # a known word, a word with several meanings, a look-alike
PREFIX = re.compile(r"^(deal|organization|person|lead|order|opportunity)\s*[-:]\s+")
UNITS = re.compile(r"[(（\[][^)）\]]*[)）\]]")


def normal(header: str) -> str:
    """A header without case, stars, units in brackets, prefixes and doubled blanks.

    >>> normal(" Deal - Value (USD) *")
    'value'
    """
    text = unicodedata.normalize("NFKC", header).replace("_", " ").replace("*", " ").casefold()
    bare = UNITS.sub(" ", text)
    text = bare if bare.strip() else text
    return " ".join(PREFIX.sub("", text.strip()).split())


@cache
def words() -> dict[str, dict[str, dict[str, float]]]:
    """table → column → known word → how far it may be trusted; ``files`` for names of files."""
    raw = tomllib.loads((files(__package__) / "synonyms.toml").read_text(encoding="utf-8"))
    out: dict[str, dict[str, dict[str, float]]] = {}
    for table, columns in raw.items():
        out[table] = {}
        for column, synonyms in columns.items():
            known = {normal(column): EXACT}
            for word in synonyms:
                known[normal(word.rstrip("!"))] = WEAK if word.endswith("!") else EXACT
            out[table][column] = known
    return out


def likeness(header: str, table: str, column: str) -> float:
    """How well a header fits a column by its name, 0 to 1."""
    text, known = normal(header), words().get(table, {}).get(column, {normal(column): EXACT})
    if text in known:
        return known[text]
    if len(text) < 4:
        return 0.0
    best = 0.0
    for word, trust in known.items():
        if len(word) >= 4:
            ratio = SequenceMatcher(None, text, word).ratio()
            if ratio >= CLOSE:
                best = max(best, ratio * trust * CLOSE)
    return best


def table_likeness(name: str) -> dict[str, float]:
    """table → how well the name of a file or sheet fits it, 0 to 1."""
    text = normal(re.sub(r"[-.]+|\d{4,}", " ", name))
    out = {}
    for table, known in words()["files"].items():
        if text in known:
            out[table] = 1.0
        else:
            inside = [word for word in known if len(word) > 1 and word in text]
            out[table] = 0.6 if inside else 0.0
    return out
