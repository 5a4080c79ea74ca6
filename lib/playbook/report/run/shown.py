"""What one audience gets of a pack: its own page, pages of the director's edition, and which files
beside them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True)
class Shown:
    """What of a pack an audience gets.

    title: of its edition; name: of its file. first: whether the brief is its first
    page, without actions where they are not for it. sheets: names of the director's pages in it.
    own: a page made beforehand, which is given its tiles and the actions when chapters have run.
    workbook: whether there is one. client: only the client's HTML, and no notebook.
    """

    title: str
    name: str
    first: bool = True
    sheets: tuple[str, ...] = ()
    own: Json | None = field(default=None, hash=False)
    workbook: bool = True
    client: bool = False

    @property
    def file(self) -> str:
        return f"{self.name}.pdf"
