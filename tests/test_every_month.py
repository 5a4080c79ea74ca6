"""Every month is a month: each section of each chapter runs for it, and none is empty and called
ok.

The sample is run for its first month and one without a full year before; small books for every
fourth of their months and the last two. `python -m bench.months` runs all months of all books.
"""

from __future__ import annotations

import pytest

from inprocess import results_of
from playbook.base.params import NOTEBOOKS
from playbook.base.periods import Month, months_between
from playbook.data.book import Book
from playbook.data.report_month import data_span
from runs import SAMPLE
from test_pairs import BOOKS

SAMPLE_MONTHS = ("2021-01", "2021-11")


def empty_but_ok(book: Book, chapter: str) -> list[str]:
    """Sections called ok that show nothing at all."""
    found = []
    for result in results_of(chapter, book):
        if result.status == "ok":
            shown = [b for b in result.blocks() if type(b).__name__ != "Record"]
            tables = [t for t in result.tables() if t.rows]
            if not shown or not (tables or result.reading() or result.notes()):
                found.append(result.section)
    return found


@pytest.fixture(scope="module")
def sample() -> Book:
    return Book.open(SAMPLE)


@pytest.mark.parametrize("month", SAMPLE_MONTHS)
@pytest.mark.parametrize("chapter", NOTEBOOKS)
def test_a_month_of_the_sample(sample, chapter, month):
    assert not empty_but_ok(sample.at(Month.parse(month).end), chapter)


@pytest.mark.parametrize("chapter", NOTEBOOKS)
@pytest.mark.parametrize("name", BOOKS)
def test_every_month_of_a_small_book(name, chapter):
    book = BOOKS[name]()
    first, last = data_span(book.read)
    months = months_between(Month.of(first), Month.of(last))
    for month in [*months[:-2:4], *months[-2:]]:
        assert not empty_but_ok(book.at(month.end), chapter), month
