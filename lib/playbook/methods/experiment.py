"""The arithmetic of a pilot: which groups to take, what can be seen, what was seen. Groups are few,
so inference is by randomisation.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from itertools import combinations
from math import comb, sqrt

import numpy as np
from scipy import stats

MOST = 4_000  # assignments looked at; beyond that a fixed sample of them
ALPHA, POWER = 0.05, 0.8


def smallest_p(groups: int, take: int) -> float:
    """Smallest p a randomisation test can give when ``take`` of ``groups`` are piloted: one in the
    number of choices.

    Half of the groups: two in it, because the other half would show the same contrast the other way
    round.

    >>> smallest_p(6, 2) == 1 / 15, smallest_p(8, 2) == 1 / 28
    (True, True)
    """
    if not 0 < take < groups:
        raise ValueError(f"{take} of {groups} groups leave no group on one side")
    return (2 if 2 * take == groups else 1) / comb(groups, take)


def per_group(before: float, after: float, alpha: float = ALPHA, power: float = POWER) -> int:
    """People or deals needed in each group to tell two shares apart, two-sided (normal
    approximation, Fleiss).

    Source: J. L. Fleiss, Statistical Methods for Rates and Proportions, 2nd ed., section 3.2,
    without continuity correction.

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
    """All choices of ``take`` groups, or a fixed sample of ``MOST`` when there are more."""
    if comb(groups, take) <= MOST:
        yield from combinations(range(groups), take)
        return
    rng = np.random.Generator(np.random.PCG64(7))
    for _ in range(MOST):
        yield tuple(sorted(rng.choice(groups, take, replace=False).tolist()))


@cache
def weights(groups: int, take: int) -> np.ndarray:
    """One row per assignment: 1 ÷ take for the chosen groups, −1 ÷ the number of others for the
    rest.
    """
    rows = list(assignments(groups, take))
    made = np.full((len(rows), groups), -1.0 / (groups - take))
    for row, chosen in zip(made, rows, strict=True):
        row[list(chosen)] = 1.0 / take
    return made


def contrast(change: np.ndarray, chosen: Sequence[int]) -> float:
    """Mean change of the chosen groups less the mean change of the others."""
    inside = np.zeros(len(change), dtype=bool)
    inside[list(chosen)] = True
    return float(change[inside].mean() - change[~inside].mean())


def p_value(change: np.ndarray, chosen: Sequence[int], effect: float = 0.0) -> float:
    """Share of all choices with a contrast at least as far from zero as the one seen, once
    ``effect`` is taken off the chosen groups.
    """
    moved = change.copy()
    moved[list(chosen)] -= effect
    seen = abs(contrast(moved, chosen))
    every = np.abs(weights(len(change), len(chosen)) @ moved)
    return float(np.mean(every >= seen - 1e-9))


def interval(
    change: np.ndarray, chosen: Sequence[int], alpha: float = ALPHA
) -> tuple[float | None, float | None]:
    """Effects that the randomisation test does not refuse at ``alpha``; none at an end the choices
    are too few to bound.
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
    """The last effect from ``centre`` in direction ``step`` that is not refused, by bisection; none
    when nothing out there is.
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
    """Smallest contrast a pilot of ``take`` groups would show with 80 % power, from what chance did
    to the same groups in the past.

    history: the groups' changes over each stretch of the past. Every stretch and every choice of
    groups gives a contrast that no pilot caused; their
    standard deviation times (z of 97.5 % + z of 80 %). None when the history is too short.
    """
    if len(history) < 2:
        return None
    chance = weights(len(history[0]), take) @ np.array(history).T
    return float((stats.norm.ppf(1 - ALPHA / 2) + stats.norm.ppf(POWER)) * np.std(chance))


def detectable_pairs(
    history: Sequence[np.ndarray], pairs: Sequence[tuple[int, int]]
) -> float | None:
    """The same when one of each pair is drawn to start and its partner waits."""
    if len(history) < 2 or not pairs:
        return None
    gaps = np.array(history)[:, [a for a, _ in pairs]] - np.array(history)[:, [b for _, b in pairs]]
    return float(
        (stats.norm.ppf(1 - ALPHA / 2) + stats.norm.ppf(POWER))
        * np.sqrt((gaps**2).sum(axis=1).mean())
        / len(pairs)
    )


def matched(paths: np.ndarray) -> list[tuple[float, int, int]]:
    """Pairs of groups whose paths lie closest, the closest pair first, each group once (an odd one
    is left over): (gap, group, group).
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
    """Months a pilot needs to show ``wanted`` when ``months`` show ``seen``: chance falls with the
    root of time. Both on one scale, both above 0.

    >>> longer(0.2, 0.1, 3)
    12
    """
    return max(months, int(np.ceil(months * (seen / wanted) ** 2 - 1e-9)))


def closest(paths: np.ndarray, take: int) -> list[tuple[float, tuple[int, ...]]]:
    """Choices of groups by how closely their joint path follows the others' (root mean square of
    the gap of the paths, each relative to its own mean).
    """
    gaps = np.sqrt(((weights(len(paths), take) @ paths) ** 2).mean(axis=1))
    return sorted(zip(gaps.tolist(), assignments(len(paths), take), strict=True))


def holm(p: Sequence[float]) -> list[float]:
    """p values adjusted for several outcomes (Holm), in the order given.

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
    """Difference of the monthly trends before the pilot (of paths relative to each group's mean),
    and its randomisation p.
    """
    slope = np.array([np.polyfit(np.arange(paths.shape[1]), path, 1)[0] for path in paths])
    return contrast(slope, chosen), p_value(slope, chosen)
