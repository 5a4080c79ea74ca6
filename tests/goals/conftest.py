"""A book factory for the goal tests."""

import pytest
from toy_books import TOML, write

from playbook.data.book import Book


@pytest.fixture
def book(tmp_path):
    """Factory: ``book("2023-03", orders="order_id,date,…")``."""
    made = []

    def open_book(month, toml=TOML, **tables):
        made.append(1)
        return Book.open(write(tmp_path / f"book{len(made)}", toml, **tables), month)

    return open_book
