"""One item of the readiness checklist, and how its state is read off a share."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from playbook.base.language import later
from playbook.data.book import Book

UNKNOWN = later("not recorded")  # what a table that is not there would say


@dataclass(frozen=True)
class ChecklistItem:
    """One thing asked of the company, and what its tables show of it."""

    part: str
    item: str
    state: str  # in place, in part, missing, not recorded
    evidence: str
    step: str  # what would put it in place
    owner: str


def small_table(book: Book, name: str, *columns: str) -> pd.DataFrame:
    """A few columns of a small table; empty when it is not there."""
    if not book.has(name):
        return pd.DataFrame(columns=list(columns))
    return book.table(name).select(*columns).collect().to_pandas()


def state_by(share: float | None, full: float = 0.8) -> str:
    """State by a share; None where nothing is recorded that it could be a share of."""
    if share is None:
        return UNKNOWN
    return "in place" if share >= full else "in part" if share > 0 else "missing"
