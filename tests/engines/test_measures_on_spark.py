"""Every measure gives the same numbers on DuckDB and on a Spark cluster, and no rows come back."""

from __future__ import annotations

import pytest
from lakes import lake_book
from small import write_small

from likeness import difference, plain
from measure_calls import PER_MEMBER, asked, measures
from playbook.base.errors import NotAvailable
from playbook.data.book import Book
from shared import REPO

# What is not looked for in tables that are read in place, of which a lake's are.
ALIKE = "of several customers, or again after more than a year"


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
    told = [p.found for p in near.warnings if ALIKE not in p.found]
    assert [p.found for p in far.warnings] == told
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
    engine = far.read.engine
    vars(far.read).pop("_worked_out", None)  # nothing remembered: all that comes back is counted
    engine.came_back.clear()
    answer = asked(name, function, far)
    assert max(engine.came_back, default=0) <= limit(name, near), "rows came back"
    assert difference(expected, plain(answer), name) == ""


def limit(name, book):
    """Rows that a measure's answer may have: a row per member where it is a list of them, else a
    fifth of the deals and contacts (counts by day, stage and outcome among them), 50 at least.
    """
    if table := PER_MEMBER.get(name):
        rows = book.ask(table, "count(*)")[0][0] if table in book.read.given else 0
        return max(50, rows)
    deals, contacts = (book.ask(t, "count(*)")[0][0] for t in ("opportunities", "activities"))
    return max(50, (deals + contacts) // 5)
