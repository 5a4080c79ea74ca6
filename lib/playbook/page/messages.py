"""Titles of figures: the message of the result they stand for, with its number; what is drawn goes
into the grey line below, before unit, window and n.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from .blocks import Figure

MOST = 125  # columns of a title: two lines of a page
# A title of the figure's own that tells a number, other than a year or a quarter, is a message.
TOLD = re.compile(r"(?<![\d\-Q.,])(?!(?:19|20)\d\d\b)\d")
CLAUSE = re.compile(r"(?<=[;；。])\s*|(?<=\.)\s+(?=[A-Z])")


def message_of(headline: str) -> str:
    """As much of a headline as fits a title, whole clauses only; empty where none does, or where
    it tells no number.
    """
    from .axes import columns_of  # loads matplotlib, which whoever draws has loaded

    text = " ".join(headline.split())
    clauses, kept = [part for part in CLAUSE.split(text) if part], ""
    for clause in clauses:
        joined = f"{kept} {clause}" if kept and kept[-1].isascii() else kept + clause
        if columns_of(joined.rstrip(" .;；。")) > MOST:
            break
        kept = joined
    kept = kept.strip().rstrip(".;；。")
    return kept if re.search(r"\d", kept) else ""


def with_message(figure: Callable[..., Figure | None]) -> Callable[..., Figure | None]:
    """A result's ``figure``, titled by the result's message unless its own title is one."""

    @functools.wraps(figure)
    def drawn(self: Any, *args: Any, **kwargs: Any) -> Figure | None:
        made = figure(self, *args, **kwargs)
        if made is None or TOLD.search(made.title):
            return made
        message = message_of(self.message())
        if not message:
            return made
        note = " · ".join(filter(None, (made.title, made.note)))
        return replace(made, title=message, note=note)

    return drawn
