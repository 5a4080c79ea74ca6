"""ABC classes and concentration."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_books import book, order

from playbook import segments
from playbook.methods.inequality import gini
from playbook.segments.value.concentration import head_codes, value_codes


def test_abc_of_the_textbook_by_value_and_by_heads():
    # two of ten customers bring 80 %, three 15 %, five 5 %
    value = np.array([400, 400, 50, 50, 50, 10, 10, 10, 10, 10.0])
    assert np.bincount(value_codes(value, (0.8, 0.95))).tolist() == [2, 3, 5]
    assert np.bincount(head_codes(10, (0.2, 0.3, 0.5))).tolist() == [2, 3, 5]


def test_the_customer_that_crosses_the_mark_belongs_above_it():
    assert value_codes(np.array([79.0, 2, 19]), (0.8, 0.95)).tolist() == [0, 0, 1]
    assert value_codes(np.array([100.0]), (0.8, 0.95)).tolist() == [0]


@given(st.lists(st.integers(1, 1000), min_size=1, max_size=50))
def test_gini_lies_between_alike_and_one_has_all(amounts):
    found = gini(np.array(amounts, dtype=float), least=1)
    assert -1e-12 <= found <= (len(amounts) - 1) / len(amounts) + 1e-12
    assert gini(np.array(amounts) * 7.0, least=1) == pytest.approx(found)
    pairs = np.abs(
        np.subtract.outer(amounts, amounts)
    ).sum()  # half the mean absolute difference over the mean
    assert found == pytest.approx(pairs / (2 * len(amounts) * sum(amounts)))


def test_abc_table_sums_and_sets_apart_what_is_not_positive(small):
    result = segments.abc(small)
    assert result.table["customers"].sum() == 10 and result.apart == 1
    assert result.table["revenue"].sum() == pytest.approx(5500)
    assert result.customers["cumulative"].iloc[-1] == pytest.approx(1)


def test_classes_of_one_customer_or_of_equals_say_nothing():
    one = segments.abc(book("2023-06", orders=[order("a", "2023-06-01", 10, 1)]))
    assert one.reading() == "One customer, a, brings all of the revenue."
    rows = [order(f"c{i}", "2023-06-01", 10, i) for i in range(4)]
    same = segments.abc(book("2023-06", orders=rows))
    assert same.headline() == (
        "ABC: All 4 customers bring the same (¥10): their classes follow nothing but their ids."
    )
    rows = [order(f"c{i}", "2023-06-01", 10 + i, i) for i in range(4)]
    assert "ten largest" not in segments.abc(book("2023-06", orders=rows)).reading()
