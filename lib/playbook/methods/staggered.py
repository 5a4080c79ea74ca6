"""Pilots in which every group starts, one after the other: judged over the orders of starting."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import permutations
from math import factorial

import numpy as np

from .experiment import ALPHA, MOST, POWER
from .pilot_design import smallest_effect

CASES = 400  # stretches with an effect, of which power is a share


def smallest_p_staggered(starts: Sequence[int]) -> float:
    """Smallest p of a test over the orders of starting: 1 ÷ the number of different orders.

    Examples
    --------
    >>> smallest_p_staggered([1, 2, 3, 4, 5]) == 1 / 120
    True
    """
    orders = factorial(len(starts))
    for value in set(starts):
        orders //= factorial(list(starts).count(value))
    return 1 / orders


def orders_of(starts: Sequence[int]) -> np.ndarray:
    """Every different way to give the starts to the groups (ways, groups), the one taken first; a
    fixed sample of ``MOST`` where there are more.

    Examples
    --------
    >>> orders_of([1, 2, 2]).tolist()
    [[1, 2, 2], [2, 1, 2], [2, 2, 1]]
    """
    own = tuple(starts)
    if round(1 / smallest_p_staggered(own)) <= MOST:
        found = {*permutations(own)} if len(own) <= 7 else _permuted(own)
        return np.array([own, *sorted(found - {own})])
    rng = np.random.Generator(np.random.PCG64(7))
    return np.array([own, *(rng.permutation(own).tolist() for _ in range(MOST - 1))])


def _permuted(own: tuple[int, ...]) -> set[tuple[int, ...]]:
    """Different orders of many groups with few different starts, one value at a time."""
    made: set[tuple[int, ...]] = {()}
    for length in range(len(own)):
        grown = set()
        for part in made:
            for value in set(own):
                if part.count(value) < own.count(value):
                    grown.add((*part, value))
        made = grown
        assert all(len(part) == length + 1 for part in made)
    return made


def staggered_rows(starts: np.ndarray, months: int) -> np.ndarray:
    """Weights (ways, groups, months) of the estimate under each order of starting: in every month
    in which some have started and some wait, the mean of the started less that of the waiting, and
    the mean of these over the months.

    starts: (ways, groups) column of each group's first month.

    Examples
    --------
    >>> staggered_rows(np.array([[1, 2]]), 3)[0].tolist()
    [[0.0, 1.0, 0.0], [0.0, -1.0, 0.0]]
    """
    started = starts[:, :, None] <= np.arange(months)[None, None, :]
    on, off = started.sum(axis=1, keepdims=True), (~started).sum(axis=1, keepdims=True)
    both = (on > 0) & (off > 0)
    rows = np.where(started, 1.0 / np.maximum(on, 1), -1.0 / np.maximum(off, 1))
    rows = np.where(both, rows, 0.0)
    return rows / np.maximum(both.sum(axis=2, keepdims=True), 1)


def staggered_test(paths: np.ndarray, starts: Sequence[int]) -> tuple[float, float]:
    """(estimate, p): how much more the started had than the waiting, each group less its own mean
    of the months before anybody started, and the share of all orders of starting whose estimate is
    as far from zero.

    Parameters
    ----------
    paths : (groups, months), logs of sums or rates
    starts : column of each group's first month of the pilot; at least one month before the first

    References: R. M. Turner et al., Trials 18 (2017), on permutation tests of stepped wedges.

    Examples
    --------
    >>> estimate, p = staggered_test(np.array([[0.0, 1.0, 1.0], [0.0, 0.0, 1.0]]), [1, 2])
    >>> estimate, p
    (1.0, 1.0)
    """
    relative = paths - paths[:, : min(starts)].mean(axis=1, keepdims=True)
    every = np.einsum("wgm,gm->w", staggered_rows(orders_of(starts), paths.shape[1]), relative)
    return float(every[0]), float(np.mean(np.abs(every) >= abs(every[0]) - 1e-9))


def detectable_staggered(
    history: Sequence[np.ndarray],
    starts: Sequence[int],
    alpha: float = ALPHA,
    power: float = POWER,
) -> float | None:
    """Smallest effect that ``staggered_test`` calls beyond chance with ``power``, simulated on
    stretches of the past; None for fewer than two stretches or too few orders of starting.

    history: stretches (groups, months) as long as the pilot and the span before it.

    Examples
    --------
    >>> print(detectable_staggered([np.zeros((2, 3))] * 2, [1, 2]))
    None
    >>> round(detectable_staggered([np.zeros((5, 7))] * 2, [2, 3, 4, 5, 6]), 6)
    0.0
    """
    if len(history) < 2 or smallest_p_staggered(starts) > alpha:
        return None
    ways, months = orders_of(starts), history[0].shape[1]
    rows = staggered_rows(ways, months)
    relative = [one - one[:, : min(starts)].mean(axis=1, keepdims=True) for one in history]
    contrasts = np.array([np.einsum("wgm,gm->w", rows, one) for one in relative])
    started = (ways[:, :, None] <= np.arange(months)[None, None, :]).astype(float)
    rng = np.random.Generator(np.random.PCG64(7))
    n = len(history) * len(ways)
    drawn = np.arange(n) if n <= CASES else rng.choice(n, CASES, replace=False)
    stretch, chosen = np.divmod(drawn, len(ways))
    seen = np.column_stack([contrasts[stretch, chosen], contrasts[stretch]])
    flat = rows.reshape(len(ways), -1)
    overlap = started[chosen].reshape(len(drawn), -1) @ flat.T
    moved = np.column_stack([overlap[np.arange(len(drawn)), chosen], overlap])
    return smallest_effect(seen, moved, alpha, power)
