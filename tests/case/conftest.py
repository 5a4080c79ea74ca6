"""The sample company as a book, opened once for all tests of the case."""

import pytest
from tests.shared import REPO

from playbook.data.book import Book


@pytest.fixture(scope="session")
def book() -> Book:
    return Book.open(REPO / "data" / "sample")
