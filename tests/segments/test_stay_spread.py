"""The interval of the revenue of the next 12 months."""

from __future__ import annotations

import math
from datetime import date
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from small_books import book, order

from playbook.methods.bgnbd import Histories, expected
from playbook.methods.bgnbd_draws import drawn_totals
from playbook.methods.likelihood import Fit
from playbook.methods.order_sizes import Sizes, relative_variance
from playbook.segments.stay import contract_value
from playbook.segments.stay.ahead_interval import Spread, Z, customer_ranges, spread_of
from playbook.segments.stay.contract_value import contract_error, contract_ranges, contract_spread
from playbook.segments.stay.holdout import Holdout

FIT = Fit(("r", "alpha", "a", "b"), (0.55, 10.6, 0.77, 3.2), (None,) * 4, 0.0, 300, True)


def histories(n=400):
    rng = np.random.default_rng(7)
    x = rng.integers(0, 6, n)
    T = rng.integers(200, 500, n)
    t = np.where(x > 0, (T * rng.uniform(0.2, 1, n)).astype(int).clip(1), 0)
    return Histories(x.astype(float), t.astype(float), T.astype(float))


def test_draws_lie_around_what_the_model_expects_and_vary_as_independent_customers_do():
    h = histories()
    totals = drawn_totals(FIT, h, 365, np.ones(400), draws=400)
    mean = expected(FIT, h, 365).sum()
    error = totals.std() / math.sqrt(len(totals))
    assert abs(totals.mean() - mean) < 4 * error
    assert totals.std() == pytest.approx(
        drawn_totals(FIT, h, 365, np.full(400, 2.0)).std() / 2, 0.2
    )
    again = drawn_totals(FIT, h, 365, np.ones(400), draws=400)
    assert (again == totals).all()  # the same in every run


def contract(name, start, end, value, **more):
    row = {"contract_id": name, "customer_id": name, "start": start, "end": end}
    return row | {"annual_value": value} | more


def test_contracts_come_or_go_one_by_one_and_their_rate_is_not_known_better_than_it_is():
    """Two of four contracts due in the year were renewed: the rate is 1/2 ± 1/4. A running one of
    730 a year ends in 73 days: 584 are at stake, at even odds.
    """
    rows = [contract(f"d{i}", "2022-01-01", "2022-12-31", 100) for i in range(4)]
    rows += [contract("n0", "2023-01-01", "2023-12-31", 100, customer_id="d0")]
    rows += [contract("n1", "2023-01-01", "2023-12-31", 100, customer_id="d1")]
    rows[0]["renewed_by"], rows[1]["renewed_by"] = "n0", "n1"
    rows += [contract("run", "2022-09-12", "2023-09-11", 730)]
    here = book("2023-06", orders=[order("run", "2023-06-01", 1, 1)], contracts=rows)
    frame = pd.DataFrame(
        {"customer_id": ["run"], "how": ["contract"], "alive": 1.0, "revenue": 1.0}
    )
    alone = contract_spread(here, frame)  # nothing of its own came due: no rate, no chance
    assert alone == 0
    every = [f"d{i}" for i in range(4)]
    frame = pd.DataFrame(
        {"customer_id": ["run", *every], "how": "contract", "alive": 1.0, "revenue": 1.0}
    )
    left = 100 * (1 - 184 / 365)  # of n0 and n1, each at even odds
    stake = 730 * (1 - 73 / 365)
    single = (stake**2 + 2 * left**2) / 4
    shared = (stake + 2 * left) * math.sqrt(0.25 / 4)
    assert contract_spread(here, frame) == pytest.approx(math.sqrt(single + shared**2))


def test_the_interval_is_as_wide_as_the_model_was_off():
    rows = pd.DataFrame(
        {"how": ["model"] * 400, "customer_id": range(400), "revenue": 10.0, "alive": 1.0}
    )
    here = book("2023-06", orders=[order("a", "2023-06-01", 1, 1)])
    held = Holdout(pd.DataFrame(), 100, here.as_of, 80.0, 100.0, 90.0, 1.0, 1.0)
    found = spread_of(here, rows, FIT, histories(), np.ones(400), held)
    assert found.model == pytest.approx(4000 * math.log(100 / 80)) and found.renewing == 0
    half = Z * math.hypot(found.buying, found.model)
    assert (found.low, found.high) == (pytest.approx(4000 - half), pytest.approx(4000 + half))
    blind = spread_of(here, rows, FIT, histories(), np.ones(400), None)
    assert blind.model == 0 and "may be too narrow" in blind.text()
    assert "too narrow" not in found.text()


def test_contracts_are_checked_against_the_year_they_were_valued_for():
    """Valued a year ago at 1000, without an end; 1100 came in."""
    orders = [order("a", "2022-01-01", 10, 1), order("a", "2022-09-01", 1100, 2)]
    rows = [contract("a", "2021-01-01", None, 1000)]
    here = book("2023-06", orders=orders, contracts=rows)
    assert contract_error(here) == pytest.approx(math.log(1.1))
    late = book("2023-06", orders=orders, contracts=[contract("a", "2022-08-01", None, 1000)])
    assert contract_error(late) == 0


def test_a_single_customers_interval_is_what_it_happens_to_buy():
    """Many at one a week: Poisson(52.14) a year; its 2.5 % and 97.5 % are 38 and 67."""
    fit = Fit(("r", "alpha", "a", "b"), (1e6, 1e6, 1e-6, 1.0), (None,) * 4, 0.0, 1, True)
    rows = pd.DataFrame({"customer_id": ["A", "B"], "how": ["model", "all returned"]})
    none = np.zeros(2)
    of, worth = Histories(none, none, none), np.array([10.0, 10.0])
    known = np.full(2, 1e12)
    found = customer_ranges(None, rows, fit, of, worth, Sizes(0.0, known))
    assert found["low"].round(2).tolist() == [380, 0]
    assert found["high"].round(2).tolist() == [670, 0]
    # exponential sizes: variance of the sum 52.14 · 2 · 10², so about 521 ± 1.96 · 102
    wide = customer_ranges(None, rows, fit, of, worth, Sizes(1.0, known))
    assert wide["low"][0] == pytest.approx(521.4 - 1.96 * 102, rel=0.08)
    assert wide["high"][0] == pytest.approx(521.4 + 1.96 * 102, rel=0.08)


def test_a_contracts_interval_is_without_and_with_what_may_be_renewed(monkeypatch):
    contracts = pd.DataFrame(
        {
            "contract_id": ["K1", "K2", "K3"],
            "customer_id": ["A", "B", "C"],
            "start": pd.to_datetime(["2022-07-01"] * 2 + ["2020-07-01"]),
            "end": pd.to_datetime(["2023-09-11", "2023-09-11", "2021-06-30"]),
            "annual_value": [3650.0, 3650.0, 1000.0],
            "renewed": [False, True, False],
            "successor": [None, "K9", None],
        }
    )
    monkeypatch.setattr(contract_value, "paying_contracts", lambda _: contracts)
    monkeypatch.setattr(contract_value, "renewal_chance", lambda c, _: pd.Series(0.6, c.index))
    rows = pd.DataFrame(
        {
            "customer_id": ["A", "B", "C"],
            "how": ["contract", "contract", "lapsed contract"],
            "alive": [1.0, 1.0, 0.2],
            "revenue": [0.0, 0.0, 200.0],
        }
    )
    found = contract_ranges(SimpleNamespace(as_of=date(2023, 6, 30)), rows)
    # 73 days of A's contract are left: 730; B's renewal is signed; C comes back or not
    assert found["low"].tolist() == [730, 3650, 0] and found["high"].tolist() == [3650, 3650, 1000]


def test_an_interval_without_contracts_speaks_of_none():
    assert "contracts" not in Spread(1.0, 2.0, 1.0, 0.0, 0.0).text()
    assert "contracts happen to be renewed" in Spread(1.0, 2.0, 1.0, 0.5, 0.0).text()


def test_sizes_within_customers_are_pooled_by_hand():
    """A: 50, 150 (m 100, s² 5000); B: 10, 20, 30 (m 20, s² 100); C bought once and tells nothing.
    (1 · 5000 + 2 · 100) ÷ (1 · (10000 − 2500) + 2 · (400 − 100/3)).
    """
    found = relative_variance(
        np.array([2, 3, 1]), np.array([200, 60, 70]), np.array([25000, 1400, 4900])
    )
    assert found == pytest.approx(5200 / (7500 + 2200 / 3))
    assert relative_variance(np.array([1]), np.array([70]), np.array([4900])) == 0


def test_drawn_sizes_have_the_variance_they_are_given():
    """Four purchases at cv² 0.5 of a mean known as an inverse Gamma of shape 10, whose relative
    variance is 1/8: 4 on average; (4² + 4 · 0.5) · (1 + 1/8) − 4² is the variance, 4.25.
    """
    rng = np.random.default_rng(3)
    found = Sizes(0.5, np.full(200_000, 10.0)).drawn(rng, np.full(200_000, 4))
    assert found.mean() == pytest.approx(4, rel=0.01)
    assert found.var() == pytest.approx(4.25, rel=0.05)
    nothing = Sizes(0.5, np.full(3, 10.0)).drawn(rng, np.zeros(3))
    assert nothing.tolist() == [0, 0, 0]


def test_the_interval_holds_in_simulated_years_and_would_not_without_sizes():
    """400 years of a company of 60 customers, order sizes of cv² 4, nothing else unknown: what
    comes lies inside as often as it should; with order sizes fixed it would not.
    """
    rng, h = np.random.default_rng(11), histories(60)
    worth = rng.gamma(2.0, 50.0, 60)
    rows = pd.DataFrame({"how": ["model"] * 60, "customer_id": range(60), "alive": 1.0})
    rows = rows.assign(revenue=expected(FIT, h, 365) * worth)
    here = book("2023-06", orders=[order("a", "2023-06-01", 1, 1)])
    sizes = Sizes(4.0, np.full(60, 1e9))
    with_, without = (spread_of(here, rows, FIT, h, worth, None, s) for s in (sizes, None))
    come = drawn_totals(FIT, h, 365, worth, draws=400, seed=99, sizes=sizes)
    inside = [np.mean((s.low <= come) & (come <= s.high)) for s in (with_, without)]
    assert 0.92 <= inside[0] <= 0.98 and inside[1] < 0.85, inside


def test_customers_whose_contract_lapsed_come_back_or_not():
    """Two who would bring 100 each: one comes back half the time, one in five."""
    rows = pd.DataFrame(
        {"how": "lapsed contract", "alive": [0.5, 0.2], "revenue": [50.0, 20.0]},
        index=["a", "b"],
    )
    assert contract_spread(None, rows) == pytest.approx((100**2 * (0.25 + 0.16)) ** 0.5)
    assert contract_spread(None, rows.iloc[:0]) == 0
