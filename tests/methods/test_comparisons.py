"""p-values corrected for many comparisons: adjusted by hand, exact tails, and the level of a search
where there is nothing to find.
"""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbook.methods.comparisons import holm, max_statistic, means_apart, rates_apart


def test_holm_by_hand():
    assert holm([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.06, 0.06])
    assert holm([0.5, 0.9]) == pytest.approx([1.0, 1.0])
    assert holm([]).tolist() == []


@given(st.lists(st.floats(0, 1), min_size=1, max_size=8))
def test_holm_lies_between_the_raw_p_and_bonferroni(p):
    adjusted = holm(p)
    assert (adjusted >= np.array(p)).all()
    assert (adjusted <= np.minimum(1, len(p) * np.array(p)) + 1e-12).all()


def test_holm_keeps_the_shape_and_what_was_not_compared():
    adjusted = holm([[0.01, np.nan], [0.02, 0.9]])
    assert adjusted[0, 0] == pytest.approx(0.03)
    assert adjusted[1].tolist() == pytest.approx([0.04, 0.9])
    assert np.isnan(adjusted[0, 1])


def test_the_largest_of_each_redrawn_set_is_compared():
    p = max_statistic([2.0, np.nan, 5.0], [[1.0, 3.0, 0.0], [2.0, 0.0, 0.0], [0.0, 0.0, 1.0]])
    assert p[[0, 2]].tolist() == [0.75, 0.25]
    assert np.isnan(p[1])


def test_a_rate_apart_by_hand():
    # 3 of 3 against 1 of 3: C(3,3) C(3,1) ÷ C(6,4) = 3/15 on one side
    assert rates_apart([3, 1], [3, 3]).tolist() == pytest.approx([0.4, 0.4])
    # nothing to compare with: a single member, a member without trials
    assert np.isnan(rates_apart([3], [5])).all()
    assert np.isnan(rates_apart([3, 0], [5, 0])).all()
    assert rates_apart([], []).tolist() == []


def test_shuffles_stay_inside_a_stratum():
    # b has the large orders, where everybody gives 9: within a size nobody is apart
    values, size = [9.0] * 12 + [1.0] * 12, ["large"] * 12 + ["small"] * 12
    members = ["b"] * 10 + ["a"] * 2 + ["a"] * 10 + ["b"] * 2
    rng = np.random.default_rng(3)
    assert means_apart(values, members, rng)[2][1] < 0.01
    assert np.isnan(means_apart(values, members, rng, strata=size)[2]).all()


def test_the_order_of_rows_does_not_show():
    rng = np.random.default_rng(5)
    values, members = rng.normal(size=60), rng.choice(list("abcd"), 60)
    mixed = rng.permutation(60)
    one = means_apart(values, members, np.random.default_rng(1), draws=99)
    two = means_apart(values[mixed], members[mixed], np.random.default_rng(1), draws=99)
    assert one[2].tolist() == two[2].tolist()


def test_where_nobody_differs_hardly_anybody_is_named():
    rng, named = np.random.default_rng(7), 0
    for _ in range(200):
        of = rng.integers(20, 80, 12)
        named += holm(rates_apart(rng.binomial(of, 0.4), of)).min() <= 0.05
    assert named <= 17  # binomial(200, 5 %): above 17 in 1 of 100
