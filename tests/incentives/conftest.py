"""The small company, opened once for the tests of the chapter."""

import pytest

from small_company import small_book


@pytest.fixture(scope="module")
def book():
    return small_book()
