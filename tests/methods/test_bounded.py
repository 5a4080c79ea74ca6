"""Splits with floors and caps, and the weights and bounds that are refused."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbook.base.errors import ParameterProblem
from playbook.methods.bounded import bounded
from playbook.methods.weights import check_shares, check_weights


@given(
    st.integers(0, 1000),
    st.lists(
        st.tuples(st.integers(1, 50), st.integers(0, 100), st.integers(0, 200)),
        min_size=1,
        max_size=8,
    ),
)
def test_floors_and_caps_hold_and_the_rest_is_split_again(total, parts):
    w, low, high = (np.array(x) for x in zip(*((w, a, a + b) for w, a, b in parts), strict=True))
    if low.sum() > total or high.sum() < total:
        with pytest.raises(ParameterProblem):
            bounded(total, w, low, high)
        return
    made = bounded(total, w, low, high)
    assert made.sum() == total and (made >= low).all() and (made <= high).all()


def test_a_pin_stays_and_the_others_share_the_rest_by_weight():
    assert bounded(100, [1, 1, 2], [40, 0, 0], [40, 100, 100]).tolist() == [40, 20, 40]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: check_weights([0.5, -0.1], ["East", "West"]), "weight of West"),
        (lambda: check_weights([0, 0]), "all weights are 0"),
        (lambda: check_shares([0.5, 0.4]), "shares sum to 90"),
        (
            lambda: bounded(100, [1, 1], [120, 0], [120, 200], ["East", "West"]),
            "East is pinned or floored at 120, above its parent's 100",
        ),
        (lambda: bounded(100, [1, 1], [60, 60], [100, 100]), "floors and pins sum to 120"),
        (lambda: bounded(100, [1, 1], [0, 0], [30, 30]), "caps and pins hold 60"),
    ],
)
def test_weights_and_bounds_that_cannot_be_followed_are_refused(call, message):
    with pytest.raises(ParameterProblem, match=message):
        call()
