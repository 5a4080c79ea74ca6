"""Leaks by product and month, and discount against win rate, worked by hand."""

import pytest

from playbook import funnel
from toy import toy

SETTINGS = {
    "book": {"stages": ["lead", "won"]},
    "funnel": {"ladder": {"rungs": [{"lower": 0, "discount": 0.1}]}, "min_group": 10},
}
# O1: 2,000 at list for 1,700: 15 % given, 10 % allowed, 100 leaked. Its lines gave 250 on A and 50
# on B: 5/6 and 1/6 of the leak. O2: within the ladder. O3: 1,000 for 800 on B: 100 leaked.
ORDERS = """
    order_id date       customer_id product_line list_amount amount
    O1       2024-01-10 C1          A            1000        750
    O1       2024-01-10 C1          B            1000        950
    O2       2024-01-20 C2          A            1000        950
    O3       2024-02-10 C3          B            1000        800
    O4       2024-02-11 C4          .            1000        1000
"""


@pytest.fixture(scope="module")
def ladder():
    return funnel.price_ladder(toy(month="2024-02", settings=SETTINGS, orders=ORDERS))


def test_a_leak_belongs_to_the_lines_it_was_given_on(ladder):
    rows = ladder.products.set_index("product_line")
    assert rows.leak.to_dict() == {
        "B": pytest.approx(100 / 6 + 100),
        "A": pytest.approx(500 / 6),
        "not given": 0,
    }
    assert rows.orders.to_dict() == {"B": 2, "A": 2, "not given": 1}
    assert rows.beyond.to_dict() == {"B": 2, "A": 1, "not given": 0}
    assert rows.given["A"] == pytest.approx(300 / 2000)
    assert ladder.products.leak.sum() == pytest.approx(ladder.windows.leak.iloc[1])


def test_leaks_by_month_leave_out_what_the_data_do_not_cover(ladder):
    rows = ladder.months
    assert rows.month.tolist() == ["2024-01", "2024-02"]
    assert rows.leak.tolist() == [100, 100] and rows.orders.tolist() == [2, 2]
    assert rows.rate.tolist() == [0.5, 0.5]
    titles = [t.title for t in ladder.tables()]
    assert "What leaked by product line" in titles and "What leaked by month" in titles


def test_one_product_line_has_no_table_of_its_own():
    orders = ORDERS.replace(" B ", " A ").replace(" .  ", " A  ")
    found = funnel.price_ladder(toy(month="2024-02", settings=SETTINGS, orders=orders))
    assert "What leaked by product line" not in [t.title for t in found.tables()]


def deals(bands: dict[float, tuple[int, int]], lost_known: bool = True):
    """Won and lost deals by the discount they were offered."""
    rows = []
    for share, (won, lost) in bands.items():
        for outcome, n in (("won", won), ("lost", lost)):
            rows += [
                {
                    "opportunity_id": f"{share}{outcome}{i}",
                    "created": "2024-01-02",
                    "closed": "2024-01-20",
                    "outcome": outcome,
                    "stage": "won" if outcome == "won" else "lead",
                    "amount": 100 if outcome == "won" else None,
                    "discount": share if outcome == "won" or lost_known else None,
                }
                for i in range(n)
            ]
    return toy(month="2024-01", settings=SETTINGS, opportunities=rows)


def test_win_rates_by_band_of_discount():
    """5 % lies in the second band (from 5 to below 10 %), 20 % in the last."""
    found = funnel.discount_wins(deals({0: (20, 20), 0.05: (20, 20), 0.2: (36, 4)}))
    rows = found.table
    assert rows.low.tolist() == [0, 0.05, 0.2] and rows.high.tolist() == [0, 0.1, 1]
    assert rows.rate.tolist() == [0.5, 0.5, 0.9] and rows.decided.tolist() == [40] * 3
    assert rows.reading.tolist()[2] == "above the others" and rows.amount.tolist() == [100] * 3
    assert "at 20 % to below 100 % 90.0 % (36 of 40) (above the others)" in found.reading()
    assert "not what a discount does" in found.notes()[0]


def test_bands_alike_are_within_chance():
    found = funnel.discount_wins(deals({0: (20, 20), 0.06: (21, 19)}))
    assert set(found.table.reading) == {"as the others"}
    assert found.reading() == (
        "Among 80 decided deals no band of discount is won more or less often than the others by"
        " more than chance."
    )


def test_discounts_known_of_wins_alone_are_refused():
    found = funnel.discount_wins(deals({0.06: (20, 20)}, lost_known=False))
    assert found.status != "ok"
    assert "100.0 % (20 of 20) of the won and 0.0 % (0 of 20) of the lost" in found.reason


def test_bands_that_fall_are_refused():
    settings = {"funnel": {"discount_bands": [0.2, 0.1]}}
    with pytest.raises(Exception, match="that rise"):
        toy(month="2024-02", settings=settings, orders=ORDERS)
