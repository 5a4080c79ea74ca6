"""Names and texts as SQL writes them."""

from __future__ import annotations


def name(header: str) -> str:
    """A column of theirs in SQL."""
    return '"' + header.replace('"', '""') + '"'


def text(word: str) -> str:
    """A text in SQL."""
    return "'" + word.replace("'", "''") + "'"
