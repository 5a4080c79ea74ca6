"""Integer arithmetic on columns: running totals inside groups, half-even rounding, and lines
rounded so that they add up to their group's rounded total.

A column of rows in groups comes with ``group`` (N,), the group number of each row, rising from 0
without holes, and ``first`` (G,), the position of each group's first row (``starts``).
"""

from __future__ import annotations

from decimal import Decimal

import numpy as np

from .apportionment import largest_remainder

SAFE = 2**62  # beyond this int64 could wrap; Python's own integers take over


def scaled(value: Decimal, digits: int) -> int:
    """``value × 10^digits`` as an integer. Raises ValueError when the value has more decimals.

    >>> scaled(Decimal("0.0125"), 4)
    125
    """
    found = value.scaleb(digits)
    if found != found.to_integral_value():
        raise ValueError(f"{value} has more than {digits} decimals")
    return int(found)


def times(values: np.ndarray, factor: int) -> np.ndarray:
    """``values × factor``, in Python integers where int64 could wrap.

    >>> times(np.array([2**40]), 2**30)
    array([1180591620717411303424], dtype=object)
    """
    most = max(abs(int(values.max(initial=0))), abs(int(values.min(initial=0))))
    return (values if most * abs(factor) < SAFE else values.astype(object)) * factor


def starts(group: np.ndarray) -> np.ndarray:
    """Position of the first row of each group (G,).

    >>> starts(np.array([0, 0, 1, 2, 2])).tolist()
    [0, 2, 3]
    """
    return (
        np.flatnonzero(np.r_[True, group[1:] != group[:-1]])
        if len(group)
        else np.empty(0, dtype=np.int64)
    )


def running(values: np.ndarray, first: np.ndarray, group: np.ndarray) -> np.ndarray:
    """Running total inside each group, the row itself included (N,).

    The running total over all groups may wrap around: that cancels in the difference, so only the
    totals inside a group need to fit.

    >>> running(np.array([5, 1, 7]), np.array([0, 2]), np.array([0, 0, 1])).tolist()
    [5, 6, 7]
    """
    total = np.cumsum(values)
    before = total[first] - values[first]
    return total - before[group]


def increments(cumulative: np.ndarray, first: np.ndarray) -> np.ndarray:
    """What each row adds to its group's cumulative value (N,): the inverse of ``running``.

    >>> increments(np.array([5, 6, 7]), np.array([0, 2])).tolist()
    [5, 1, 7]
    """
    added = cumulative.copy()
    added[1:] -= cumulative[:-1]
    added[first] = cumulative[first]
    return added


def group_sum(values: np.ndarray, first: np.ndarray) -> np.ndarray:
    """Sum per group (G,).

    >>> group_sum(np.array([5, 1, 7]), np.array([0, 2])).tolist()
    [6, 7]
    """
    return np.add.reduceat(values, first) if len(first) else values[:0]


def half_even(numerator: np.ndarray, unit: int) -> np.ndarray:
    """``numerator ÷ unit`` rounded to whole numbers, halves to the even one (IEEE 754 rounding).

    >>> half_even(np.array([5, 15, 16, -5]), 10).tolist()
    [0, 2, 2, 0]
    """
    floor = numerator // unit
    twice = 2 * (numerator - floor * unit)
    up = (twice > unit) | ((twice == unit) & (floor % 2 == 1))
    return floor + up.astype(floor.dtype if floor.dtype != object else np.int64)


def round_lines(exact: np.ndarray, unit: int, first: np.ndarray, group: np.ndarray) -> np.ndarray:
    """Lines in whole minor units that add up to their group's total rounded half-even.

    Parameters
    ----------
    exact : (N,) integers in ``1/unit`` of a minor unit
    unit : how many of them make a minor unit
    first, group : the groups, see the module

    Returns
    -------
    int64 (N,), each within one minor unit of its exact value; what rounding down leaves over goes
    to the largest remainders, the earlier line first among equals.

    Examples
    --------
    0.5 + 0.5 + 0.5 = 1.5 rounds to 2, so two lines get one unit:

    >>> round_lines(np.array([5, 5, 5]), 10, np.array([0]), np.array([0, 0, 0])).tolist()
    [1, 1, 0]
    """
    floor = exact // unit
    left = exact - floor * unit
    missing = half_even(group_sum(exact, first), unit) - group_sum(floor, first)
    remainder = left.astype(np.float64) if left.dtype == object else left
    return largest_remainder(floor, remainder, missing, group).astype(np.int64)
