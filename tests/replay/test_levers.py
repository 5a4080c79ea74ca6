"""Measures on and off: contributions add up, without measures the crisis stays, the cache is of these parameters."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.shared import REPO

from playbook import replay
from playbook.data.book import Book
from playbook.replay.levers import LEVERS, cached, outcomes, shapley, switched
from playbook.replay.parameters import Company
from playbook.replay.switches import contributions, corners, stale

MASKS = ["".join(bits) for bits in product("01", repeat=3)]


def test_two_measures_by_hand():
    """Alone 1 and 2, together 4: the extra 1 is shared."""
    assert shapley({"00": 0.0, "10": 1.0, "01": 2.0, "11": 4.0}, ("a", "b")) == {"a": 1.5, "b": 2.5}


@given(st.lists(st.floats(-10, 10), min_size=8, max_size=8))
def test_contributions_add_up_to_the_whole(values):
    game = dict(zip(MASKS, values, strict=True))
    assert sum(shapley(game, ("a", "b", "c")).values()) == pytest.approx(game["111"] - game["000"], abs=1e-9)


def test_a_measure_that_does_nothing_gets_nothing():
    game = {mask: float(mask[0] == "1") * 3 for mask in MASKS}
    assert shapley(game, ("a", "b", "c")) == pytest.approx({"a": 3.0, "b": 0.0, "c": 0.0})


def test_without_measures_the_company_stays_in_its_crisis():
    none, every = outcomes(switched(Company(), ())), outcomes(switched(Company(), LEVERS))
    assert none["growth"] < 0.05 and none["renewal"] < 0.75 and none["match"] < 0.5 and none["cycle"] > 48
    assert every["growth"] == pytest.approx(0.42, abs=0.01) and every["match"] == pytest.approx(0.72, abs=0.005) and every["cycle"] == 36


def test_the_cached_runs_are_whole_and_of_these_parameters():
    runs, _ = cached()
    assert not stale(), "run python -m playbook.replay.levers"
    assert set(runs.groupby("seed")["mask"].nunique()) == {2 ** len(LEVERS)}
    made, ends = contributions(runs), corners(runs).set_index("outcome")
    for outcome, rows in made.groupby("outcome"):
        assert rows.effect.sum() == pytest.approx(ends.change[outcome], abs=1e-9)


def test_an_earlier_report_does_not_know_the_outcome():
    assert replay.levers(Book.open(REPO / "data" / "sample", "2023-06")).status == "not available"
