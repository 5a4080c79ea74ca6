"""Every measure gives the same numbers on DuckDB and on a Spark cluster, and no rows come back."""

from __future__ import annotations

import cluster
import pytest
from calls import asked, measures
from lakes import lake_book
from likeness import difference, plain

from playbook.base.errors import NotAvailable
from playbook.data.book import Book
from shared import REPO

pytestmark = pytest.mark.skipif(bool(cluster.missing()), reason=cluster.missing() or "engines")


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    with cluster.cluster(tmp_path_factory.mktemp("spark")) as address:
        yield address


@pytest.fixture(scope="module")
def far(address, tmp_path_factory):
    """The sample with its seven large tables in a lake, asked on the cluster."""
    place = tmp_path_factory.mktemp("lake") / "sample"
    lake_book(REPO / "data" / "sample", place, spark=address, options=cluster.QUICK)
    return Book.open(place)


@pytest.fixture(scope="module")
def near():
    return Book.open(REPO / "data" / "sample")


def test_the_book_is_read_and_checked_alike(near, far):
    assert far.as_of == near.as_of
    assert far.read.spans == near.read.spans
    assert far.read.given == near.read.given
    assert [p.found for p in far.warnings] == [p.found for p in near.warnings]
    assert far.facts().tables == near.facts().tables


@pytest.mark.parametrize("name", sorted(measures()))
def test_a_measure_gives_the_same_numbers(name, near, far):
    function = measures()[name]
    try:
        expected = plain(asked(name, function, near))
    except NotAvailable as wanting:
        with pytest.raises(NotAvailable) as also:
            plain(asked(name, function, far))
        assert str(also.value) == str(wanting)
        return
    assert difference(expected, plain(asked(name, function, far)), name) == ""
