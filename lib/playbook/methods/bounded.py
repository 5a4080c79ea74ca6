"""A whole number split by weights when parts have a floor and a cap."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from playbook.base.errors import refused
from playbook.base.language import say

from .apportionment import split
from .weights import check_weights


def bounded(
    total: int,
    weights: Any,
    low: Any,
    high: Any,
    names: Sequence[str] = (),
    write: Callable[[int], str] = str,
) -> np.ndarray:
    """Split with a floor and a cap per part: what one part may not take is split over the others.

    quota_k = min(max(λ · w_k, low_k), high_k) with the one λ at which the quotas sum to the total;
    the parts strictly between their bounds are then split by largest remainder.

    Parameters
    ----------
    total : int, in the smallest unit
    weights : (K,) numbers of 0 or more
    low, high : int (K,), smallest and largest part; equal ones pin the part
    names : (K,) names of the parts, for messages
    write : how a message writes a number of units

    Returns
    -------
    int64 (K,), which sums to the total

    Raises ParameterProblem when a floor lies above its cap, the floors exceed the total, or the
    caps cannot hold it.

    References: the water-filling solution of a separable allocation problem; T. Ibaraki, N. Katoh,
    Resource Allocation Problems (1988), chapter 2.

    Examples
    --------
    The first part is pinned at 40; the others share 60 by 1 to 2:

    >>> bounded(100, [1, 1, 2], [40, 0, 0], [40, 100, 100]).tolist()
    [40, 20, 40]
    """
    values, low, high = (
        check_weights(weights, names),
        np.asarray(low, dtype=np.int64),
        np.asarray(high, dtype=np.int64),
    )
    names = list(names) or [say("part {i}", i=i + 1) for i in range(len(values))]
    _check_bounds(total, values, low, high, names, lambda units: write(int(units)))
    factor = _common_factor(total, values, low, high)
    quota = np.clip(factor * values, low, high)
    free = (quota > low) & (quota < high)
    parts = np.where(quota <= low, low, high)
    rest = int(total - parts[~free].sum())
    if free.any():
        parts[free] = split(rest, values[free])
    return _within_bounds(parts, low, high, values, total)


def _check_bounds(
    total: int,
    weights: np.ndarray,
    low: np.ndarray,
    high: np.ndarray,
    names: Sequence[str],
    write: Callable[[Any], str],
) -> None:
    """Raise ParameterProblem for bounds that no split can hold."""
    for i in np.flatnonzero(low > high).tolist():
        raise refused(
            say(
                "{name} has floor {low} above cap {high}",
                name=names[i],
                low=write(low[i]),
                high=write(high[i]),
            ),
            say("a floor at or below its cap"),
            say("correct one of the two"),
        )
    for i in np.flatnonzero(low > total).tolist():
        raise refused(
            say(
                "{name} is pinned or floored at {low}, above its parent's {total}",
                name=names[i],
                low=write(low[i]),
                total=write(total),
            ),
            say("at most {total}", total=write(total)),
            say("lower the pin, or raise the parent"),
        )
    if low.sum() > total:
        raise refused(
            say(
                "floors and pins sum to {low}, more than the total of {total}",
                low=write(low.sum()),
                total=write(total),
            ),
            say("at most {total}", total=write(total)),
            say("lower a floor, or raise the total"),
        )
    reach = np.where(weights > 0, high, low).sum()
    if reach < total:
        raise refused(
            say(
                "caps and pins hold {reach} of the total of {total}",
                reach=write(reach),
                total=write(total),
            ),
            say("room for {total}", total=write(total)),
            say("raise a cap, or give an open part a weight"),
        )


def _common_factor(total: int, weights: np.ndarray, low: np.ndarray, high: np.ndarray) -> float:
    """The factor on the weights at which clipped parts sum to the total, by bisection (the sum
    never falls as the factor rises).
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


def _within_bounds(
    parts: np.ndarray, low: np.ndarray, high: np.ndarray, weights: np.ndarray, total: int
) -> np.ndarray:
    """Parts clipped to their bounds again after rounding; units then over or missing are settled
    where there is room, heaviest weight first.
    """
    parts = np.clip(parts, low, high)
    order = np.argsort(-weights, kind="stable")
    for i in order:
        off = total - int(parts.sum())
        parts[i] = (
            np.clip(parts[i] + off, low[i], high[i]) if weights[i] > 0 or off < 0 else parts[i]
        )
    return parts
