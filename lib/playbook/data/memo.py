"""Answers worked out once per book and day: sections of a page ask for the same counts."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, TypeVar

import narwhals as nw

from .book import Book

Answer = TypeVar("Answer")


def once(book: Book, key: Hashable, make: Callable[[], Answer]) -> Answer:
    """``make()`` the first time, the same object afterwards. Callers must not change it in place.

    Kept with the data: it is frozen, so the answer for a day cannot change, whichever view of the
    book asks.
    """
    answers = vars(book.read).setdefault("_worked_out", {})
    place = (id(book.settings), book.as_of, key)
    if place not in answers:
        answers[place] = (
            book.settings,
            make(),
        )  # the settings are held, so that their id stays theirs
    return answers[place][1]


def remember(book: Book, key: Hashable, answer: Any) -> None:
    """Keep an answer that was worked out beside another; one that is kept already stays."""
    once(book, key, lambda: answer)


def recall(book: Book, key: Hashable) -> Any:
    """The answer kept under a key for the book's day; None where nobody has asked yet."""
    found = vars(book.read).get("_worked_out", {}).get((id(book.settings), book.as_of, key))
    return None if found is None else found[1]


def answers_of(book: Book) -> dict[Hashable, Any]:
    """Every answer kept for the book's day, by key."""
    place = (id(book.settings), book.as_of)
    every = vars(book.read).get("_worked_out", {})
    return {key: answer for (*at, key), (_, answer) in every.items() if tuple(at) == place}


def held(book: Book, name: str) -> nw.LazyFrame | None:
    """Rows that somebody kept under a name already; None where nobody has."""
    found = recall(book, ("kept", name))
    return None if found is None else book.read.engine.held(found)


def kept(book: Book, name: str, rows: Callable[[], nw.LazyFrame]) -> nw.LazyFrame:
    """Rows worked out once for the book's day and settings, kept by its engine."""
    engine = book.read.engine
    return engine.held(once(book, ("kept", name), lambda: engine.keep(rows(), name)))
