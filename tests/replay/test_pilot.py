"""Pilots: published sample sizes and smallest p by hand, inference on made-up groups, the plan and the empty pilot of the sample."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.shared import REPO

from playbook import replay
from playbook.data.book import Book
from playbook.replay import pilot


@pytest.mark.parametrize(("groups", "take", "one_in"), [(6, 2, 15), (8, 2, 28), (10, 2, 45)])
def test_smallest_p_is_one_in_the_number_of_choices(groups, take, one_in):
    assert pilot.smallest_p(groups, take) == pytest.approx(1 / one_in)


@pytest.mark.parametrize("take", [0, 6])
def test_a_pilot_without_a_comparison_is_refused(take):
    with pytest.raises(ValueError, match="leave no group"):
        pilot.smallest_p(6, take)


def test_sample_sizes_of_two_shares():
    """About 60 a group for 30 → 55 % and about 1,680 for 20 → 24 % (80 % power, 5 % two-sided)."""
    assert pilot.per_group(0.30, 0.55) == 61
    assert pilot.per_group(0.20, 0.24) == 1683


def test_holm_by_hand():
    assert pilot.holm([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.06, 0.06])
    assert pilot.holm([0.5, 0.9]) == pytest.approx([1.0, 1.0])


def test_the_largest_contrast_gets_the_smallest_p():
    change = np.array([1.0, 1.2, 0.0, 0.1, -0.1, 0.05])
    assert pilot.p_value(change, (0, 1)) == pytest.approx(1 / 15)
    assert pilot.contrast(change, (0, 1)) == pytest.approx(1.1 - 0.0125)


@given(st.lists(st.floats(-1, 1), min_size=5, max_size=8), st.floats(-0.5, 0.5))
def test_taking_the_effect_off_is_the_same_as_not_having_had_it(change, effect):
    plain, moved = np.array(change), np.array(change)
    moved[[0, 1]] += effect
    assert pilot.p_value(moved, (0, 1), effect) == pytest.approx(pilot.p_value(plain, (0, 1)), abs=1e-6) or np.ptp(plain) < 1e-6


def test_a_planted_effect_lies_in_the_interval_and_chance_alone_does_not_leave_zero_out():
    rng = np.random.default_rng(3)
    change = rng.normal(0, 0.05, 10)
    low, high = pilot.interval(change, (2, 7))
    assert low < 0 < high
    change[[2, 7]] += 0.4
    low, high = pilot.interval(change, (2, 7))
    assert 0 < low < 0.4 + pilot.contrast(change, (2, 7)) and high > 0.3


def test_too_few_groups_give_no_interval():
    assert pilot.interval(np.array([0.5, 0.0, 0.1, -0.1]), (0,)) == (None, None)


def test_more_noise_needs_larger_effects():
    rng = np.random.default_rng(5)
    calm, wild = np.exp(rng.normal(3, 0.05, (8, 24))), np.exp(rng.normal(3, 0.5, (8, 24)))
    assert pilot.detectable(calm, 2, 3) < pilot.detectable(wild, 2, 3)
    assert pilot.detectable(calm[:, :5], 2, 3) is None


@pytest.fixture(scope="module")
def book() -> Book:
    return Book.open(REPO / "data" / "sample")


def test_the_pilot_of_the_sample_did_nothing_and_is_not_found(book):
    trial = replay.pilot_effect(book)
    first = trial.table.iloc[0]
    assert first.low < 0 < first.high and first.p > 0.05
    assert trial.rule == "extend" and trial.groups == 10


def test_the_plan_says_what_could_be_seen_before_any_result(book):
    plan = replay.pilot_plan(book)
    assert plan.smallest == pytest.approx(1 / 45)
    assert plan.power.detectable.is_monotonic_decreasing
    assert {kpi.name for kpi in plan.kpis()} == {"pilot.power"}


def test_readiness_scores_what_the_tables_show(book):
    ready = replay.readiness(book, replay.pilot_plan(book))
    assert 0 < ready.score <= 1
    assert (ready.table.points == ready.table.state.map({"in place": 2, "in part": 1, "missing": 0})).all()
    assert (ready.table[ready.table.state == "in place"].step == "–").all()
