"""What members are called on a page: reps by their names where the book gives them and names
differ.
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet

import narwhals as nw

from playbook.data.book import Book
from playbook.data.memo import once

from .frames import collect

FEW = 2_000  # ids up to which the engine is told them: of more, saying them takes longest


def member_names(book: Book) -> dict[str, dict[str, str]]:
    """dimension → member → name. Two reps of one name are told apart by their ids."""
    return once(book, "names", lambda: _member_names(book))


def _member_names(book: Book) -> dict[str, dict[str, str]]:
    if not book.has("reps", "name"):
        return {}
    reps = collect(book.table("reps").select("rep_id", "name"), sort=["rep_id"]).dropna()
    twice = reps.name.duplicated(keep=False)
    labels = reps.name.where(~twice, reps.name + " (" + reps.rep_id + ")")
    return {"rep": dict(zip(reps.rep_id, labels, strict=True))}


def in_charge(book: Book) -> dict[str, str]:
    """rep_id → whom a page asks to act: the name, or for someone who has left that a successor is
    to be named.
    """
    names = member_names(book).get("rep", {})
    if not book.has("reps", "left"):
        return names
    gone = collect(
        book.table("reps").filter(~nw.col("left").is_null()).select("rep_id"), sort=["rep_id"]
    )["rep_id"]
    return names | {rep: f"to assign (was {names.get(rep, rep)})" for rep in gone}


def customer_names(
    book: Book, customers: set[str], leads: AbstractSet[str] = frozenset()
) -> dict[str, str]:
    """customer_id or lead_id → the company's name, for the few ids a page lists."""
    found: dict[str, str] = {}
    for table, key, name, wanted in (
        ("leads", "lead_id", "company", leads),
        ("customers", "customer_id", "name", customers),
    ):
        if wanted and book.has(table, name):
            rows = book.table(table).select(key, name)
            if len(wanted) > FEW:
                rows = collect(rows, sort=[key])
                rows = rows[rows[key].isin(wanted)].dropna()
            else:
                rows = collect(rows.filter(nw.col(key).is_in(sorted(wanted))), sort=[key]).dropna()
            found |= dict(zip(rows[key], rows[name], strict=True))
    return found
