"""Answers worked out once per book and day: sections of a page ask for the same counts."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import TypeVar

import narwhals as nw

from playbook.data.book import Book

Answer = TypeVar("Answer")


def once(book: Book, key: Hashable, make: Callable[[], Answer]) -> Answer:
    """``make()`` the first time, the same object afterwards. Callers must not change it in place."""
    kept = book.__dict__.setdefault("_worked_out", {})
    if key not in kept:
        kept[key] = make()
    return kept[key]


def kept(book: Book, name: str, rows: Callable[[], nw.LazyFrame]) -> nw.LazyFrame:
    """Rows worked out once for the book's day and kept in its database under a name of ours."""
    table, connection = f"ready_{name}_{book.as_of:%Y%m%d}", book.read.connection
    if not connection.execute("SELECT count(*) FROM duckdb_tables() WHERE table_name = ?", [table]).fetchall()[0][0]:
        rows().to_native().create(table)
    return nw.from_native(connection.table(table))
