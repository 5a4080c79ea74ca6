"""p-values corrected for many comparisons: adjusted by hand, exact tails, and the level of a search
where there is nothing to find.
"""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbook.methods.comparisons import (
    holm,
    max_statistic,
    means_apart,
    rates_apart,
    rates_apart_of_many,
)


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


def test_rates_of_one_pair_are_compared_by_hand():
    """3 of 3 against 0 of 3: of the 20 ways to place three successes among six trials two are as
    far apart; the two members of a group of two say the same.
    """
    p = rates_apart_of_many([3, 0], [3, 3], [1, 1], np.random.default_rng(1), draws=9999)
    assert p[0] == p[1] == pytest.approx(0.1, abs=0.01)


def test_a_member_of_few_or_of_all_trials_is_not_compared():
    args = [9, 1, 5], [20, 3, 20], [1, 1, 2]
    p = rates_apart_of_many(*args, np.random.default_rng(1), small=5)
    assert np.isnan(p).tolist() == [False, True, True]
    empty = rates_apart_of_many([], [], [], np.random.default_rng(1))
    assert empty.tolist() == []


def test_whoever_stands_out_is_set_aside_before_the_others_are_compared():
    """Channel 0 passes 40 of 400, the others half: against a rest that holds channel 0 each of them
    looks high (200 of 400 against 640 of 1600); among themselves they are alike.
    """
    k, of = [40, 200, 200, 200, 200], [400] * 5
    p = rates_apart_of_many(k, of, [1] * 5, np.random.default_rng(1))
    assert p[0] == 1 / 2000
    assert p[1:].tolist() == [1.0] * 4
    # nobody is set aside at a level that nobody reaches: what was said before
    first = rates_apart_of_many(k, of, [1] * 5, np.random.default_rng(1), level=0.0)
    assert first[0] == 1 / 2000 and (first[1:] < 0.05).all()


def test_a_second_that_fell_is_named_after_the_first_and_never_more_surely():
    k, of = [5, 12, 50, 50, 50, 50], [100] * 6
    p = rates_apart_of_many(k, of, [1] * 6, np.random.default_rng(1))
    assert p[0] == p[1] == 1 / 2000
    assert p[2:].tolist() == [1.0] * 4


def test_rates_of_many_members_are_named_in_as_few_companies_as_said_and_more_surely_than_by_holm():
    rng, steps, reps = np.random.default_rng(11), 3, 12
    groups, luck, sure, by_holm = np.repeat(np.arange(steps), reps), 0, 0, 0
    for _ in range(120):
        of = rng.integers(20, 60, steps * reps)
        k = rng.binomial(of, 0.5)
        luck += np.nanmin(rates_apart_of_many(k, of, groups, rng, draws=499)) <= 0.05
        of[4], k[4] = 40, rng.binomial(40, 0.2)
        sure += rates_apart_of_many(k, of, groups, rng, draws=499)[4] <= 0.05
        by = np.concatenate([rates_apart(k[groups == s], of[groups == s]) for s in range(steps)])
        by_holm += holm(by)[4] <= 0.05
    assert luck <= 12  # binomial(120, 5 %): above 12 in 1 of 100
    assert sure > by_holm > 60


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
