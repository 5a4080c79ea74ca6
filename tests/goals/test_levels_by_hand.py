"""Rates and medians that targets are set for, of the company of sixteen deals, worked by hand."""

import pytest

from playbook.base.errors import NotAvailable
from playbook.goals.levels import level, span_of
from sixteen_deals import sixteen_deals


@pytest.fixture(scope="module")
def book():
    return sixteen_deals()


@pytest.mark.parametrize(
    ("metric", "members", "wanted"),
    [
        # created from April 2023 on: B1 to B7, D1 to D4; B1, B4 and B6 are won
        ("win_rate.broad", {}, (3 / 11, 3, 11)),
        ("win_rate.broad", {"region": "East"}, (1 / 5, 1, 5)),  # B1, B2, D1, D3, D4
        # days of B1, B6, B4: 0, 31, 157
        ("cycle.won_median_days", {}, (31, None, 3)),
        ("cycle.won_median_days", {"product_line": "Suite"}, (78.5, None, 2)),
        # B2, B7, B3, B5: 30, 41, 100, 212
        ("cycle.lost_median_days", {}, (70.5, None, 4)),
        ("cycle.lost_median_days", {"region": "East"}, (30, None, 1)),
        ("match_rate", {}, (0.6, 6, 10)),  # D3 was not assessed
        ("objection_rate", {}, (4 / 7, 4, 7)),
        # K1 is renewed; K4 ends on the as-of date, K6 on the day before
        ("renewal_rate", {}, (1 / 3, 1, 3)),
        ("renewal_rate", {"rep": "R1"}, (1 / 2, 1, 2)),
        ("renewal_rate", {"product_line": "Help"}, (0, 0, 2)),
        ("renewal_rate", {"product_line": "Nothing"}, (None, 0, 0)),
        # Cai left on 31 January: three on 1 April and nine month ends, two on the last three; since
        # when Bob is there is not known, for he sold before the day he is said to be hired
        ("attrition_rate", {}, (13 / 36, 1, 36 / 13)),
        ("attrition_rate", {"region": "West"}, (1.3, 1, 10 / 13)),
        ("attrition_rate", {"region": "East"}, (0, 0, 2)),
        # C4 and C5 bought from April 2022 to March 2023, C4 since
        ("retention", {}, (1 / 2, 1, 2)),
        ("churn_rate", {}, (1 / 2, 1, 2)),
        ("retention", {"region": "West"}, (1, 1, 1)),
        ("churn_rate", {"region": "West"}, (0, 0, 1)),
        ("churn_rate", {"region": "East"}, (1, 1, 1)),
    ],
)
def test_levels_of_the_year(book, metric, members, wanted):
    assert level(book, metric, members, book.window("trailing_12m")) == pytest.approx(wanted)


def test_levels_of_the_month(book):
    """March: D3 and D4 are new; B5 is lost on its last day after 212; K4 and K6 end."""
    month = book.window("month")
    assert level(book, "win_rate.broad", {}, month) == (0, 0, 2)
    assert level(book, "cycle.lost_median_days", {}, month) == (212, None, 1)
    assert level(book, "cycle.won_median_days", {}, month) == (None, 0, 0)
    assert level(book, "renewal_rate", {}, month) == (0, 0, 2)
    assert level(book, "match_rate", {}, month) == (0, 0, 1)


@pytest.mark.parametrize(
    ("metric", "members"),
    [
        ("win_rate.broad", {"region": "East", "rep": "R1"}),
        ("win_rate.broad", {"segment": "north"}),
        ("match_rate", {"region": "East"}),
        ("objection_rate", {"rep": "R1"}),
        ("renewal_rate", {"region": "East"}),
        ("attrition_rate", {"rep": "R1"}),
    ],
)
def test_parts_that_the_tables_do_not_tell(book, metric, members):
    with pytest.raises(NotAvailable):
        level(book, metric, members, book.window("month"))


def test_yearly_rates_of_a_running_year_are_of_twelve_months(book):
    year, month = book.window("year_to_date"), book.window("month")
    assert span_of(book, "attrition_rate", year) == book.window("trailing_12m")
    assert span_of(book, "attrition_rate", month) == month
    assert span_of(book, "match_rate", year) == year
