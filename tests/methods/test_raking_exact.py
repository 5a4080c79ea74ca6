"""Cells that rounding at the corners makes negative come back to zero, and no further."""

import numpy as np

from playbook.methods.raking import product


def test_a_negative_cell_becomes_zero_and_margins_stay():
    """Three rows and columns of 1: every cell is a third. Corners round to 0 0 1, 0 1 1, 1 1 2, …:
    the table 0 1 0 / 1 −1 1 / 0 1 0, whose middle is put right with one step along its row and
    column.
    """
    table = product([1, 1, 1], [1, 1, 1])
    assert table.tolist() == [[1, 0, 0], [0, 0, 1], [0, 1, 0]]
    assert table.sum(axis=0).tolist() == table.sum(axis=1).tolist() == [1, 1, 1]


def test_halves_round_up_at_the_corner():
    """2 to be split evenly by two rows of 1 and columns of 1: the corner of 0.5 becomes 1."""
    assert product([1, 1], [1, 1]).tolist() == [[1, 0], [0, 1]]
    assert product([3, 1], [2, 2]).tolist() == [[2, 1], [0, 1]]
    assert product([0, 0], [0, 0]).dtype == np.int64
