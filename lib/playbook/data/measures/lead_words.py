"""The words a book knows for the fields of a lead, for a sheet to fill in."""

from __future__ import annotations

import narwhals as nw

from playbook.data.book import Book

from .customer_list import rep_names
from .frames import collect

# field of a lead → where its words stand: table and column
WHERE = {
    "channel": (("leads", "channel"), ("channel_costs", "channel"), ("opportunities", "channel")),
    "industry": (("leads", "industry"), ("customers", "industry"), ("market", "industry")),
    "region": (("leads", "region"), ("customers", "region"), ("reps", "region")),
}
MOST = 60  # words of one field: a longer list is no list to choose from


def lead_words(book: Book) -> dict[str, list[str]]:
    """Field of a lead → its words in the book, sorted; the ids of reps still there as ``rep_id``.
    Fields without words, or with more than MOST, are absent.
    """
    found = {}
    for field, places in WHERE.items():
        words: set[str] = set()
        for table, column in places:
            if book.has(table, column):
                rows = book.table(table).select(column).filter(~nw.col(column).is_null()).unique()
                words |= {str(word).strip() for word in collect(rows)[column]}
        found[field] = sorted(words - {""})
    if book.has("reps"):
        reps = rep_names(book.table("reps"))
        found["rep_id"] = sorted(reps.loc[reps["left"].isna(), "rep_id"])
    return {field: words for field, words in found.items() if 0 < len(words) <= MOST}
