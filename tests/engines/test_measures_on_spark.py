"""Every measure gives the same numbers on DuckDB and on a Spark cluster, and no rows come back."""

from __future__ import annotations

import pytest
from calls import asked, measures
from lakes import lake_book
from likeness import difference, plain
from small import write_small

from playbook.base.errors import NotAvailable
from playbook.data.book import Book
from shared import REPO


@pytest.fixture(scope="module", params=["small", "sample"])
def books(request, session, tmp_path_factory):
    """A book on this machine, and the same with its large tables in a lake, asked on a cluster."""
    home = tmp_path_factory.mktemp(request.param)
    source = REPO / "data" / "sample"
    if request.param == "small":
        source = write_small(home / "here")
    return Book.open(source), Book.open(lake_book(source, home / "lake"), spark=session)


def test_the_book_is_read_and_checked_alike(books):
    near, far = books
    assert far.as_of == near.as_of
    assert far.read.spans == near.read.spans
    assert far.read.given == near.read.given
    assert [p.found for p in far.warnings] == [p.found for p in near.warnings]
    assert far.facts().tables == near.facts().tables


@pytest.mark.parametrize("name", sorted(measures()))
def test_a_measure_gives_the_same_numbers(name, books):
    function, (near, far) = measures()[name], books
    try:
        expected = plain(asked(name, function, near))
    except NotAvailable as wanting:
        with pytest.raises(NotAvailable) as also:
            plain(asked(name, function, far))
        assert str(also.value) == str(wanting)
        return
    assert difference(expected, plain(asked(name, function, far)), name) == ""
