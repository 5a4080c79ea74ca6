"""The base of all blocks, and how their texts are written in HTML."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from html import escape as escaped
from typing import Any

MIME = "application/vnd.playbook.block+json"


UNIT = re.compile(r"(?<=\d) (?=(?:%|pp|d)(?!\w))")


def tied(text: str) -> str:
    """``text`` whose figures never lose their unit to the next line."""
    return UNIT.sub("\u00a0", text)


def escape(text: str) -> str:
    """``text`` for HTML, as content or attribute."""
    return escaped(tied(text))


@dataclass(frozen=True)
class Block:
    """Base of all blocks. ``kind`` names the renderer."""

    kind = "block"

    def data(self) -> dict[str, Any]:
        return {"type": self.kind, **asdict(self)}

    def html(self) -> str:
        raise NotImplementedError

    def plain(self) -> str:
        raise NotImplementedError

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict[str, Any]:
        return {"text/plain": self.plain(), "text/html": self.html(), MIME: self.data()}
