"""Pilots: published sample sizes and smallest p by hand, inference on made-up groups, the plan and
the empty pilot of the sample.
"""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.shared import REPO

from playbook import case as replay
from playbook.base.periods import Month
from playbook.case.pilot import effect as verdict
from playbook.case.pilot.panels import Panel
from playbook.data.book import Book
from playbook.methods import experiment as pilot


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
    assert (
        pilot.p_value(moved, (0, 1), effect)
        == pytest.approx(pilot.p_value(plain, (0, 1)), abs=1e-6)
        or np.ptp(plain) < 1e-6
    )


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

    def history(values):
        return Panel(
            "sales",
            tuple("abcdefgh"),
            tuple(Month(2022, 1) + i for i in range(values.shape[1])),
            values,
        ).history(3)

    assert pilot.detectable(history(calm), 2) < pilot.detectable(history(wild), 2)
    assert pilot.detectable(history(calm[:, :6]), 2) is None


def test_changes_of_sums_and_rates_by_hand():
    """Sales 10, 10 → 20, 20: ln 2. Wins 1 of 4, 1 of 4 → 2 of 4, 4 of 4: 6 of 8 less 2 of 8 = 50
    points.
    """
    months = tuple(Month(2023, m) for m in (1, 2, 3, 4))
    sums, rate = (
        Panel("sales", ("a",), months, np.array([[10.0, 10, 20, 20]])),
        Panel("win_rate", ("a",), months, np.array([[1.0, 1, 2, 4]]), np.array([[4.0, 4, 4, 4]])),
    )
    assert (
        sums.changes(4, 2) == pytest.approx([np.log(2)])
        and sums.told(np.log(2)) == pytest.approx(1.0)
        and sums.unit == "share"
    )
    assert (
        rate.changes(4, 2) == pytest.approx([0.5])
        and rate.told(0.5) == 0.5
        and rate.unit == "pp"
        and rate.level() == 0.5
    )


def test_pairs_are_the_closest_and_each_group_once():
    paths = np.array([[1.0, 1.0], [1.1, 0.9], [2.0, 0.0], [1.9, 0.1], [5.0, 5.0]])
    found = pilot.matched(paths)
    assert {frozenset(pair[1:]) for pair in found} == {frozenset((0, 1)), frozenset((2, 3))}


def test_alike_pairs_show_smaller_effects_than_unlike_ones():
    rng = np.random.default_rng(9)
    common = rng.normal(0, 0.3, (20, 2))
    history = [np.concatenate([row, row + rng.normal(0, 0.05, 2)]) for row in common]
    assert pilot.detectable_pairs(history, [(0, 2), (1, 3)]) < pilot.detectable_pairs(
        history, [(0, 1), (2, 3)]
    )
    assert pilot.detectable_pairs(history[:1], [(0, 1)]) is None


def test_half_as_large_an_effect_takes_four_times_as_long():
    assert (
        pilot.longer(0.2, 0.1, 3) == 12
        and pilot.longer(0.1, 0.1, 3) == 3
        and pilot.longer(0.05, 0.1, 3) == 3
    )


def test_half_of_the_groups_has_two_ways_to_the_same_contrast():
    """3 of 6 and the other 3 show the same: 2 in 20; and no p of any data is smaller."""
    assert pilot.smallest_p(6, 3) == pytest.approx(2 / 20)
    assert pilot.p_value(np.array([9.0, 9, 9, 0, 0.1, 0.2]), (0, 1, 2)) == pytest.approx(2 / 20)


@pytest.fixture(scope="module")
def book() -> Book:
    return Book.open(REPO / "data" / "sample")


def test_the_pilot_of_the_sample_did_nothing_and_is_not_found(book):
    trial = replay.pilot_effect(book)
    first = trial.table.iloc[0]
    assert first.low < 0 < first.high and first.p > 0.05
    assert trial.groups == 10 and trial.table.role.tolist() == [
        "primary",
        "second",
        "second",
        "second",
    ]
    assert trial.rule == "stop" and "months in these groups would be needed" in trial.why
    assert (
        (trial.table.adjusted >= trial.table.p).all()
        and trial.trend[1] > 0.1
        and len(trial.placebo) == 4
    )
    assert "smallest possible 0.022" in trial.reading()


@pytest.mark.parametrize(
    ("noise", "cost", "rule", "words"),
    [
        (0.02, 0, "extend", "more months"),
        (0.02, 90_000, "extend", "at a cost of about"),
        (0.5, 0, "stop", "would be needed to tell"),
    ],
)
def test_undecided_is_told_for_how_long_and_what_it_costs(book, noise, cost, rule, words):
    """Three months show about twice what is wanted with little noise: some months more; with much
    noise no time is long enough.
    """
    rng = np.random.default_rng(1)
    panel = Panel(
        "sales",
        tuple("abcdefgh"),
        tuple(Month(2021, 10) + i for i in range(24)),
        np.exp(rng.normal(5, noise, (8, 24))),
    )
    settings = book.settings.model_copy(
        update={
            "pilot": book.settings.pilot.model_copy(update={"cost": float(cost), "wanted": 0.02})
        }
    )
    shown = SimpleNamespace(settings=settings, fmt=book.fmt)
    found, why = verdict.decide(
        pd.Series({"effect": 0.01, "low": -0.05, "high": 0.08}), shown, panel, [0, 1], 3, 1e6
    )
    assert found == rule and words in why


@pytest.mark.parametrize(
    ("low", "high", "cost", "rule"),
    [(0.05, 0.3, 0, "go"), (0.05, 0.3, 1e9, "stop"), (-0.1, 0.05, 0, "stop")],
)
def test_decided_by_the_interval_and_the_cost(book, low, high, cost, rule):
    panel = Panel(
        "sales", tuple("abcd"), tuple(Month(2021, 10) + i for i in range(24)), np.ones((4, 24))
    )
    settings = book.settings.model_copy(
        update={"pilot": book.settings.pilot.model_copy(update={"cost": float(cost)})}
    )
    assert (
        verdict.decide(
            pd.Series({"effect": 0.2, "low": low, "high": high}),
            SimpleNamespace(settings=settings, fmt=book.fmt),
            panel,
            [0, 1],
            3,
            1e6,
        )[0]
        == rule
    )


def test_the_plan_says_what_could_be_seen_before_any_result(book):
    plan = replay.pilot_plan(book)
    assert plan.smallest == pytest.approx(1 / 45)
    assert set(plan.power.outcome) == {"sales", "orders", "buyers", "win_rate"}
    assert plan.power[plan.power.outcome == "sales"].detectable.is_monotonic_decreasing
    assert plan.designs["take"].tolist() == [1, 2, 3, 4, 5, 0] and len(plan.pairs) == 5
    assert plan.designs.smallest.iloc[0] == pytest.approx(0.1) and plan.designs.smallest.iloc[
        -1
    ] == pytest.approx(2 / 32)
    assert "smallest p 0.022" in plan.headline()
    assert {kpi.name for kpi in plan.kpis()} == {"pilot.power"}


def test_readiness_scores_what_the_tables_show(book):
    ready = replay.readiness(book, replay.pilot_plan(book))
    assert 0 < ready.score <= 1
    assert (
        ready.table.points == ready.table.state.map({"in place": 2, "in part": 1, "missing": 0})
    ).all()
    assert (ready.table[ready.table.state == "in place"].step == "–").all()
