"""Designing a pilot of few groups: which groups to take, how long, and what effect it can
detect.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import combinations, product
from math import sqrt

import numpy as np
from scipy import stats

from .experiment import ALPHA, MOST, POWER, assignments, smallest_p, weights

CASES = 400  # stretches with an effect in some groups, of which power is a share


def per_group(before: float, after: float, alpha: float = ALPHA, power: float = POWER) -> int:
    """People or deals needed in each group to tell two shares apart, two-sided.

    n = ⌈((z_{1−α/2} √(2 p̄(1 − p̄)) + z_{power} √(p1(1 − p1) + p2(1 − p2))) ÷ (p2 − p1))²⌉ with p̄
    the mean of both.

    Parameters
    ----------
    before, after : the shares p1 and p2, between 0 and 1 and different
    alpha, power : two-sided error level and power [share]

    Raises ValueError for other shares.
    References: J. L. Fleiss, Statistical Methods for Rates and Proportions, 2nd ed. (1981), section
    3.2, without continuity correction.

    Examples
    --------
    >>> per_group(0.30, 0.55), per_group(0.20, 0.24)
    (61, 1683)
    """
    if not (0 < before < 1 and 0 < after < 1) or before == after:
        raise ValueError("two different shares between 0 and 1")
    mean = (before + after) / 2
    a, b = stats.norm.ppf(1 - alpha / 2), stats.norm.ppf(power)
    spread = a * sqrt(2 * mean * (1 - mean)) + b * sqrt(before * (1 - before) + after * (1 - after))
    return int(np.ceil((spread / (after - before)) ** 2))


def detectable(
    history: Sequence[np.ndarray],
    take: int,
    alpha: float = ALPHA,
    power: float = POWER,
    kernels: Sequence[np.ndarray] | None = None,
) -> float | None:
    """Smallest effect that the randomisation test over groups calls beyond chance with ``power``.

    Simulated with the test that decides: stretches of the past in which nothing was piloted get an
    effect in every choice of groups (``CASES`` of them, drawn, where there are more), and the
    effect is raised until the test rejects in the right direction in that share of the cases.

    Parameters
    ----------
    history : stretches of the past, each (groups,) changes over a stretch as long as the pilot
    take : groups piloted
    alpha, power : error level of the test and share of cases that must reject [share]
    kernels : per stretch the weights (choices, groups) of every contrast, where the others are not
        weighed alike (``synthetic.kernel``); default: means against means

    Returns
    -------
    in the unit of the changes; None for fewer than two stretches, and where the choices of groups
    are too few for any p of ``alpha`` or less, so that no effect could be decided

    References: H. S. Bloom, Evaluation Review 19 (1995) 547-556 (minimum detectable effects).

    Examples
    --------
    Where nothing ever moves, any effect is seen; of 6 groups 2 can be chosen in 15 ways, which
    give no p below 1/15:

    >>> round(detectable([np.zeros(8), np.zeros(8)], 2), 6)
    0.0
    >>> print(detectable([np.zeros(6), np.zeros(6)], 2))
    None
    """
    if len(history) < 2 or smallest_p(len(history[0]), take) > alpha:
        return None
    every = kernels or [weights(len(history[0]), take)] * len(history)
    seen, moved = _cases(history, every, take)
    return smallest_effect(seen, moved, alpha, power)


def detectable_pairs(
    history: Sequence[np.ndarray],
    pairs: Sequence[tuple[int, int]],
    alpha: float = ALPHA,
    power: float = POWER,
) -> float | None:
    """``detectable`` when one of each pair is drawn to start and its partner waits: the test
    compares the mean gap with that of every way to draw within the pairs.

    Parameters
    ----------
    history : as for ``detectable``
    pairs : numbers of the two groups of each pair

    Returns
    -------
    None also for fewer than 6 pairs at 5 %: 2 of 2⁵ ways are more

    Examples
    --------
    >>> print(detectable_pairs([np.zeros(4), np.zeros(4)], [(0, 1), (2, 3)]))
    None
    """
    if len(history) < 2 or not pairs or 2 / 2 ** len(pairs) > alpha:
        return None
    signs = _signs(len(pairs))
    gaps = np.array(history)[:, [a for a, _ in pairs]] - np.array(history)[:, [b for _, b in pairs]]
    rng = np.random.Generator(np.random.PCG64(7))
    drawn = np.array([(row, sign) for row in range(len(gaps)) for sign in range(len(signs))])
    if len(drawn) > CASES:
        drawn = drawn[rng.choice(len(drawn), CASES, replace=False)]
    # One case a row: the mean gap drawn first, then that of every other way to draw.
    own = signs[drawn[:, 1]] * gaps[drawn[:, 0]]
    mean = signs.sum(axis=1) / len(pairs)
    seen = np.column_stack([own.mean(axis=1), own @ signs.T / len(pairs)])
    moved = np.column_stack([np.ones(len(own)), np.tile(mean, (len(own), 1))])
    return smallest_effect(seen, moved, alpha, power)


def groups_needed(take: int, alpha: float = ALPHA) -> int:
    """Fewest groups of which ``take`` must be chosen for a p of ``alpha`` or less to be possible.

    Examples
    --------
    >>> groups_needed(1), groups_needed(2), groups_needed(3)
    (20, 7, 7)
    """
    return next(n for n in range(take + 1, 10_000) if smallest_p(n, take) <= alpha)


def _cases(
    history: Sequence[np.ndarray], every: Sequence[np.ndarray], take: int
) -> tuple[np.ndarray, np.ndarray]:
    """Contrasts of stretches under a choice of groups, and how an effect of 1 there moves them:
    each (cases, 1 + choices), the choice taken first.
    """
    rng = np.random.Generator(np.random.PCG64(7))
    choices = len(every[0])
    n = len(history) * choices
    drawn = np.arange(n) if n <= CASES else rng.choice(n, CASES, replace=False)
    stretch, chosen = np.divmod(drawn, choices)
    contrasts = np.array([one @ change for one, change in zip(every, history, strict=True)])
    inside = (weights(len(history[0]), take) > 0).astype(float)  # choices × groups
    overlap = np.empty((len(drawn), choices))  # an effect in the chosen, seen by every choice
    for number in np.unique(stretch):
        at = stretch == number
        overlap[at] = inside[chosen[at]] @ every[number].T
    own = contrasts[stretch, chosen]
    return (
        np.column_stack([own, contrasts[stretch]]),
        np.column_stack([np.ones(len(drawn)), overlap]),
    )


def smallest_effect(
    seen: np.ndarray, moved: np.ndarray, alpha: float = ALPHA, power: float = POWER
) -> float | None:
    """The smallest effect that the test rejects in ``power`` of the cases; None when none does.

    seen, moved: contrasts without an effect, and how an effect of 1 moves them (cases, 1 + ways),
    the one taken first.

    Examples
    --------
    >>> print(smallest_effect(np.zeros((1, 3)), np.array([[1.0, 1.0, 1.0]])))
    None
    """
    return _smallest(lambda effect: _rejected(seen + effect * moved, alpha), power)


def _rejected(contrasts: np.ndarray, alpha: float) -> float:
    """Share of cases whose first contrast is above 0 and whose p among all is ``alpha`` or less."""
    own, every = contrasts[:, :1], contrasts[:, 1:]
    p = (np.abs(every) >= np.abs(own) - 1e-9).mean(axis=1)
    return float(((p <= alpha + 1e-12) & (own[:, 0] > 0)).mean())


def _smallest(rejects: Callable[[float], float], power: float) -> float | None:
    """The smallest effect for which ``rejects`` reaches ``power``, by bisection; None when none up
    to 64 does.
    """
    far = 1e-3
    while rejects(far) < power:
        far *= 2
        if far > 64:
            return None
    near = 0.0
    for _ in range(14):
        middle = (near + far) / 2
        near, far = (near, middle) if rejects(middle) >= power else (middle, far)
    return far


def _signs(pairs: int) -> np.ndarray:
    """Ways to draw within pairs (ways, pairs) of +1 and −1: all, or a fixed sample of ``MOST``."""
    if 2**pairs <= MOST:
        return np.array(list(product((1.0, -1.0), repeat=pairs)))
    return np.random.Generator(np.random.PCG64(7)).choice((1.0, -1.0), (MOST, pairs))


def matched(paths: np.ndarray) -> list[tuple[float, int, int]]:
    """Pairs of groups whose paths lie closest (root mean square gap), the closest pair first, each
    group once; an odd one is left over.

    Parameters
    ----------
    paths : (groups, months) one path per group

    Returns
    -------
    list of (gap, group, group)

    Examples
    --------
    >>> matched(np.array([[1.0, 1.0], [5.0, 5.0], [1.0, 1.0], [4.0, 4.0]]))
    [(0.0, 0, 2), (1.0, 1, 3)]
    """
    n = len(paths)
    gaps = sorted(
        (float(np.sqrt(((paths[i] - paths[j]) ** 2).mean())), i, j)
        for i, j in combinations(range(n), 2)
    )
    used: set[int] = set()
    made = []
    for gap, i, j in gaps:
        if not {i, j} & used:
            used |= {i, j}
            made.append((gap, i, j))
    return made


def longer(seen: float, wanted: float, months: int) -> int:
    """Months a pilot needs to detect ``wanted`` when ``months`` detect ``seen``: ⌈months (seen ÷
    wanted)²⌉, because noise falls with the root of time. At least ``months``.

    Parameters
    ----------
    seen, wanted : effects on one scale, both above 0

    Examples
    --------
    >>> longer(0.2, 0.1, 3)
    12
    """
    return max(months, int(np.ceil(months * (seen / wanted) ** 2 - 1e-9)))


def closest(paths: np.ndarray, take: int) -> list[tuple[float, tuple[int, ...]]]:
    """Choices of groups by how closely their mean path follows that of the others, closest first.

    Parameters
    ----------
    paths : (groups, months), each relative to its own mean
    take : groups chosen

    Returns
    -------
    list of (root mean square gap, groups)

    Examples
    --------
    >>> closest(np.array([[1.0, 1.0], [0.0, 2.0], [2.0, 0.0]]), 1)[0]
    (0.0, (0,))
    """
    gaps = np.sqrt(((weights(len(paths), take) @ paths) ** 2).mean(axis=1))
    return sorted(zip(gaps.tolist(), assignments(len(paths), take), strict=True))
