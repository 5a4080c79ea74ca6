"""Texts as a spreadsheet shows them and never computes them, and back."""

from __future__ import annotations

FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet would take for a formula


def safe(text: str) -> str:
    """A text with a quote before it where a spreadsheet would compute it; ``raw`` takes it off.

    >>> safe("=1+1"), safe("Ann"), safe("'=1+1")
    ("'=1+1", 'Ann', "''=1+1")
    """
    return f"'{text}" if text.lstrip("'").startswith(FORMULA) else text


def raw(text: str) -> str:
    """The text before ``safe``.

    >>> raw("'=1+1"), raw("Ann"), raw("'Ann"), raw("-5")
    ('=1+1', 'Ann', "'Ann", '-5')
    """
    return text[1:] if text.startswith("'") and text.lstrip("'").startswith(FORMULA) else text
