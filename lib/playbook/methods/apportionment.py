"""Whole numbers split by weights so that the parts always sum to the total (largest remainder).

Everything works on integers of the smallest unit (cents, deals). Money enters and leaves through
``to_units`` and ``from_units``. All rounding of parts to a total in this library ends in one
function, ``largest_remainder``.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

import numpy as np

from playbook.base.errors import refused
from playbook.base.language import say

from .weights import check_weights

# Parts rounded together: they stay in the processor's cache, and a large cascade in little memory.
CELLS_AT_ONCE = 1 << 16
BITS = 40  # resolution of a fractional part; equal weights tie exactly below it


def to_units(amount: Any, digits: int) -> int:
    """An amount in whole minor units, halves to the even one.

    Parameters
    ----------
    amount : Decimal, int or float [currency]; a float is taken as it prints
    digits : decimals of the currency

    Examples
    --------
    >>> to_units(12.345, 2), to_units(Decimal("0.115"), 2)
    (1234, 12)
    """
    exact = (
        amount
        if isinstance(amount, Decimal)
        else Decimal(repr(float(amount)))
        if isinstance(amount, float)
        else Decimal(int(amount))
    )
    return int(exact.scaleb(digits).quantize(Decimal(1), rounding=ROUND_HALF_EVEN))


def from_units(units: Any, digits: int) -> Decimal:
    """Minor units as an exact amount [currency].

    Examples
    --------
    >>> from_units(1234, 2)
    Decimal('12.34')
    """
    return Decimal(int(units)).scaleb(-digits)


def largest_remainder(
    floor: np.ndarray, remainder: np.ndarray, missing: np.ndarray, group: np.ndarray | None = None
) -> np.ndarray:
    """Parts rounded down, plus one unit for the parts with the largest remainders.

    part = floor + 1 for the ``missing`` largest remainders of its group, else floor. Among equal
    remainders the earlier part comes first.

    Parameters
    ----------
    floor : whole numbers (G, K), one row per group, or (N,) with ``group``
    remainder : what rounding down left over, same shape; any numbers that can be compared
    missing : whole numbers (G,), units a group's floors are short of its total; at most one unit
        is added to a part
    group : (N,) group number of each part, rising from 0, where groups differ in size

    Returns
    -------
    array like ``floor``

    References: the method of A. Hamilton (1792), also H. Niemeyer and T. Hare; M. L. Balinski,
    H. P. Young, Fair Representation (1982), chapter 2.

    Examples
    --------
    Quotas 2.8, 1.9, 1.3 of a total of 6:

    >>> largest_remainder(np.array([[2, 1, 1]]), np.array([[0.8, 0.9, 0.3]]), np.array([2]))
    array([[3, 2, 1]])

    Groups of one and two parts:

    >>> parts = np.array([4, 1, 1]), np.array([0.0, 0.5, 0.5])
    >>> largest_remainder(*parts, np.array([0, 1]), np.array([0, 1, 1]))
    array([4, 2, 1])
    """
    if group is None:
        order = np.argsort(-remainder, axis=1, kind="stable")
        added = np.zeros(floor.shape, dtype=bool)
        width = floor.shape[1]
        np.put_along_axis(added, order, np.arange(width) < missing[:, None], axis=1)
        return floor + added
    first = np.searchsorted(group, np.arange(len(missing)))
    if len(floor) and remainder.dtype.kind == "i" and missing.dtype.kind == "i":
        span = int(remainder.max()) - int(remainder.min()) + 1
        if len(missing) * span < 2**62:
            return floor + _largest(remainder, missing, group, first, span)
    order = np.lexsort((-remainder, group))
    rank = np.empty(len(floor), dtype=np.int64)
    rank[order] = np.arange(len(floor)) - first[group]
    return floor + (rank < missing[group]).astype(np.int64)


def _largest(
    remainder: np.ndarray, missing: np.ndarray, group: np.ndarray, first: np.ndarray, span: int
) -> np.ndarray:
    """1 for the ``missing`` largest remainders of each group, else 0. Whole numbers are sorted as
    such, which takes a tenth of sorting their places; span: how many different ones there may be.
    """
    falling = int(remainder.max()) - remainder.astype(np.int64)
    ends = np.r_[first[1:], len(remainder)]
    most = np.minimum(np.maximum(missing, 0), ends - first)
    ranked = np.sort(group * np.int64(span) + falling) - group * np.int64(span)
    some = most > 0
    last = np.full(len(missing), -1, dtype=np.int64)  # the smallest remainder that gets a unit
    last[some] = ranked[(first + most - 1)[some]]
    edge = last[group]
    over, equal = falling < edge, falling == edge
    counted = np.cumsum(np.r_[0, over])
    left = most - (counted[ends] - counted[first])
    place = np.cumsum(np.r_[0, equal])
    return (over | (equal & (place[:-1] - place[first][group] < left[group]))).astype(np.int64)


def split(total: int | np.ndarray, weights: Any) -> np.ndarray:
    """Each total split over the last axis of ``weights`` by largest remainder.

    quota_k = total · w_k ÷ Σ w; parts are the quotas rounded down, and the units still missing go
    to the largest fractions.

    Parameters
    ----------
    total : int, or int array (G,) : totals in the smallest unit, 0 or more
    weights : (K,) shared by all groups, or (G, K)

    Returns
    -------
    int64 (K,) or (G, K); every row sums to its total. Equal fractions go to the part declared
    first.

    Raises ParameterProblem for a negative total and for weights ``check_weights`` refuses.
    References: see ``largest_remainder``.

    Examples
    --------
    >>> split(7, [42.86, 28.57, 28.57]).tolist()
    [3, 2, 2]
    >>> int(split(100_000, [1] * 12).sum())
    100000
    """
    totals, values = np.atleast_1d(np.asarray(total, dtype=np.int64)), check_weights(weights)
    if (totals < 0).any():
        raise refused(
            say("a total of {total}", total=totals.min()),
            say("a total of 0 or more"),
            say("split what is to be reached; corrections are targets of their own"),
        )
    shares = np.atleast_2d(values / values.sum(axis=-1, keepdims=True))
    out = np.empty((len(totals), shares.shape[1]), dtype=np.int64)
    step = max(1, CELLS_AT_ONCE // shares.shape[1])
    for start in range(0, len(totals), step):
        part = slice(start, start + step)
        out[part] = _split_rows(totals[part], shares[part] if len(shares) > 1 else shares)
    return out[0] if np.ndim(total) == 0 else out


def _split_rows(totals: np.ndarray, shares: np.ndarray) -> np.ndarray:
    """Rows of parts that sum to ``totals`` (G,); shares (1, K) or (G, K) sum to 1.

    A quota that binary fractions leave just below a whole number counts as that number (20 % of 10
    is 2), and fractions are compared to ``BITS`` bits, so that equal weights tie exactly.
    """
    near = (1e-9 + 8 * np.finfo(float).eps * totals)[:, None]
    fraction = totals[:, None] * shares
    floor = np.floor(fraction + near)
    fraction -= floor
    fraction[fraction < near] = 0.0
    parts = floor.astype(np.int64)
    missing = totals - parts.sum(axis=1)
    fraction *= 1 << BITS
    return _settle(largest_remainder(parts, fraction.astype(np.int64), missing), totals)


def _settle(parts: np.ndarray, totals: np.ndarray) -> np.ndarray:
    """Rows that float arithmetic left off by a few units (totals near 2**53), put right on their
    largest part.
    """
    off = totals - parts.sum(axis=1)
    for row in np.flatnonzero(off):
        parts[row, parts[row].argmax()] += off[row]
    return parts


def cascade(total: int, levels: Sequence[Any]) -> list[np.ndarray]:
    """A total carried down through levels, parents first: each part is split by the next level.

    Parameters
    ----------
    total : int, in the smallest unit
    levels : per level, weights (K,) alike for all parents, or of shape (…parents, K)

    Returns
    -------
    one int64 array per level, of shape (K1,), (K1, K2), …; each sums over its last axis to the
    level above, exactly.

    Examples
    --------
    >>> regions, quarters = cascade(10, [[3, 2], [1, 1, 1, 1]])
    >>> regions.tolist(), quarters.tolist()
    ([6, 4], [[2, 2, 1, 1], [1, 1, 1, 1]])
    """
    parents, results = np.asarray([total], dtype=np.int64), []
    shape: tuple[int, ...] = ()
    for weights in levels:
        values = np.asarray(weights, dtype=float)
        flat = values if values.ndim == 1 else values.reshape(-1, values.shape[-1])
        children = split(parents, flat)
        shape = (*shape, children.shape[-1])
        results.append(children.reshape(shape))
        parents = children.reshape(-1)
    return results


def proof(levels: Sequence[np.ndarray], total: int) -> list[tuple[int, int, int]]:
    """Per level of a cascade: (number of parts, their sum, largest difference between a parent and
    the sum of its parts); an exact cascade shows differences of 0.

    Examples
    --------
    >>> proof(cascade(10, [[3, 2], [1, 1, 1, 1]]), 10)
    [(2, 10, 0), (8, 10, 0)]
    """
    rows, parent = [], np.asarray(total)
    for level in levels:
        rows.append((level.size, int(level.sum()), int(np.abs(level.sum(axis=-1) - parent).max())))
        parent = level
    return rows
