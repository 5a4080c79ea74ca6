"""What was planted in the sample company is found by name, ranked first, with its size and month
inside; as data/sample/README.md tells it.
"""

import pytest

from playbook import funnel
from playbook.data.book import Book
from shared import REPO


@pytest.fixture(scope="module")
def found():
    return funnel.bottleneck(Book.open(REPO / "data" / "sample", "2023-09"))


def test_the_three_planted_causes_are_named_first_and_nothing_else_before_them(found):
    first = found.places.head(3)
    assert dict(zip(first["where"], first.step, strict=True)) == {
        "North × Integration": "intent→negotiation",
        "General trade fair": "lead→intent",
        "Bought list": "lead→intent",
    }


def test_the_fall_of_the_regions_product_has_its_size_and_month(found):
    """Planted: × 0.45 from September 2022 on, told by the lead's day; deals reach intent some two
    weeks later.
    """
    place = found.places[found.places["where"] == "North × Integration"].iloc[0]
    assert place.factor_low <= 0.45 <= place.factor_high
    assert place.since_first <= "2022-10" and place.since_last >= "2022-09"
    assert place.p <= 0.05 and place.low <= place.worth <= place.high
    assert "North × Integration" in found.reading() and "North × Integration" in found.headline()


def test_the_deals_listed_for_the_first_place_are_its_own(found):
    behind = found.table_of_deals()
    assert behind is not None and "North × Integration" in behind.title and len(behind.rows) == 10


def test_before_anything_fell_no_fall_is_named():
    """A year before the crisis: neither the pair nor any other fall."""
    early = funnel.bottleneck(Book.open(REPO / "data" / "sample", "2022-06"))
    assert early.places.since.dropna().empty and not [by for by in early.places.by if len(by) > 1]
