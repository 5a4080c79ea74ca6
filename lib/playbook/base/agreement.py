"""English messages in which a number and the word after it agree: one order, two orders."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

NOUNS = {
    "actions", "calls", "channels", "companies", "contacts", "contracts", "customers", "days",
    "deals", "entries", "goals", "groups", "hours", "leads", "lines", "members", "months", "orders",
    "parts", "people", "points", "quarters", "regions", "reps", "rows", "segments", "steps",
    "targets", "visits", "weeks", "wins", "years",
}  # fmt: skip
IRREGULAR = {"people": "person", "entries": "entry", "companies": "company"}
VERBS = {"are": "is", "were": "was", "have": "has", "count": "counts", "need": "needs"}
COUNTED = re.compile(r"\{(\w+)(?::,)?\} (\w+)")
ONE = re.compile(r"1 [a-z-]+( [a-z-]+)?")  # a thing counted: ``1 contract``, ``1 open deal``


@cache
def _numbers_of(text: str) -> tuple[tuple[str, str, str], ...]:
    """(place, the words after it in the plural, in the singular) of a message."""
    found = []
    for match in COUNTED.finditer(text):
        place, word = match.groups()
        if word in NOUNS:
            found.append((place, match[0], IRREGULAR.get(word) or word.removesuffix("s")))
        elif word in VERBS:
            found.append((place, match[0], VERBS[word]))
    return tuple((place, many, f"{many.rpartition(' ')[0]} {one}") for place, many, one in found)


def filled(text: str, places: Mapping[str, Any]) -> str:
    """The message with its places filled as ``str.format`` does, and with the noun or verb that
    follows a number in the singular where the number is one.

    >>> filled("from {n} orders, {m} are new", {"n": 1, "m": 1})
    'from 1 order, 1 is new'
    >>> filled("{found} count as renewed", {"found": "1 contract"})
    '1 contract counts as renewed'
    >>> filled("{won} were won", {"won": "33.3 % (1 of 3)"})
    '33.3 % (1 of 3) were won'
    """
    for place, many, one in _numbers_of(text):
        value = str(places.get(place))
        # a thing that was counted before decides the verb, never a noun
        counted = many.rpartition(" ")[2] in VERBS and ONE.fullmatch(value)
        if value == "1" or counted:
            text = text.replace(many, one)
    return text.format(**places)
