"""What a goal serves: objectives that hang on one of the company, metrics that an objective or a
strategy names.
"""

from __future__ import annotations

from typing import Any

from playbook.base.language import say, term
from playbook.data.book import Book
from playbook.data.measures import as_given

from .objectives import Objectives

RESULT = ("sales", "won_amount")  # the company's result itself: nothing has to name it


def unlinked_objectives(tree: Objectives) -> dict[str, str]:
    """Objective → why it serves nothing of the company: one of a team or a person at the top of the
    tree, or one whose parent is not in the table.
    """
    found = {}
    for row in tree.objectives.to_dict("records"):
        if row["objective"] in tree.orphans:
            found[row["objective"]] = say(
                "its parent '{named}' is not in the table", named=row["named"]
            )
        elif row["depth"] == 0 and row["level"] in ("team", "person"):
            found[row["objective"]] = say(
                "an objective of a {level} that serves none above it", level=term(row["level"])
            )
    return found


def linked_metrics(book: Book, tree: Any) -> set[str] | None:
    """Metrics that a target may serve: the company's result, those of key results and the
    indicators of strategies; None where the book has neither objectives nor strategies.
    """
    found: set[str] = set()
    if isinstance(tree, Objectives):
        found |= {str(metric) for metric in tree.results["metric"].dropna()}
    if book.has("strategies", "indicator"):
        found |= set(as_given.strategy_rows(book)["indicator"].dropna())
    known = isinstance(tree, Objectives) or book.has("strategies", "indicator")
    return found | set(RESULT) if known else None
