"""What the sheet of open actions, its columns and its marks are called: written in the language of
a pack, read back in every one.
"""

from __future__ import annotations

from functools import cache
from typing import Final

from .language import LANGUAGES, later, say, speaking

SHEET: Final = later("Action log")
CONTEXT: Final = "action log"
HEADS: Final = later(
    (
        "action_id",
        "as_of",
        "chapter",
        "whom",
        "what",
        "owner",
        "due",
        "worth",
        "why",
        "listed",
        "age",
        "done",
        "done_on",
        "note",
    ),
    context="action log",
)
MARKS: Final = later(("yes", "no", "dropped"), context="action log")


def head(key: str) -> str:
    """What a column of the sheet is called in the language spoken."""
    return say(key, context=CONTEXT)


def marks() -> list[str]:
    """What may stand in ``done``, in the language spoken."""
    return [say(mark, context=CONTEXT) for mark in MARKS]


@cache
def sheets() -> frozenset[str]:
    """Names of the sheet in every language, small letters."""
    return frozenset(_in(language, SHEET) for language in LANGUAGES)


@cache
def keys() -> dict[str, str]:
    """What a column is called, in every language, small letters → its name."""
    return {_in(lang, key, CONTEXT): key for lang in LANGUAGES for key in HEADS}


def _in(language: str, text: str, context: str = "") -> str:
    with speaking(language):
        return str(say(text, context=context)).casefold()
