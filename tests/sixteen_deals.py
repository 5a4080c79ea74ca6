"""The company of tests/books/sixteen_deals, small enough to be worked by hand."""

from __future__ import annotations

from functools import cache

import pytest

from figures import figures
from inprocess import shown_by
from playbook.data.book import Book
from reviewed import compare
from shared import REPO


@cache
def sixteen_deals() -> Book:
    return Book.open(REPO / "tests" / "books" / "sixteen_deals")


def compare_chapter(chapter: str, request: pytest.FixtureRequest) -> None:
    """Every figure and sentence of a chapter against the reviewed ones."""
    now = figures(shown_by(chapter, sixteen_deals(), drawn=False))
    compare(now, f"sixteen-deals-{chapter}", request)
