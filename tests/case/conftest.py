"""The sample company as a book, opened once for all tests of the case, and its indicators."""

import pytest
from tests.shared import REPO

from playbook import case
from playbook.case.course.indicators import CaseIndicators
from playbook.data.book import Book


@pytest.fixture(scope="session")
def book() -> Book:
    return Book.open(REPO / "data" / "sample")


@pytest.fixture(scope="session")
def course(book: Book) -> CaseIndicators:
    return case.indicators(book)
