"""Targets, key results and the year of the company of sixteen deals, worked by hand."""

import pytest

from playbook import goals
from sixteen_deals import sixteen_deals


@pytest.fixture(scope="module")
def book():
    return sixteen_deals()


def test_sales_of_every_window(book):
    """March 700 + 300 − 100; the quarter 500 + 300 + 1,000; the year 3,690 against 810."""
    rows = goals.sales_overview(book).table.set_index("window")
    assert [float(v) for v in rows.sales] == [900, 1800, 1800, 3690, 5300]
    assert [float(v) for v in rows.base[:4]] == [100, 660, 660, 810]
    assert rows.orders.tolist() == [2, 4, 4, 8, 14]
    assert rows.new_customers.tolist() == [0, 1, 1, 3, 6]
    assert rows.customers.tolist() == [2, 3, 3, 4, 6]
    assert rows.growth.iloc[0] == 8 and rows.growth.iloc[3] == pytest.approx(3690 / 810 - 1)


def test_targets_in_force(book):
    """Ann 500 + 700 of 1,000, Bob 400 − 100 + 300 of 700; one new customer of two. The year asks
    for 500, 500 and 700 by its own months: 1,700 of 4,000.
    """
    rows = goals.tracking(book).table
    assert rows.label.tolist() == [
        "Company",
        "Company",
        "East",
        "West",
        "Ann",
        "Bob",
        "Company",
        "Company",
    ]
    assert [float(v) for v in rows.actual] == [1800, 1800, 1200, 600, 1200, 600, 1, 900]
    assert rows.to_date.tolist() == pytest.approx([1700, 1700, 900, 800, 1000, 700, 2, 700])
    assert rows.pace.iloc[0] == pytest.approx(1800 / 1700)
    assert rows.gap.tolist() == [2200, 0, 0, 200, 0, 100, 1, 0]
    assert rows.status.tolist() == ["green"] * 3 + ["red", "green", "red", "red", "green"]
    assert rows.per_day.iloc[0] == pytest.approx(2200 / 197)


def test_parts_that_do_not_add_up(book):
    """By region 900 + 800 are the whole; Ann is all of East with 100 more, Bob West with less."""
    sums = goals.tracking(book).sums
    assert sums.target.tolist() == [1700, 1700, 900, 800]
    assert sums.parts.tolist() == [1700, 1700, 1000, 700]
    assert sums.difference.tolist() == [0, 0, 100, -100]


def test_key_results(book):
    """1,800 from 660 to 1,700 is 1,140 of 1,040, counted as all of it; 28 days before its last
    check-in the confidence was 0.6, 0.3 less.
    """
    found = goals.objectives(book)
    rows = found.results.set_index("key_result")
    sales = rows.loc["Sales of the quarter"]
    assert sales.progress == pytest.approx(1140 / 1040) and sales.score == 1
    assert sales.trend == pytest.approx(0.3) and sales.state == "reached"
    assert rows.loc["Contracts renewed", "elapsed"] == pytest.approx(90 / 181)
    assert rows.state.tolist() == ["reached", "stale", "behind"]
    heads = found.objectives.set_index("objective")
    assert heads.score.to_dict() == {"Grow": 1, "Keep": 0}  # never measured: in no score


def test_what_is_left_of_the_year(book):
    """2,200 are left of 4,000; at the rate of 1,800 to 1,700 the plan's 2,300 become 2,435.29."""
    rows = goals.adjustment(book).options.set_index("option")
    assert rows.remaining.to_dict() == {"plan": 230000, "keep_year": 220000, "keep_rate": 243529}
    assert rows.year.to_dict() == {"plan": 410000, "keep_year": 400000, "keep_rate": 423529}
    assert rows.change["keep_year"] == pytest.approx(2200 / 2300 - 1)


def test_how_sales_lie_together(book):
    """Shares 2,220, 1,080, 300 and 90 of 3,690; Σ s² = 0.4548, worth 2.2 even customers."""
    rows = goals.risk(book).spread.set_index("dimension")
    shares = [2220 / 3690, 1080 / 3690, 300 / 3690, 90 / 3690]
    assert rows.hhi["customer"] == pytest.approx(sum(s * s for s in shares))
    assert rows.evenly["customer"] == pytest.approx(1 / sum(s * s for s in shares))
    assert rows.share["industry"] == pytest.approx(3300 / 3690)


def test_the_strategy_against_its_budget_and_indicator(book):
    """330 of 300 spent; the talks were due on the as-of date and are not held. Need match 3 of 5
    since October and 1 of 3 before.
    """
    row = goals.strategies(book).table.iloc[0]
    assert (row.used, row.over, row.done, row.milestones, row.late) == (1.1, 30, 1, 2, 1)
    assert row.state == "over budget"
    assert row.spend.gain == pytest.approx(0.6 - 1 / 3)
