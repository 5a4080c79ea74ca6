"""Times with open deals kept: worked by hand, identities, and the truth of a simulation the usual
reports miss.
"""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbook.methods.log_rank import log_rank
from playbook.methods.survival import aalen_johansen, kaplan_meier, median_time, quantile


def pipeline(n: int, seed: int = 7):
    """Deals created evenly over 180 days, a quarter to be won: wins take Gamma(4) × 15 days (mean
    60), losses 45 days at the mean; seen on day 180.
    """
    rng = np.random.default_rng(seed)
    created = rng.uniform(0, 180, n)
    won = rng.random(n) < 0.25
    takes = np.where(won, rng.gamma(4, 15, n), rng.exponential(45, n))
    watched = 180 - created
    cause = np.where(takes <= watched, np.where(won, 1, 2), 0)
    return np.floor(np.minimum(takes, watched)).astype(int), cause, takes, won


def truth(day: int) -> float:
    from scipy import stats

    return 0.25 * float(stats.gamma(4, scale=15).cdf(day + 1))


def test_incidence_worked_by_hand():
    """Five deals: won on day 2, lost on 3, open since 3, won on 5, open since 8."""
    curve = aalen_johansen([2, 3, 3, 5, 8], [1, 2, 0, 1, 0])
    # before day 5 three of five steps: S = 4/5 · 3/4 = 3/5; two at risk on day 5
    assert curve.at(2)[0] == pytest.approx(1 / 5)
    assert curve.at(4)[0] == pytest.approx(1 / 5)
    assert curve.at(5)[0] == pytest.approx(1 / 5 + 3 / 5 / 2)
    assert curve.overall[-1] == pytest.approx(3 / 10)


def test_beyond_the_watched_time_nothing_is_said():
    curve = aalen_johansen([2, 8], [1, 0])
    assert curve.at(9) == (None, None, None)
    assert curve.at(1) == (0.0, 0.0, 0.0)


def test_nobody_open_gives_plain_shares():
    days, cause = np.array([1, 2, 2, 5, 9]), np.array([1, 2, 1, 1, 2])
    curve = aalen_johansen(days, cause)
    assert [curve.at(d)[0] for d in (1, 2, 5, 9)] == pytest.approx([0.2, 0.4, 0.6, 0.6])


@pytest.mark.parametrize(("n", "within"), [(1_500, 0.02), (50_000, 0.005)])
def test_the_simulated_pipeline_shows_its_truth(n, within):
    days, cause, takes, _won = pipeline(n)
    assert truth(120) == pytest.approx(0.239, abs=0.002)
    assert aalen_johansen(days, cause).at(120)[0] == pytest.approx(truth(120), abs=within)
    assert (
        kaplan_meier(days, cause == 1).at(120)[0] > truth(120) + 0.1
    )  # losses taken as still open
    assert (
        takes[cause == 1].mean() < 0.95 * 60
    )  # the mean of the closed wins is short of the true 60 days
    assert (cause == 1).sum() / (cause > 0).sum() != pytest.approx(0.25, abs=0.01)


def test_variance_matches_a_bootstrap():
    days, cause, *_ = pipeline(800, seed=3)
    _, low, high = aalen_johansen(days, cause).at(90)
    rng = np.random.default_rng(1)
    again = [
        aalen_johansen(days[i], cause[i]).at(90)[0]
        for i in (rng.integers(0, 800, 800) for _ in range(400))
    ]
    assert (low, high) == pytest.approx(np.quantile(again, [0.025, 0.975]), abs=0.012)


rows = st.lists(
    st.tuples(st.integers(0, 30), st.integers(0, 2), st.integers(1, 5)), min_size=1, max_size=40
)


@given(rows)
def test_causes_and_open_add_up_to_one(data):
    days, cause, counts = map(np.array, zip(*data, strict=True))
    one, two = (aalen_johansen(days, cause, counts, of=c) for c in (1, 2))
    assert one.value + two.value + one.overall == pytest.approx(np.ones(len(one.days)))
    assert np.all(np.diff(one.value) >= -1e-12)
    assert np.all((one.low <= one.value + 1e-12) & (one.value <= one.high + 1e-12))


@given(rows)
def test_counts_and_row_order_are_only_shorthand(data):
    days, cause, counts = map(np.array, zip(*data, strict=True))
    long = aalen_johansen(np.repeat(days, counts)[::-1], np.repeat(cause, counts)[::-1])
    short = aalen_johansen(days, cause, counts)
    assert short.value == pytest.approx(long.value)
    assert short.high == pytest.approx(long.high)


@given(
    st.lists(st.tuples(st.integers(0, 50), st.integers(1, 4)), min_size=1, max_size=20),
    st.sampled_from([0.0, 0.1, 0.5, 0.8, 0.9, 1.0]),
)
def test_quantile_of_counts_is_the_quantile_of_rows(data, q):
    days, counts = map(np.array, zip(*data, strict=True))
    assert quantile(days, counts, q) == pytest.approx(np.quantile(np.repeat(days, counts), q))


def test_median_time_in_stage_keeps_those_still_there():
    curve = kaplan_meier([1, 2, 3, 4, 9, 9], [1, 1, 0, 1, 0, 0])
    # S: 5/6, 4/6, then 4/6 · 2/3 = 4/9 on day 4: half have left on day 4, not on day 2.5 as among
    # those who left
    assert median_time(curve)[0] == 4


def test_log_rank_published():
    """Remission times of leukaemia patients (Freireich 1963): chi-square 16.79, as in textbooks
    (Kleinbaum & Klein, Survival Analysis, 2.IV).
    """
    drug = [6, 6, 6, 7, 10, 13, 16, 22, 23, 6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]
    relapsed = [1] * 9 + [0] * 12
    placebo = [1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23]
    test = log_rank(drug + placebo, relapsed + [1] * 21, [0] * 21 + [1] * 21)
    assert test.statistic == pytest.approx(16.793, abs=0.001)
    assert median_time(kaplan_meier(placebo, [1] * 21))[0] == 8
    assert median_time(kaplan_meier(drug, relapsed))[0] == 23


def test_times_before_the_start_are_refused():
    with pytest.raises(ValueError, match="before the start"):
        aalen_johansen([-1, 3], [1, 0])


def test_nothing_to_count():
    assert aalen_johansen([], []).n == 0
    assert quantile([], [], 0.5) is None
