"""Brier score and bins of chances, by hand."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbook.methods.calibration import brier, calibration_bins


def test_the_brier_score_by_hand():
    """(0.1² + 0.4² + 0.5²) ÷ 3 = 0.42 ÷ 3."""
    assert brier([0.9, 0.6, 0.5], [True, True, False]) == pytest.approx(0.14)
    assert brier([1, 0], [True, False]) == 0 and brier([0, 1], [True, False]) == 1
    assert math.isnan(brier([], []))


def test_bins_hold_their_upper_edge_and_the_first_its_lower_one():
    found = calibration_bins([0.0, 0.2, 0.21, 1.0], [False, True, False, True])
    assert [(b.low, b.high, b.n, b.happened) for b in found] == [
        (0, 0.2, 2, 1),
        (0.2, 0.4, 1, 0),
        (0.8, 1, 1, 1),
    ]
    assert found[0].given == pytest.approx(0.1)


def test_the_p_of_a_bin_is_the_exact_binomial_one():
    """None of four at one half: two of sixteen ways are as unlikely (none, all)."""
    (found,) = calibration_bins([0.5] * 4, [False] * 4)
    assert found.p == pytest.approx(2 / 16)


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), max_size=40))
def test_every_forecast_is_in_one_bin(rows):
    p, y = [r[0] for r in rows], [r[1] for r in rows]
    found = calibration_bins(p, y)
    assert sum(b.n for b in found) == len(rows) and sum(b.happened for b in found) == sum(y)
    assert all(b.low <= b.given <= b.high and 0 <= b.p <= 1 for b in found)
