"""Buying at will: the published CDNOW estimates, gradients, limits and refusals."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbook.data.book import Book
from playbook.data.measures import purchases
from playbook.methods import bgnbd as buying
from playbook.methods.bgnbd import (
    Fit,
    Grouped,
    Histories,
    alive,
    expected,
    fit_bgnbd,
    log_likelihood,
)
from playbook.segments.stay.buying import fitted, spend_of
from shared import REPO, real

PUBLISHED = Fit(
    ("r", "alpha", "a", "b"), (0.243, 4.414, 0.793, 2.426), (None,) * 4, -9582.4, 2357, True
)


CUT = date(1997, 9, 30)  # 39 weeks from 1 January 1997


@pytest.fixture(scope="module")
def cdnow():
    real("cdnow")
    return Book.open(REPO / "tests/books/cdnow", "1998-06")


def test_cdnow_bgnbd_estimates_as_published(cdnow):
    # Fader, Hardie, Lee (2005), table 2
    fit, histories = fitted(purchases.purchases(cdnow.table("orders"), CUT), CUT)
    assert tuple(round(v, 3) for v in fit.values) == PUBLISHED.values
    assert round(fit.log_likelihood, 1) == -9582.4
    assert not fit.at_limit and all(error > 0 for error in fit.errors)
    assert expected(fit, histories, 39 * 7).sum() == pytest.approx(
        1653, abs=1
    )  # 1,882 happened: the model is 12 % short


def test_conditional_expectation_as_published():
    one = Histories(np.array([2]), np.array([30.43 * 7]), np.array([38.86 * 7]))
    assert expected(PUBLISHED, one, 39 * 7)[0] == pytest.approx(1.226, abs=5e-4)


def test_cdnow_gamma_gamma_estimates_as_published(cdnow):
    # Fader, Hardie (2013): p 6.25, q 3.74, γ 15.44 on the 946 repeat buyers
    fit, value = spend_of(purchases.purchases(cdnow.table("orders"), CUT))
    assert fit.n == 946 and (round(fit["p"], 2), round(fit["q"], 2), round(fit["gamma"], 2)) == (
        6.25,
        3.74,
        15.44,
    )
    assert np.all(value > 0)


histories = st.lists(
    st.tuples(st.integers(0, 6), st.integers(1, 200), st.integers(0, 200)), min_size=3, max_size=30
)


def made(rows):
    x = np.array([r[0] for r in rows])
    t = np.where(x > 0, [max(r[1], r[0]) for r in rows], 0)
    return Histories(x, t, t + np.array([r[2] for r in rows]) + 1)


@given(histories, st.lists(st.floats(-1.5, 1.5), min_size=4, max_size=4))
def test_gradient_is_the_slope_of_the_likelihood(rows, point):
    grouped, at = Grouped.of(made(rows)), np.array(point)
    slope = log_likelihood(at, grouped)[1]
    step = 1e-5
    numeric = [
        (log_likelihood(at + step * u, grouped)[0] - log_likelihood(at - step * u, grouped)[0])
        / (2 * step)
        for u in np.eye(4)
    ]
    assert slope == pytest.approx(numeric, rel=1e-4, abs=1e-4)


@given(histories)
def test_grouping_alike_customers_changes_nothing(rows):
    at = np.log([0.3, 5.0, 0.8, 2.0])
    twice = log_likelihood(at, Grouped.of(made(rows + rows)))[0]
    assert twice == pytest.approx(2 * log_likelihood(at, Grouped.of(made(rows)))[0])


@given(histories)
def test_probabilities_and_expectations_are_sane(rows):
    h = made(rows)
    p, more, less = alive(PUBLISHED, h), expected(PUBLISHED, h, 365), expected(PUBLISHED, h, 30)
    assert np.all((p >= 0) & (p <= 1)) and np.all(p[h.x == 0] == 1)
    assert np.all(less >= 0) and np.all(more >= less - 1e-9)


def test_without_dropping_out_customers_are_steady_buyers():
    steady = Fit(("r", "alpha", "a", "b"), (2.0, 10.0, 1.2e-4, 8000.0), (None,) * 4, 0.0, 1, True)
    h = Histories(np.array([5]), np.array([300]), np.array([350]))
    assert steady.at_limit
    assert expected(steady, h, 70)[0] == pytest.approx((2 + 5) / (10 + 50) * 10, rel=1e-3)


@pytest.mark.parametrize(
    "x, t, T", [([1], [0], [5]), ([0], [3], [5]), ([1], [6], [5]), ([-1], [0], [5])]
)
def test_impossible_histories_are_refused(x, t, T):
    with pytest.raises(ValueError, match="history"):
        Histories(np.array(x), np.array(t), np.array(T))


def test_simulated_parameters_are_found_again():
    rng = np.random.default_rng(7)
    n, r, alpha, a, b = 4000, 0.6, 5.0, 0.8, 2.5
    T, rate, drop = rng.integers(200, 700, n), rng.gamma(r, 1 / alpha, n) / 7, rng.beta(a, b, n)
    x, last, clock, live = np.zeros(n, int), np.zeros(n), np.zeros(n), np.ones(n, bool)
    while live.any():
        clock = clock + rng.exponential(1 / rate)
        live &= clock <= T - 1
        x[live] += 1
        last[live] = np.maximum(np.ceil(clock[live]), last[live] + 1)
        live &= ~(rng.random(n) < drop)
    last = np.minimum(last, T)
    fit = fit_bgnbd(Histories(x, last.astype(int), T))
    for value, error, truth in zip(fit.values, fit.errors, (r, alpha, a, b), strict=True):
        assert abs(value - truth) < 4 * error


def test_the_climb_on_few_histories_ends_where_the_climb_on_all_does(cdnow, monkeypatch):
    frame = purchases.purchases(cdnow.table("orders"), CUT)
    whole, _ = fitted(frame, CUT)
    monkeypatch.setattr(buying, "SAMPLE", 100)
    near, looks, likelihood = [], [], buying.log_likelihood
    monkeypatch.setattr(
        buying,
        "log_likelihood",
        lambda p, g: (looks if g.weight.size > 1000 else near).append(1) or likelihood(p, g),
    )
    short, _ = fitted(frame, CUT)
    assert short.values == pytest.approx(whole.values, rel=1e-5) and short.errors == pytest.approx(
        whole.errors, rel=1e-4
    )
    assert len(near) > len(looks) and len(looks) < 30  # most of the way on few, the end on all
