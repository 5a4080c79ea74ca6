"""Whole-number arithmetic on columns: running totals inside groups, and rounding whose parts add up
to the rounded whole.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

import numpy as np

SAFE = 2**62  # beyond this int64 could wrap; Python's own integers take over


def decimals(values: Iterable[Decimal]) -> int:
    """Digits after the point that all the values need."""
    return max((max(0, -value.normalize().as_tuple().exponent) for value in values), default=0)


def whole(value: Decimal, digits: int) -> int:
    """``value × 10^digits``, which must be whole."""
    scaled = value.scaleb(digits)
    if scaled != scaled.to_integral_value():
        raise ValueError(f"{value} has more than {digits} decimals")
    return int(scaled)


def times(values: np.ndarray, factor: int) -> np.ndarray:
    """``values × factor``, in Python integers where int64 could wrap."""
    most = max(abs(int(values.max(initial=0))), abs(int(values.min(initial=0))))
    return (values if most * abs(factor) < SAFE else values.astype(object)) * factor


def starts(group: np.ndarray) -> np.ndarray:
    """Position of the first row of each group of a sorted, dense group number."""
    return (
        np.flatnonzero(np.r_[True, group[1:] != group[:-1]])
        if len(group)
        else np.empty(0, dtype=np.int64)
    )


def running(values: np.ndarray, first: np.ndarray, group: np.ndarray) -> np.ndarray:
    """Running total inside each group, the row itself included.

    Wrapping of the running total across groups cancels in the difference, so only totals inside a
    group need to fit.
    """
    total = np.cumsum(values)
    before = total[first] - values[first]
    return total - before[group]


def increments(cumulative: np.ndarray, first: np.ndarray) -> np.ndarray:
    """What each row adds to its group's cumulative value."""
    added = cumulative.copy()
    added[1:] -= cumulative[:-1]
    added[first] = cumulative[first]
    return added


def group_sum(values: np.ndarray, first: np.ndarray) -> np.ndarray:
    """Sum per group."""
    return np.add.reduceat(values, first) if len(first) else values[:0]


def half_even(numerator: np.ndarray, unit: int) -> np.ndarray:
    """``numerator ÷ unit`` rounded to whole numbers, halves to the even one."""
    floor = numerator // unit
    twice = 2 * (numerator - floor * unit)
    up = (twice > unit) | ((twice == unit) & (floor % 2 == 1))
    return floor + up.astype(floor.dtype if floor.dtype != object else np.int64)


def round_lines(exact: np.ndarray, unit: int, first: np.ndarray, group: np.ndarray) -> np.ndarray:
    """Lines in whole minor units that add up to their group's total rounded half-even.

    exact: pay in ``1/unit`` of a minor unit. What rounding down leaves over goes to the largest
    remainders, the earlier line
    first among equals: no line is further than one minor unit from its exact pay.
    """
    floor = exact // unit
    left = exact - floor * unit
    missing = half_even(group_sum(exact, first), unit) - group_sum(floor, first)
    order = np.lexsort((-left.astype(np.float64) if left.dtype == object else -left, group))
    rank = np.empty(len(exact), dtype=np.int64)
    rank[order] = np.arange(len(exact)) - first[group]
    return (floor + (rank < missing[group]).astype(np.int64)).astype(np.int64)
