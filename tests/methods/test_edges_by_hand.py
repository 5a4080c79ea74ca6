"""Values that stand exactly at the edge of what a method decides."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from playbook.base.errors import ParameterProblem
from playbook.methods import slow_search
from playbook.methods.change_search import _surest
from playbook.methods.forecast import level_window
from playbook.methods.gamma_gamma import fit_spend
from playbook.methods.intervals import wilson
from playbook.methods.means import group_effect
from playbook.methods.permutation import permuted_slope
from playbook.methods.pilot_design import per_group
from playbook.methods.planning import chain, needed_for
from playbook.methods.raking import fit
from playbook.methods.shrinkage import STRONGEST, shrink


def test_no_deal_asks_for_nothing():
    assert chain(0, [0.5, 0.2]) == [0, 0, 0]


def test_groups_that_all_won_or_all_lost_share_one_rate():
    """Nothing tells how far such groups differ: the strongest prior, whose mean is all or none."""
    for won, rate in ((5, 1.0), (0, 0.0)):
        found = shrink([won, won], [5, 5])
        assert found.prior == STRONGEST and found.value.tolist() == [rate, rate]


def test_groups_without_spread_differ_by_a_known_amount():
    assert group_effect([2, 2, 2], [1, 1, 1], fewest=2)[:4] == (1.0, 1.0, 1.0, None)
    one = group_effect([0, 2], [1, 1], fewest=2)  # variances of the means add up to exactly 1
    assert one[0] == 0.0 and one[2] == pytest.approx(12.706, abs=1e-3)  # t(0.975; 1) · 1


def test_a_member_that_is_nearly_the_whole_stage_is_no_group():
    """Of 20 stays 15 are A's and 5 are B's: with 5 as the least, both are groups; with 14 of A and
    6 of B too; with 16 of A the rest is too few to compare with.
    """
    for n, groups in ((15, ["A", "B"]), (14, ["A", "B"]), (16, [])):
        stays = pd.DataFrame({"stage": "s", "rep": ["A"] * n + ["B"] * (20 - n)})
        found = slow_search._groups(stays, ["rep"], 5)
        assert [where["rep"] for _, where in found.members] == groups
        if groups:
            assert found.inside.toarray().sum(axis=1).tolist() == [n, 20 - n]
    assert np.size(found.inside.toarray()) == 0


def test_a_level_of_few_months_is_that_of_all():
    assert [level_window(np.ones(n)) for n in (1, 5, 12, 13)] == [1, 5, 12, 12]


@pytest.mark.parametrize("shares", [(0, 0.5), (0.5, 1), (0.3, 0.3), (1.2, 0.4)])
def test_groups_of_impossible_or_equal_shares_are_refused(shares):
    with pytest.raises(ValueError, match="two different shares"):
        per_group(*shares)


def test_the_surest_fall_is_judged_against_chance_made_as_wide_as_it_is():
    """Of 999 runs of chance the lowest scores are spread over 0 … −2; twice as wide they reach −4,
    so that −3 is no surprise and −5 is: p = 1 ÷ 1,000, and twice that for two searches.
    """
    groups = SimpleNamespace(family="one", names=[{"rep": "a"}, {"rep": "b"}])
    lowest = {"one": np.linspace(-2, 0, 999)}

    def found(z, wide, tests=1):
        scores = SimpleNamespace(groups=groups, z=np.array([[0.0, -1.0], [0.5, z]]))
        return _surest([scores], lowest, wide, tests)

    assert found(-3.0, 2) is None and found(-3.0, 1).by == {"rep": "b"}
    best = found(-5.0, 2)
    assert (best.since, best.z, best.p) == (1, -5.0, 1 / 1000)
    assert found(-5.0, 2, tests=2).p == 2 / 1000
    nothing = SimpleNamespace(groups=groups, z=np.full((2, 2), np.nan))
    assert _surest([nothing], lowest, 1, 1) is None


@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_member_without_any_weight_is_named_by_its_place(place):
    seed, total = np.ones((3, 2)), np.array([4, 4, 4])
    seed[place] = 0
    message = rf"size: member {place + 1} has a total but no weight"
    with pytest.raises(ParameterProblem, match=message):
        fit(seed, [total, np.array([6, 6])], ["size", "kind"])
    total[place] = 0
    made = fit(seed, [total, np.array([4, 4])], ["size", "kind"])
    assert made.sum(axis=1).tolist() == total.tolist()


def test_orders_of_seven_are_all_looked_at_and_as_many_of_eight():
    """Of 7! = 5,040 orders two lie on the line; of eight the one seen and 5,039 drawn ones."""
    assert permuted_slope(np.arange(7.0), np.arange(7.0)) == 2 / 5040
    times = permuted_slope(np.arange(8.0), np.array([0.0, 1, 2, 3, 4, 6, 7, 5])) * 5040
    assert times == pytest.approx(round(times), abs=1e-9) and times >= 1


@pytest.mark.parametrize("probability", [0, 1, 1.5, -0.1])
def test_a_chance_of_none_or_all_asks_for_no_number(probability):
    with pytest.raises(ParameterProblem, match="between 0 and 1, both excluded"):
        needed_for(1, 0.5, probability)


def test_an_interval_of_several_counts_of_one_number_is_several():
    """Of 4 each: 0, 2 and 4; Wilson's centre of 2 of 4 is a half."""
    low, high = wilson(np.array([0, 2, 4]), 4)
    assert low.shape == high.shape == (3,)
    assert low[0] == 0 and high[2] == 1 and low[1] + high[1] == pytest.approx(1)
    assert wilson(2, 4) == pytest.approx((low[1], high[1]))
    both = wilson(2, np.array([4, 8]))
    assert both[0].shape == (2,) and both[0][0] == pytest.approx(low[1])


def test_spend_is_fitted_on_values_below_one_and_on_one_repeat():
    rng = np.random.default_rng(3)
    found = fit_spend(np.ones(60), rng.uniform(0.2, 0.9, 60))
    assert found["p"] > 0
    for repeats, value in ((0, 5.0), (1, 0.0)):
        with pytest.raises(ValueError, match="repeat purchases of a positive value"):
            fit_spend(np.array([1, repeats]), np.array([5.0, value]))
