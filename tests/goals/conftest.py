"""A book factory for the goal tests."""

import pytest
from toy_books import toy


@pytest.fixture
def book():
    """Factory: ``book("2023-03", orders="order_id,date,…")``."""
    return toy
