"""Tables in whole numbers keep every margin."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbook.base.errors import ParameterProblem
from playbook.methods.apportionment import split
from playbook.methods.raking import fit


def test_deals_by_size_and_kind_keep_both_margins():
    table = fit(np.ones((3, 3)), [np.array([10, 30, 100]), split(140, [0.4, 0.3, 0.3])])
    assert table.sum(axis=1).tolist() == [10, 30, 100]
    assert table.sum(axis=0).tolist() == [56, 42, 42]
    assert table[0].tolist() == [4, 3, 3]


@given(st.integers(2, 4), st.integers(2, 5), st.randoms(use_true_random=False))
def test_fitted_tables_keep_both_margins(rows, columns, random):
    inside = np.array([[random.randint(0, 40) for _ in range(columns)] for _ in range(rows)])
    seed = np.array([[random.random() + 0.1 for _ in range(columns)] for _ in range(rows)])
    made = fit(seed, [inside.sum(axis=1), inside.sum(axis=0)])
    assert (
        (made.sum(axis=1) == inside.sum(axis=1)).all()
        and (made.sum(axis=0) == inside.sum(axis=0)).all()
        and (made >= 0).all()
    )


def test_three_margins_hold_at_once():
    made = fit(np.ones((2, 3, 2)), [np.array([7, 4]), np.array([5, 3, 3]), np.array([6, 5])])
    assert made.sum(axis=(1, 2)).tolist() == [7, 4]
    assert made.sum(axis=(0, 2)).tolist() == [5, 3, 3]
    assert made.sum(axis=(0, 1)).tolist() == [6, 5]


def test_contradicting_margins_are_refused_with_both_totals():
    with pytest.raises(ParameterProblem, match="size sums to 140, kind to 141"):
        fit(np.ones((2, 2)), [np.array([100, 40]), np.array([100, 41])], ["size", "kind"])
