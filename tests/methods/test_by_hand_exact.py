"""Numbers of the methods worked by hand, where a slip by a sign, a power or one unit would show."""

from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from playbook.base.periods import Month
from playbook.methods import change_scores, change_search, pilot_design
from playbook.methods.bgnbd import BGNBD, Histories, expected
from playbook.methods.change_scores import GroupScores, GroupSet
from playbook.methods.comparisons import means_apart
from playbook.methods.forecast import forecast
from playbook.methods.inequality import pay_slope
from playbook.methods.likelihood import Fit
from playbook.methods.means import clustered_mean, mean_interval
from playbook.methods.raking import controlled_rounding
from playbook.methods.shrinkage import sampled_group_rates, shrink
from playbook.methods.step_model import PRIOR, TERM_PRIOR, cells_of, fit
from playbook.methods.survival import aalen_johansen


def test_the_half_width_of_a_mean_grows_with_the_spread():
    """2, 4, 6: s = 2, t(0.975; 2) = 4.30265, half = 4.30265 · 2 ÷ √3 = 4.96827."""
    assert mean_interval(pd.Series([2.0, 4.0, None, 6.0])) == pytest.approx(
        (4.0, -0.968275, 8.968275), abs=1e-5
    )


def test_the_share_of_pay_explained_is_the_square_of_the_correlation():
    """1 2 3 against 1 2 2: cov = 1/3, var = 2/3, corr = 0.5 ÷ √(1 · 1/3) = 0.8660."""
    slope, explained = pay_slope(np.array([1.0, 2.0, 3.0]), np.array([1.0, 2.0, 2.0]))
    assert (slope, explained) == pytest.approx((0.5, 0.75))


def test_a_stratum_of_two_rows_counts():
    """Values 0 and 2, 0 and 4 of a and b: b lies 1 + 2 above; shuffled in a stratum of two its
    variance is s² · 1 · (1 − 1/2), that is 2 · ½ + 8 · ½ = 5.
    """
    names, z, _ = means_apart(
        [0, 2, 0, 4], list("abab"), np.random.default_rng(1), strata=[1, 1, 2, 2], draws=19
    )
    assert names.tolist() == ["a", "b"]
    assert z == pytest.approx([-3 / 5**0.5, 3 / 5**0.5])


def test_purchases_ahead_are_continuous_where_the_formula_divides_by_nought():
    history = Histories(np.array([2]), np.array([210.0]), np.array([270.0]))

    def ahead(a: float) -> float:
        fitted = Fit(BGNBD, (0.25, 4.5, a, 2.5), (None,) * 4, 0.0, 100, True)
        return float(expected(fitted, history, 270)[0])

    assert ahead(1.0) == pytest.approx((ahead(0.999) + ahead(1.001)) / 2, rel=1e-4)


def test_six_pairs_can_decide_at_exactly_one_in_thirty_two():
    """2 of 2⁶ ways are 1/32: no more than the level, so an effect can be seen."""
    still = [np.zeros(12), np.zeros(12)]
    pairs = [(2 * i, 2 * i + 1) for i in range(6)]
    assert pilot_design.detectable_pairs(still, pairs, alpha=1 / 32) == pytest.approx(0, abs=1e-3)
    assert pilot_design.detectable_pairs(still, pairs, alpha=1 / 32 - 1e-9) is None


def test_the_smallest_effect_is_the_one_the_test_begins_to_reject():
    """Every choice of 3 of 8 groups in two quiet stretches, an effect added to the chosen: the
    contrast of the chosen is above 0 and no more than 2 of 56 are as large.
    """
    rng = np.random.default_rng(5)
    history = [rng.normal(0, 1, 8), rng.normal(0, 1, 8)]
    inside = np.array([np.isin(np.arange(8), c) for c in combinations(range(8), 3)])
    contrast = inside / 3 - ~inside / 5  # means against means, a choice a row

    def rejected(effect: float) -> float:
        hits = []
        for stretch in history:
            for number, chosen in enumerate(inside):
                gaps = contrast @ (stretch + effect * chosen)
                p = np.mean(np.abs(gaps) >= abs(gaps[number]) - 1e-9)
                hits.append(gaps[number] > 0 and p <= 0.05)
        return float(np.mean(hits))

    found = pilot_design.detectable(history, 3)
    assert rejected(found) >= 0.8 > rejected(found * 0.99)


def test_a_cell_is_rounded_to_a_neighbour_where_that_keeps_the_margins():
    """2.6 and 0.4, 0.4 and 2.6 with margins of 3: only 3 0 / 0 3 has every cell next to its own."""
    table = np.array([[2.6, 0.4], [0.4, 2.6]])
    assert controlled_rounding(table, [np.array([3, 3])] * 2).tolist() == [[3, 0], [0, 3]]
    table = np.array([[0.5, 1.5, 1.0], [1.5, 0.5, 1.0]])
    rounded = controlled_rounding(table, [np.array([3, 3]), np.array([2, 2, 2])])
    assert (np.abs(rounded - table) < 1).all()


def test_sampled_rates_of_groups_far_apart_are_hardly_drawn_together():
    """0 and 50 of 50 put the spread at its largest, 1.2: M = 1 ÷ (¼ · 1.44) − 1 = 1.778, so the
    lower rate has mean 0.889 ÷ 51.778 = 0.0172.
    """
    rates = sampled_group_rates([0, 50] * 6, [50] * 12, np.random.default_rng(1), 4000)
    assert rates[:, ::2].mean() == pytest.approx(0.0172, abs=0.0004)


def test_rates_of_the_model_are_held_by_their_prior():
    """One member, one month: intercept 1e-6, month and member 1 ÷ 1, a place 1 ÷ 9. At the maximum
    Σ (k − n p) = penalty · θ for each.
    """
    rows = pd.DataFrame({"rep": ["a", "a"], "month": [0, 1], "n": [10, 20], "k": [8, 3]})
    cells = cells_of(rows, ["rep"])
    model = fit(cells, [cells.month >= 1])
    assert model.penalty.tolist() == [1e-6, 1 / PRIOR, 1 / PRIOR, 1 / PRIOR, 1 / TERM_PRIOR]
    error = cells.k - cells.n * model.rate
    pulled = np.array([error.sum(), error[0], error[1], error.sum(), error[1]])
    assert pulled == pytest.approx(model.penalty * model.theta, abs=1e-6)


def test_redrawn_cells_hold_as_many_deals_as_they_have():
    """A cell of one deal and one of fifty: means p and 50 p, variances p (1 − p) times 1 and 50."""
    rows = pd.DataFrame({"rep": ["a", "b"], "month": [0, 0], "n": [1, 50], "k": [1, 10]})
    cells = cells_of(rows, ["rep"])
    rng = np.random.default_rng(3)
    drawn = change_scores._redrawn(cells, np.array([0.3, 0.2]), rng, 20_000)
    assert drawn.mean(axis=1) == pytest.approx([0.3, 10.0], rel=0.02)
    assert drawn.var(axis=1) == pytest.approx([0.21, 8.0], rel=0.04)


def scores(family: str, z) -> GroupScores:
    z = np.asarray(z, float)
    dims = ("rep",) if family == "members" else ("rep", "region")
    names = [{"rep": f"r{i}"} for i in range(len(z))]
    groups = GroupSet(dims, np.zeros(0, dtype=int), names)
    return GroupScores(groups, None, ~np.isnan(z), (), z)


def test_a_place_pays_for_every_search_and_family():
    """The lowest of all 9,999 redrawn scores: p = searches ÷ 10,000."""
    lowest = {"members": np.linspace(-4, 0, 9999)}
    found = change_search._surest([scores("members", [[-1, -2], [-3, -9]])], lowest, 1.0, 6.0)
    assert (found.by, found.since, found.z) == ({"rep": "r1"}, 1, -9.0)
    assert found.p == pytest.approx(6 / 10_000)
    assert change_search._surest([scores("members", [[-1.0, -3.9]])], lowest, 1.0, 60.0) is None


def test_two_families_share_the_level_of_a_search(monkeypatch):
    asked = []
    monkeypatch.setattr(
        change_search, "_surest", lambda s, low, wide, tests: asked.append(tests) or None
    )
    rows = pd.DataFrame(
        [
            (rep, area, m, 40, 20)
            for rep in "ab"
            for area in ("x", "y")
            for m in range(12)
        ],
        columns=["rep", "area", "month", "n", "k"],
    )  # fmt: skip
    cells = cells_of(rows, ["rep", "area"])
    for dims, families in ((["rep"], 1), (["rep", "area"], 2)):
        change_search.scan(cells, dims, 20, 10, np.random.default_rng(1), steps=3.0, draws=9)
        assert asked.pop() == 3.0 * families


def test_the_excess_of_members_is_read_in_the_middle_month():
    """21 members of scores −10 … 10 in the middle of four months: the quartiles are 5 either side
    of the median, 10 ÷ 1.349 = 7.41; the other months are all alike.
    """
    z = np.zeros((21, 4))
    z[:, 2] = np.arange(-10, 11)
    assert change_scores.excess([scores("members", z)]) == pytest.approx(10 / 1.349)
    pairs = np.zeros((21, 4))
    pairs[:, 0] = np.arange(-10, 11)
    assert change_scores.excess([scores("pairs", pairs)]) == pytest.approx(10 / 1.349)
    assert change_scores.excess([scores("members", z[:19])]) == 1.0


def test_months_around_a_level_scatter_as_the_recent_ones_did():
    """Twelve months without course: a month ahead is log-normal around their mean log with
    Student's t on 11 degrees, times the standard deviation of the logs, times √(1 + 1/12).
    """
    logs = np.tile([0.2, -0.2], 6) + 4
    index = pd.Index([Month(2022, 1) + i for i in range(12)], dtype=object)
    made = forecast(pd.Series(np.exp(logs), index=index), 1, paths=40_000)
    drawn = np.log(made.paths[:, 0])
    wide = logs.std(ddof=1) * np.sqrt(1 + 1 / 12)
    for share in (0.025, 0.25, 0.75, 0.975):
        goal = 4 + wide * stats.t.ppf(share, 11)
        assert np.quantile(drawn, share) == pytest.approx(goal, abs=0.03 * wide)
    assert drawn.mean() == pytest.approx(4, abs=0.02 * wide)


def test_a_curve_is_known_as_long_as_anybody_was_watched():
    """Wins after 10 and 20 days, one of three still open at 30: 1/3, 2/3, and nothing after 30
    days; where all have ended the curve stays where it is.
    """
    curve = aalen_johansen(pd.Series([10, 20, 30]), pd.Series([1, 1, 0]), pd.Series([1, 1, 1]))
    assert curve.at(9) == (0.0, 0.0, 0.0)
    assert [curve.at(day)[0] for day in (10, 19, 20, 30)] == pytest.approx(
        [1 / 3, 1 / 3] + [2 / 3] * 2
    )
    assert curve.at(31) == (None, None, None)
    ended = aalen_johansen(pd.Series([10, 20]), pd.Series([1, 2]), pd.Series([1, 1]))
    assert [ended.at(day)[0] for day in (20, 99)] == [0.5, 0.5]


def test_values_of_one_person_are_taken_together():
    """1 3 and 5 7 of two people: mean 4, sums of departures −4 and 4; t(0.975; 1) = 12.7062 times
    √(32 · 2) ÷ 4 = 2.
    """
    found = clustered_mean(pd.Series([1.0, 3.0, 5.0, 7.0]), pd.Series(list("aabb")))
    assert found == pytest.approx((4, 4 - 25.4124, 4 + 25.4124), abs=1e-3)


def test_the_interval_of_a_shrunk_rate_is_that_of_its_beta_distribution():
    found = shrink([90, 10, 9], [100, 100, 10])
    mean, prior = 109 / 210, found.prior
    a, b = 90 + mean * prior, 10 + (1 - mean) * prior
    assert found.value[0] == pytest.approx(a / (a + b))
    assert (found.low[0], found.high[0]) == pytest.approx(
        (stats.beta.ppf(0.025, a, b), stats.beta.ppf(0.975, a, b))
    )
