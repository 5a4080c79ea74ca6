"""Designing a pilot of few groups: which groups to take, how long, and what effect it can
detect.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from math import sqrt

import numpy as np
from scipy import stats

from .experiment import ALPHA, POWER, assignments, weights


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


def detectable(history: Sequence[np.ndarray], take: int) -> float | None:
    """Smallest contrast a pilot of ``take`` groups would show with 80 % power: (z_{0.975} +
    z_{0.8}) σ.

    σ is the standard deviation of the contrasts that past stretches, in which nothing was piloted,
    show over every choice of groups.

    Parameters
    ----------
    history : stretches of the past, each (groups,) changes over a stretch as long as the pilot
    take : groups piloted

    Returns
    -------
    in the unit of the changes; None for fewer than two stretches

    References: H. S. Bloom, Evaluation Review 19 (1995) 547-556 (minimum detectable effects).

    Examples
    --------
    Two stretches with contrasts ±1: σ = 1, z = 1.96 + 0.8416.

    >>> round(detectable([np.array([1.0, 0.0]), np.array([0.0, 1.0])], 1), 4)
    2.8016
    """
    if len(history) < 2:
        return None
    chance = weights(len(history[0]), take) @ np.array(history).T
    return float((stats.norm.ppf(1 - ALPHA / 2) + stats.norm.ppf(POWER)) * np.std(chance))


def detectable_pairs(
    history: Sequence[np.ndarray], pairs: Sequence[tuple[int, int]]
) -> float | None:
    """``detectable`` when one of each pair is drawn to start and its partner waits:
    (z_{0.975} + z_{0.8}) √(mean over stretches of Σ gap²) ÷ pairs.

    Parameters
    ----------
    history : as for ``detectable``
    pairs : numbers of the two groups of each pair

    Examples
    --------
    One pair whose change differs by 1 in every stretch:

    >>> stretches = [np.array([1.0, 0.0]), np.array([0.0, 1.0])]
    >>> round(detectable_pairs(stretches, [(0, 1)]), 4)
    2.8016
    """
    if len(history) < 2 or not pairs:
        return None
    gaps = np.array(history)[:, [a for a, _ in pairs]] - np.array(history)[:, [b for _, b in pairs]]
    return float(
        (stats.norm.ppf(1 - ALPHA / 2) + stats.norm.ppf(POWER))
        * np.sqrt((gaps**2).sum(axis=1).mean())
        / len(pairs)
    )


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
