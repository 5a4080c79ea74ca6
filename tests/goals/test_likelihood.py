"""The chance of the year, its lines and the market's room."""

import pytest
from toy_books import months

from playbook.goals.track.likelihood import likelihood


def test_likelihood_names_its_lines_and_asks_for_a_target_where_none_is(book):
    made = likelihood(book("2023-06", orders=months(2020, 2023, 6, lambda y, m: 100 + 10 * m)))
    lines = made.lines["amount"]
    assert lines.is_monotonic_increasing and made.lines["line"].tolist() == [
        "base",
        "sprint",
        "breakthrough",
    ]
    assert "Set the target" in made.actions()[0].what
    assert made.chance == pytest.approx(0.8, abs=0.05)  # the figure planned is the base line


def test_the_market_shows_our_share_and_what_a_point_is_worth(book):
    market = "year,industry,size\n2021,steel,90000000\n2022,steel,100000000"
    customers = "customer_id,industry\nC1,steel"
    made = likelihood(
        book(
            "2023-03",
            orders=months(2021, 2023, 3, lambda y, m: 100_000),
            customers=customers,
            market=market,
        )
    )
    row = made.market.iloc[0]
    assert row["share"] == pytest.approx(0.012) and row["growth"] == pytest.approx(1 / 9)
    assert row["point"] == pytest.approx(
        100_000_000 * 10 / 9 * 0.01
    )  # two points of 100,000,000 are 2,000,000 before growth
