"""Exact decomposition: a whole number of units split by weights so that the parts always sum to the
whole.

Everything here works on integers of the smallest unit (cents, deals). Money enters and leaves
through ``to_units`` and ``from_units``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

import numpy as np

from playbook.base.errors import ParameterProblem, Problem

CELLS_AT_ONCE = (
    1 << 16
    # parts rounded together: they stay in the processor's cache, and a large cascade in little memory
)
BITS = 40  # resolution of a fractional part; equal weights tie exactly below it


def to_units(amount: Any, digits: int) -> int:
    """An amount in whole minor units, e.g. 12.345 with 2 digits → 1234 (half to even)."""
    exact = (
        amount
        if isinstance(amount, Decimal)
        else Decimal(repr(float(amount)))
        if isinstance(amount, float)
        else Decimal(int(amount))
    )
    return int(exact.scaleb(digits).quantize(Decimal(1), rounding=ROUND_HALF_EVEN))


def from_units(units: Any, digits: int) -> Decimal:
    """Back to an amount, exact."""
    return Decimal(int(units)).scaleb(-digits)


def check_weights(weights: Any, names: Sequence[str] = ()) -> np.ndarray:
    """Weights as floats along the last axis; negative, missing or all-zero weights are refused by
    name.
    """
    values = np.asarray(weights, dtype=float)
    wrong = ~np.isfinite(values) | (values < 0)
    if values.shape[-1] == 0:
        raise _refuse(
            "no parts to split over", "at least one part", "name the members that share the total"
        )
    if wrong.any():
        where = np.argwhere(wrong)[0]
        name = names[where[-1]] if len(names) else f"part {where[-1] + 1}"
        raise _refuse(
            f"weight of {name} is {values[tuple(where)]}",
            "weights of 0 or more",
            "give each part a share of the whole",
        )
    if (values.sum(axis=-1) == 0).any():
        raise _refuse(
            "all weights are 0",
            "a positive weight for at least one part",
            "give weights, or take equal ones",
        )
    return values


def check_shares(shares: Sequence[float], names: Sequence[str] = ()) -> np.ndarray:
    """Weights given as shares of one whole: they must sum to 100 % (to a ten-thousandth)."""
    values = check_weights(shares, names)
    if abs(values.sum() - 1) > 1e-4:
        raise _refuse(
            f"shares sum to {values.sum():.2%}",
            "shares that sum to 100 %",
            "correct the share that is off, or give plain weights",
        )
    return values


def split(total: int | np.ndarray, weights: Any) -> np.ndarray:
    """Largest-remainder split of each total over the last axis of ``weights``.

    Parameters
    ----------
    total : int, or int array (G,) : wholes in the smallest unit, 0 or more
    weights : (K,) shared by all groups, or (G, K)

    Returns
    -------
    int64 (K,) or (G, K); every row sums to its total. Equal fractions go to the part declared
    first.

    References: Hamilton's method of apportionment (largest remainders).

    Examples
    --------
    >>> split(7, [42.86, 28.57, 28.57]).tolist()
    [3, 2, 2]
    >>> int(split(100_000, [1] * 12).sum())
    100000
    """
    totals, values = np.atleast_1d(np.asarray(total, dtype=np.int64)), check_weights(weights)
    if (totals < 0).any():
        raise _refuse(
            f"a total of {totals.min()}",
            "a total of 0 or more",
            "split what is to be reached; corrections are targets of their own",
        )
    shares = np.atleast_2d(values / values.sum(axis=-1, keepdims=True))
    out = np.empty((len(totals), shares.shape[1]), dtype=np.int64)
    step = max(1, CELLS_AT_ONCE // shares.shape[1])
    for start in range(0, len(totals), step):
        part = slice(start, start + step)
        out[part] = _largest_remainder(totals[part], shares[part] if len(shares) > 1 else shares)
    return out[0] if np.ndim(total) == 0 else out


def _largest_remainder(totals: np.ndarray, shares: np.ndarray) -> np.ndarray:
    """Rows of parts that sum to ``totals``; shares (1, K) or (G, K) sum to 1. Works in place: this
    is where large cascades spend their time.
    """
    near = (1e-9 + 8 * np.finfo(float).eps * totals)[
        :, None
    ]  # 20 % of 10 is 2, whatever binary fractions say
    fraction = totals[:, None] * shares
    whole = np.floor(fraction + near)
    fraction -= whole
    fraction[fraction < near] = 0.0
    parts = whole.astype(np.int64)
    missing = totals - parts.sum(axis=1)
    width = shares.shape[1]
    fraction *= 1 << BITS
    order = fraction.astype(np.int64)
    order *= width
    order += np.arange(width - 1, -1, -1)  # all different now: ties fall to the part declared first
    ranked = np.sort(order, axis=1)
    floor = ranked[np.arange(len(totals)), width - np.clip(missing, 1, width)]
    floor[missing <= 0] = np.iinfo(np.int64).max
    parts += order >= floor[:, None]
    return _settle(parts, totals)


def _settle(parts: np.ndarray, totals: np.ndarray) -> np.ndarray:
    """Rows that float arithmetic left off by a few units (totals near 2**53) settled on their
    largest part.
    """
    off = totals - parts.sum(axis=1)
    for row in np.flatnonzero(off):
        parts[row, parts[row].argmax()] += off[row]
    return parts


def cascade(total: int, levels: Sequence[Any]) -> list[np.ndarray]:
    """A total carried down through levels, parents first.

    levels: per level, weights (K,) alike for all parents, or of shape (…parents, K).

    Returns one int64 array per level, of shape (K1,), (K1, K2), …; each sums over its last axis to
    the level above, exactly.
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
    """Per level: (number of nodes, sum, largest difference between a parent and its children);
    exact means 0.
    """
    rows, parent = [], np.asarray(total)
    for level in levels:
        rows.append((level.size, int(level.sum()), int(np.abs(level.sum(axis=-1) - parent).max())))
        parent = level
    return rows


def bounded(
    total: int,
    weights: Any,
    low: Any,
    high: Any,
    names: Sequence[str] = (),
    say: Callable[[int], str] = str,
) -> np.ndarray:
    """Split with a floor and a cap per part (a pin is both): what is cut from one is re-split over
    the rest by weight.

    Parameters
    ----------
    total : int : the whole in the smallest unit
    weights : (K,) non-negative
    low, high : int (K,) : smallest and largest part; equal = pinned
    say : how a message writes an amount of units

    Raises ParameterProblem when a floor lies above its cap, the floors exceed the total, or the
    caps cannot hold it.
    """
    values, low, high = (
        check_weights(weights, names),
        np.asarray(low, dtype=np.int64),
        np.asarray(high, dtype=np.int64),
    )
    names = list(names) or [f"part {i + 1}" for i in range(len(values))]
    _check_bounds(total, values, low, high, names, lambda units: say(int(units)))
    level = _water_level(total, values, low, high)
    quota = np.clip(level * values, low, high)
    free = (quota > low) & (quota < high)
    parts = np.where(quota <= low, low, high)
    rest = int(total - parts[~free].sum())
    if free.any():
        parts[free] = split(rest, values[free])
        return _within(parts, low, high, values, total)
    return _within(parts, low, high, values, total)


def _check_bounds(
    total: int,
    weights: np.ndarray,
    low: np.ndarray,
    high: np.ndarray,
    names: Sequence[str],
    say: Callable[[Any], str],
) -> None:
    for i in np.flatnonzero(low > high):
        raise _refuse(
            f"{names[i]} has floor {say(low[i])} above cap {say(high[i])}",
            "a floor at or below its cap",
            "correct one of the two",
        )
    for i in np.flatnonzero(low > total):
        raise _refuse(
            f"{names[i]} is pinned or floored at {say(low[i])}, above its parent's {say(total)}",
            f"at most {say(total)}",
            "lower the pin, or raise the parent",
        )
    if low.sum() > total:
        raise _refuse(
            f"floors and pins sum to {say(low.sum())}, more than the total of {say(total)}",
            f"at most {say(total)}",
            "lower a floor, or raise the total",
        )
    reach = np.where(weights > 0, high, low).sum()
    if reach < total:
        raise _refuse(
            f"caps and pins hold {say(reach)} of the total of {say(total)}",
            f"room for {say(total)}",
            "raise a cap, or give an open part a weight",
        )


def _water_level(total: int, weights: np.ndarray, low: np.ndarray, high: np.ndarray) -> float:
    """The factor on the weights at which clipped parts sum to the total (bisection; the sum never
    falls in it).
    """
    used = weights > 0
    bottom, top = 0.0, float((high[used] / weights[used]).max()) if used.any() else 0.0
    for _ in range(200):
        middle = (bottom + top) / 2
        bottom, top = (
            (middle, top)
            if np.clip(middle * weights, low, high).sum() < total
            else (bottom, middle)
        )
    return top


def _within(
    parts: np.ndarray, low: np.ndarray, high: np.ndarray, weights: np.ndarray, total: int
) -> np.ndarray:
    """Rounding moved a part over its bound, or clipping left a few units: settle them where there
    is room, heaviest first.
    """
    parts = np.clip(parts, low, high)
    order = np.argsort(-weights, kind="stable")
    for i in order:
        off = total - int(parts.sum())
        parts[i] = (
            np.clip(parts[i] + off, low[i], high[i]) if weights[i] > 0 or off < 0 else parts[i]
        )
    return parts


def _refuse(found: str, expected: str, try_: str) -> ParameterProblem:
    return ParameterProblem(Problem(found=found, expected=expected, try_=try_))
