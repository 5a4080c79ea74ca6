"""Pilots with few groups: which groups to take, what effect can be detected, what effect was seen.

Groups are few, so inference is by randomisation: the contrast seen is compared with that of every
other choice of groups.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from itertools import combinations
from math import comb, sqrt

import numpy as np
from scipy import stats

MOST = 4_000  # assignments evaluated; where there are more, a fixed sample of this size
ALPHA, POWER = 0.05, 0.8


def smallest_p(groups: int, take: int) -> float:
    """Smallest p a randomisation test can give when ``take`` of ``groups`` are piloted: 1 ÷ C(groups,
    take), twice that for half of the groups.

    With half of the groups, the other half shows the same contrast the other way round. Raises
    ValueError when no group is left on one side.

    References: R. A. Fisher, The Design of Experiments (1935), chapter II.

    Examples
    --------
    >>> smallest_p(6, 2) == 1 / 15, smallest_p(8, 4) == 2 / 70
    (True, True)
    """
    if not 0 < take < groups:
        raise ValueError(f"{take} of {groups} groups leave no group on one side")
    return (2 if 2 * take == groups else 1) / comb(groups, take)


def per_group(before: float, after: float, alpha: float = ALPHA, power: float = POWER) -> int:
    """People or deals needed in each group to tell two shares apart, two-sided.

    n = ⌈((z_{1−α/2} √(2 p̄(1 − p̄)) + z_{power} √(p1(1 − p1) + p2(1 − p2))) ÷ (p2 − p1))²⌉ with p̄ the
    mean of both.

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


def assignments(groups: int, take: int) -> Iterator[tuple[int, ...]]:
    """All choices of ``take`` of ``groups`` in lexical order, or a fixed random sample of ``MOST`` where
    there are more.

    Examples
    --------
    >>> list(assignments(3, 2))
    [(0, 1), (0, 2), (1, 2)]
    """
    if comb(groups, take) <= MOST:
        yield from combinations(range(groups), take)
        return
    rng = np.random.Generator(np.random.PCG64(7))
    for _ in range(MOST):
        yield tuple(sorted(rng.choice(groups, take, replace=False).tolist()))


@cache
def weights(groups: int, take: int) -> np.ndarray:
    """One row per assignment (rows, groups): 1 ÷ take for the chosen groups, −1 ÷ the number of others
    for the rest, so that ``weights @ change`` are all contrasts.

    Examples
    --------
    >>> weights(3, 1).tolist()
    [[1.0, -0.5, -0.5], [-0.5, 1.0, -0.5], [-0.5, -0.5, 1.0]]
    """
    rows = list(assignments(groups, take))
    made = np.full((len(rows), groups), -1.0 / (groups - take))
    for row, chosen in zip(made, rows, strict=True):
        row[list(chosen)] = 1.0 / take
    return made


def contrast(change: np.ndarray, chosen: Sequence[int]) -> float:
    """Mean change of the chosen groups less the mean change of the others.

    Parameters
    ----------
    change : (groups,) change of each group, any unit
    chosen : numbers of the piloted groups

    Examples
    --------
    >>> contrast(np.array([5.0, 1.0, 3.0]), [0])
    3.0
    """
    inside = np.zeros(len(change), dtype=bool)
    inside[list(chosen)] = True
    return float(change[inside].mean() - change[~inside].mean())


def p_value(change: np.ndarray, chosen: Sequence[int], effect: float = 0.0) -> float:
    """Randomisation p: share of all choices of groups whose contrast is at least as far from zero as
    the one seen, after ``effect`` is taken off the chosen groups.

    References: E. S. Edgington, P. Onghena, Randomization Tests, 4th ed. (2007).

    Examples
    --------
    Of the three choices only the one taken has a contrast of 4 or more:

    >>> p_value(np.array([5.0, 1.0, 1.0]), [0]) == 1 / 3
    True
    """
    moved = change.copy()
    moved[list(chosen)] -= effect
    seen = abs(contrast(moved, chosen))
    every = np.abs(weights(len(change), len(chosen)) @ moved)
    return float(np.mean(every >= seen - 1e-9))


def interval(
    change: np.ndarray, chosen: Sequence[int], alpha: float = ALPHA
) -> tuple[float | None, float | None]:
    """Effects that the randomisation test does not reject at ``alpha`` (test inversion).

    Parameters
    ----------
    change, chosen : as for ``contrast``

    Returns
    -------
    (low, high) in the unit of the change; None at an end that the choices are too few to bound

    References: P. R. Rosenbaum, Observational Studies, 2nd ed. (2002), section 2.6.

    Examples
    --------
    Three choices can give no p below 1/3:

    >>> interval(np.array([5.0, 1.0, 1.0]), [0])
    (None, None)
    """
    if smallest_p(len(change), len(chosen)) > alpha:
        return None, None
    centre, spread = contrast(change, chosen), float(np.ptp(change)) or 1e-9
    return _edge(change, chosen, centre, -spread, alpha), _edge(
        change, chosen, centre, spread, alpha
    )


def _edge(
    change: np.ndarray, chosen: Sequence[int], centre: float, step: float, alpha: float
) -> float | None:
    """The last effect from ``centre`` in direction ``step`` that is not rejected, by bisection; None when
    even the far end is not rejected.
    """
    far = centre + 8 * step
    if p_value(change, chosen, far) > alpha:
        return None
    near = centre
    for _ in range(24):
        middle = (near + far) / 2
        near, far = (middle, far) if p_value(change, chosen, middle) > alpha else (near, middle)
    return near


def detectable(history: Sequence[np.ndarray], take: int) -> float | None:
    """Smallest contrast a pilot of ``take`` groups would show with 80 % power: (z_{0.975} + z_{0.8}) σ.

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
    """Pairs of groups whose paths lie closest (root mean square gap), the closest pair first, each group
    once; an odd one is left over.

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


def holm(p: Sequence[float]) -> list[float]:
    """p values adjusted for several outcomes (Holm), in the order given.

    p̃_(i) = max_{j≤i} min(1, (m − j + 1) p_(j)) over the m values in rising order.

    References: S. Holm, Scand. J. Statist. 6 (1979) 65-70.

    Examples
    --------
    3 · 0.01, 2 · 0.03, and 1 · 0.04 raised to the one before:

    >>> holm([0.01, 0.04, 0.03])
    [0.03, 0.06, 0.06]
    """
    order = np.argsort(p, kind="stable")
    adjusted, running = [0.0] * len(p), 0.0
    for rank, i in enumerate(order):
        running = max(running, min(1.0, (len(p) - rank) * p[i]))
        adjusted[i] = round(running, 12)
    return adjusted


def trend_gap(paths: np.ndarray, chosen: Sequence[int]) -> tuple[float, float]:
    """Difference of the monthly trends (least squares) of the chosen groups and the others before the
    pilot, and its randomisation p.

    Parameters
    ----------
    paths : (groups, months), each relative to its own mean
    chosen : numbers of the piloted groups

    Returns
    -------
    (difference per month, p)

    Examples
    --------
    >>> gap, p = trend_gap(np.array([[1.0, 2.0], [1.0, 1.0], [1.0, 1.0]]), [0])
    >>> round(gap, 6), round(p, 4)
    (1.0, 0.3333)
    """
    slope = np.array([np.polyfit(np.arange(paths.shape[1]), path, 1)[0] for path in paths])
    return contrast(slope, chosen), p_value(slope, chosen)
