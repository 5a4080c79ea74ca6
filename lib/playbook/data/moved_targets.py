"""Moves of the company's targets, told as what they made of a part's own."""

from __future__ import annotations

from typing import Any

from playbook.base.errors import NotAvailable

from .book import Book
from .measures.plan import plan_of
from .measures.targets import KEYS
from .scope import Scope

COLUMNS = {"rep": "rep_id"}


def moved_targets(book: Book, scope: Scope) -> list[dict[str, Any]]:
    """Entries of ``[[goals.adjustments]]`` for the scope's members: their targets as they stand on
    the book's day, where a change of the company's target moved them; with its day and reason.
    """
    if len(scope.see) != 1 or scope.see[0][0] not in KEYS or not book.has("targets"):
        return []
    dimension, members = scope.see[0]
    try:
        plan = plan_of(book)
    except NotAvailable:
        return []
    last = {(m.change.metric, m.period): m.change for m in plan.table.moves if not m.members}
    found = []
    for (metric, period), change in last.items():
        for member in members:
            target = plan.get(metric, ((dimension, member),), period.first, period.last)
            if target is None or target.original in (None, target.target):
                continue
            found.append(
                {
                    "date": change.date_.isoformat(),
                    "period": change.period,
                    "metric": metric,
                    "target": target.target,
                    "reason": change.reason,
                    "by": change.by,
                    COLUMNS.get(dimension, dimension): member,
                }
            )
    return found
