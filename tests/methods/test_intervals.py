"""Intervals against published and hand-worked answers."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.proportion import proportion_confint

from playbook.methods.intervals import Rate, wilson


@pytest.mark.parametrize(
    ("k", "n", "low", "high"),
    [(1, 2, 0.095, 0.905), (0, 8, 0.0, 0.324), (6, 20, 0.145, 0.519), (11, 20, 0.342, 0.742)],
)
def test_wilson_gives_the_published_figures(k, n, low, high):
    """Small-sample figures worked independently for the field notes of this project."""
    assert wilson(k, n) == pytest.approx((low, high), abs=5e-4)


@given(st.integers(1, 5000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilson_agrees_with_statsmodels_and_holds_the_point(counts):
    k, n = counts
    low, high = wilson(k, n)
    assert (low, high) == pytest.approx(proportion_confint(k, n, method="wilson"), abs=1e-12)
    assert low <= k / n <= high


def test_arrays_give_the_same_numbers_as_scalars():
    low, high = wilson(np.array([6, 0, 0]), np.array([20, 8, 0]))
    assert (low[0], high[0]) == wilson(6, 20) and (low[1], high[1]) == wilson(0, 8)
    assert np.isnan(low[2]) and np.isnan(high[2])


def test_more_successes_than_trials_is_refused():
    with pytest.raises(ValueError, match="between 0 and trials"):
        wilson(3, 2)


def test_nothing_exposed_has_no_rate_and_no_interval():
    empty = Rate(0, 0)
    assert empty.value is None and empty.interval == (None, None) and empty.n == 0
