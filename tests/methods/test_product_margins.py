"""A product of two margins in whole numbers keeps both."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbook.base.errors import ParameterProblem
from playbook.methods.apportionment import split
from playbook.methods.raking import product

margin = st.lists(st.integers(0, 10**13), min_size=1, max_size=9)


@given(margin, margin)
def test_a_product_keeps_both_margins_exactly_whatever_their_size(rows, columns):
    columns = columns if sum(columns) else [1]
    weights = [c / sum(columns) for c in columns]
    columns = split(sum(rows), weights)
    made = product(rows, columns)
    assert (
        (made >= 0).all()
        and made.sum(axis=1).tolist() == rows
        and made.sum(axis=0).tolist() == columns.tolist()
    )
    share = np.outer(np.array(rows, dtype=float), columns.astype(float)) / max(1, sum(rows))
    assert (abs(made - share) <= 4 + 1e-9 * sum(rows)).all()


@pytest.mark.parametrize(
    ("rows", "columns"), [([1, 1, 1], [1, 1, 1]), ([1, 1, 3], [2, 1, 2]), ([1, 3, 3], [3, 1, 3])]
)
def test_a_few_cents_over_many_days_never_fall_below_nought(rows, columns):
    """Margins whose running totals round to a cell of −1."""
    made = product(rows, columns)
    assert (
        (made >= 0).all()
        and made.sum(axis=1).tolist() == rows
        and made.sum(axis=0).tolist() == columns
    )


def test_margins_of_a_product_that_contradict_are_refused():
    with pytest.raises(ParameterProblem, match="rows sum to 10, columns to 11"):
        product([4, 6], [5, 6])
