"""A rule that rows of a checked table must hold to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from playbook.base.errors import Problem
from playbook.base.formats import plural
from playbook.base.language import nouns, say

COUNTED = {
    "row": nouns("row"),
    "deal": nouns("deal"),
    "order": nouns("order"),
    "contact": nouns("contact"),
    "payment": nouns("payment"),
    "assignment": nouns("assignment"),
    "person": nouns("person", "persons"),
}


@dataclass(frozen=True)
class Rule:
    """Rows that meet ``condition`` (SQL over the checked table) are a problem. ``found`` is said
    with their number in front.
    """

    table: str
    column: str | None
    condition: str
    found: str
    expected: str
    try_: str
    severity: Literal["error", "warning"] = "error"
    show: tuple[str, ...] = ()
    noun: str = "row"

    def problem(self, count: int, rows: tuple[str, ...], file: str | None) -> Problem:
        return Problem(
            say("{rows} {found}", rows=plural(count, *COUNTED[self.noun]), found=self.found),
            self.expected,
            self.try_,
            self.severity,
            self.table,
            self.column,  # type: ignore[arg-type]
            file,
            count,
            rows,
        )
