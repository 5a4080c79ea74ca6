"""Customers and revenue kept from the year before."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_books import book, order

from playbook import segments
from playbook.methods.resampling import ratio_interval

TIERS = '[segments]\ntiers = { names = ["strategic", "growth", "basic"], lower = [100, 50, 0] }\n'


def test_retention_and_revenue_worked_by_hand():
    rows = [
        order("a", "2022-01-05", 100, 1),
        order("b", "2022-01-05", 60, 2),
        order("c", "2022-01-05", 40, 3),  # the year before
        order("a", "2023-01-05", 150, 4),
        order("b", "2023-01-05", 30, 5),
        order("new", "2023-01-05", 500, 6),
    ]
    toml = f"[book]\nname = 'toy'\ncovers.orders = [2021-07-01]\n{TIERS}"
    result = segments.retention(book("2023-06", toml=toml, orders=rows))
    total = result.total
    assert (total["customers"], total["kept"], total["start"], total["end"], total["lost"]) == (
        3,
        2,
        200,
        180,
        40,
    )
    assert total["nrr"] == pytest.approx(0.9) and total["grr"] == pytest.approx(
        0.65
    )  # min(100,150) + min(60,30) + 0
    kpis = {(k.name, str(k.by)): k for k in result.kpis()}
    assert kpis["retention", "None"].value == pytest.approx(2 / 3) and kpis[
        "churn_rate", "None"
    ].value == pytest.approx(1 / 3)


@settings(max_examples=25)
@given(
    st.lists(st.tuples(st.integers(0, 100), st.integers(0, 200)), min_size=2, max_size=30).filter(
        lambda rows: sum(a for a, _ in rows) > 0
    ),
    st.randoms(),
)
def test_gross_retention_never_exceeds_the_whole_and_order_is_irrelevant(rows, random):
    before, after = (np.array(side, float) for side in zip(*rows, strict=True))
    value, low, high = ratio_interval(np.minimum(before, after), before, samples=200)
    assert 0 <= low <= high <= 1 and 0 <= value <= 1
    shuffled = random.sample(rows, len(rows))
    assert ratio_interval(
        np.array([min(r) for r in shuffled], float),
        np.array([r[0] for r in shuffled], float),
        samples=200,
    )[1:] == pytest.approx((low, high))


def test_retention_needs_two_years():
    assert (
        "orders before"
        in segments.retention(book("2023-06", orders=[order("a", "2023-01-05", 1, 1)])).reason
    )


def monthly(first, last, amount=100):
    """Ten customers that buy the same on the 15th of every month."""
    import pandas as pd

    return [
        order(f"C{i}", f"{day:%Y-%m}-15", amount, f"{day:%Y%m}{i}")
        for day in pd.period_range(first, last, freq="M")
        for i in range(10)
    ]


def test_a_base_year_that_the_data_begin_in_is_not_compared():
    # constant sales from July 2022: half of 2022 against all of 2023 would read 200 %
    found = segments.retention(book("2023-12", orders=monthly("2022-07", "2023-12")))
    assert found.reason == "two years to compare are not covered: orders begin on 1 Jul 2022"
    whole = segments.retention(book("2023-12", orders=monthly("2022-01", "2023-12")))
    assert whole.total[["nrr", "grr", "retention"]].tolist() == [1.0, 1.0, 1.0]
    assert whole.headline() == (
        "Retention: 100.0 % (10 of 10) of last year's customers; net revenue retention by orders"
        " 100.0 %."
    )


def test_a_tier_is_named_only_beyond_chance_and_only_where_tiers_are_set():
    def found(lost_small, lost_large, toml):
        rows = []
        for size, amount, lost in (("s", 10, lost_small), ("l", 200, lost_large)):
            for i in range(40):
                rows.append(order(f"{size}{i}", "2022-03-15", amount, f"{size}{i}a"))
                if i >= lost:
                    rows.append(order(f"{size}{i}", "2023-03-15", amount, f"{size}{i}b"))
        covers = "[book]\nname = 'toy'\ncovers.orders = [2021-01-01]\n"
        return segments.retention(book("2023-12", toml=covers + toml, orders=rows)).reading()

    assert "The basic tier loses most, beyond chance: 50.0 % (20 of 40)" in found(20, 5, TIERS)
    assert "loses most" not in found(12, 10, TIERS)  # 30 % and 25 % of forty: chance
    assert "loses most" not in found(20, 5, "")
