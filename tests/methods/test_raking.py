"""Tables in whole numbers keep every margin."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbook.base.errors import ParameterProblem
from playbook.methods.apportionment import split
from playbook.methods.raking import fit, proportional_fit


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


def test_a_seed_that_lies_where_the_margins_have_no_use_for_it_still_gives_a_table():
    seed = np.array(
        [[565, 0, 217, 215], [890, 963, 476, 0], [716, 912, 918, 0], [849, 502, 0, 478]]
    )
    rows, columns = np.array([173308, 1184, 90109, 916]), np.array([48285, 38724, 3123, 175385])
    with pytest.raises(ParameterProblem, match="cannot all hold"):
        proportional_fit(seed * 1e3 + 1e-6, [rows, columns])
    table = fit(seed * 1e3 + 1e-6, [rows, columns])
    assert (table >= 0).all()
    assert (table.sum(axis=1) == rows).all() and (table.sum(axis=0) == columns).all()
    closed = np.array([[1.0, 0.0], [1.0, 1.0]])
    with pytest.raises(ParameterProblem, match="cannot all hold"):
        fit(closed, [np.array([10, 1]), np.array([4, 7])])  # a cell that is shut stays so
