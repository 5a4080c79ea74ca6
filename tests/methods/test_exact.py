"""Lines rounded to whole minor units add up to their group's rounded total."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbook.methods import exact

groups = st.lists(
    st.lists(st.integers(-(10**9), 10**9), min_size=1, max_size=6), min_size=1, max_size=5
)


def columns(parts):
    """(values, group number, first row of each group) of lists of values."""
    group = np.repeat(np.arange(len(parts)), [len(rows) for rows in parts])
    return np.array([v for rows in parts for v in rows]), group, exact.starts(group)


@given(groups)
def test_rounded_lines_are_within_a_unit_and_add_up(parts):
    values, group, first = columns(parts)
    lines = exact.round_lines(values, 1000, first, group)
    sums = exact.group_sum(lines, first).tolist()
    assert sums == [round(Fraction(sum(rows), 1000)) for rows in parts]  # round is half-even
    assert (np.abs(lines - values / 1000) < 1).all()


@given(groups)
def test_lines_beyond_machine_integers_are_rounded_alike(parts):
    values, group, first = columns(parts)
    large = exact.times(values, 10**12)
    assert large.dtype == object or np.abs(values).max() * 10**12 < exact.SAFE
    lines = exact.round_lines(large.astype(object), 10**15, first, group)
    assert lines.tolist() == exact.round_lines(values, 1000, first, group).tolist()


@given(groups)
def test_increments_undo_running_totals(parts):
    values, group, first = columns(parts)
    running = exact.running(values, first, group)
    assert running[first].tolist() == [rows[0] for rows in parts]
    assert exact.increments(running, first).tolist() == values.tolist()


@given(st.integers(-(10**12), 10**12), st.integers(1, 10**6))
def test_half_even_is_the_rounding_of_fractions(numerator, unit):
    assert exact.half_even(np.array([numerator]), unit)[0] == round(Fraction(numerator, unit))


def test_a_value_with_more_decimals_than_it_may_have_is_refused():
    with pytest.raises(ValueError, match=r"0\.125 has more than 2 decimals"):
        exact.scaled(exact.Decimal("0.125"), 2)
