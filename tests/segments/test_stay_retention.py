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
