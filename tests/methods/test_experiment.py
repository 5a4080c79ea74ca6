"""Experiments with few groups: published sample sizes and smallest p by hand, inference on made-up
groups.
"""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbook.methods import experiment, pilot_design


@pytest.mark.parametrize(("groups", "take", "one_in"), [(6, 2, 15), (8, 2, 28), (10, 2, 45)])
def test_smallest_p_is_one_in_the_number_of_choices(groups, take, one_in):
    assert experiment.smallest_p(groups, take) == pytest.approx(1 / one_in)


@pytest.mark.parametrize("take", [0, 6])
def test_a_pilot_without_a_comparison_is_refused(take):
    with pytest.raises(ValueError, match="leave no group"):
        experiment.smallest_p(6, take)


def test_sample_sizes_of_two_shares():
    """About 60 a group for 30 → 55 % and about 1,680 for 20 → 24 % (80 % power, 5 % two-sided)."""
    assert pilot_design.per_group(0.30, 0.55) == 61
    assert pilot_design.per_group(0.20, 0.24) == 1683


def test_the_largest_contrast_gets_the_smallest_p():
    change = np.array([1.0, 1.2, 0.0, 0.1, -0.1, 0.05])
    assert experiment.p_value(change, (0, 1)) == pytest.approx(1 / 15)
    assert experiment.contrast(change, (0, 1)) == pytest.approx(1.1 - 0.0125)


@given(st.lists(st.floats(-1, 1), min_size=5, max_size=8), st.floats(-0.5, 0.5))
def test_taking_the_effect_off_is_the_same_as_not_having_had_it(change, effect):
    plain, moved = np.array(change), np.array(change)
    moved[[0, 1]] += effect
    assert (
        experiment.p_value(moved, (0, 1), effect)
        == pytest.approx(experiment.p_value(plain, (0, 1)), abs=1e-6)
        or np.ptp(plain) < 1e-6
    )


def test_a_planted_effect_lies_in_the_interval_and_chance_alone_does_not_leave_zero_out():
    rng = np.random.default_rng(3)
    change = rng.normal(0, 0.05, 10)
    low, high = experiment.interval(change, (2, 7))
    assert low < 0 < high
    change[[2, 7]] += 0.4
    low, high = experiment.interval(change, (2, 7))
    assert 0 < low < 0.4 + experiment.contrast(change, (2, 7)) and high > 0.3


def test_too_few_groups_give_no_interval():
    assert experiment.interval(np.array([0.5, 0.0, 0.1, -0.1]), (0,)) == (None, None)


def test_pairs_are_the_closest_and_each_group_once():
    paths = np.array([[1.0, 1.0], [1.1, 0.9], [2.0, 0.0], [1.9, 0.1], [5.0, 5.0]])
    found = pilot_design.matched(paths)
    assert {frozenset(pair[1:]) for pair in found} == {frozenset((0, 1)), frozenset((2, 3))}


def test_alike_pairs_show_smaller_effects_than_unlike_ones():
    rng = np.random.default_rng(9)
    common = rng.normal(0, 0.3, (20, 6))
    history = [np.concatenate([row, row + rng.normal(0, 0.05, 6)]) for row in common]
    alike, unlike = [(i, i + 6) for i in range(6)], [(2 * i, 2 * i + 1) for i in range(6)]
    assert pilot_design.detectable_pairs(history, alike) < pilot_design.detectable_pairs(
        history, unlike
    )
    assert pilot_design.detectable_pairs(history[:1], alike) is None
    assert pilot_design.detectable_pairs(history, alike[:5]) is None, "2 of 32 ways are 0.0625"


def test_the_smallest_effect_seen_is_found_in_four_of_five_new_pilots():
    """The test that decides, run on pilots the plan has not seen."""
    rng = np.random.default_rng(3)
    history = [rng.normal(0, 0.1, 8) for _ in range(40)]
    effect, found = pilot_design.detectable(history, 3), 0
    for _ in range(500):
        change, chosen = rng.normal(0, 0.1, 8), sorted(rng.choice(8, 3, replace=False))
        change[chosen] += effect
        found += experiment.p_value(change, chosen) <= 0.05
    assert found / 500 == pytest.approx(0.8, abs=0.06)


def test_two_of_six_groups_can_never_be_decided():
    history = [np.random.default_rng(1).normal(0, 0.001, 6) for _ in range(20)]
    assert pilot_design.detectable(history, 2) is None
    assert experiment.p_value(np.array([9.0, 9, 0, 0, 0, 0]), [0, 1]) == pytest.approx(1 / 15)
    assert pilot_design.groups_needed(2) == 7 and pilot_design.groups_needed(3) == 7


def test_half_as_large_an_effect_takes_four_times_as_long():
    assert (
        pilot_design.longer(0.2, 0.1, 3) == 12
        and pilot_design.longer(0.1, 0.1, 3) == 3
        and pilot_design.longer(0.05, 0.1, 3) == 3
    )


def test_half_of_the_groups_has_two_ways_to_the_same_contrast():
    """3 of 6 and the other 3 show the same: 2 in 20; and no p of any data is smaller."""
    assert experiment.smallest_p(6, 3) == pytest.approx(2 / 20)
    assert experiment.p_value(np.array([9.0, 9, 9, 0, 0.1, 0.2]), (0, 1, 2)) == pytest.approx(
        2 / 20
    )
