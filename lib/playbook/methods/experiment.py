"""Judging a pilot of few groups by randomisation tests.

Groups are few, so inference is by randomisation: the contrast seen is compared with that of every
other choice of groups.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from itertools import combinations
from math import comb

import numpy as np

MOST = 4_000  # assignments evaluated; where there are more, a fixed sample of this size
ALPHA, POWER = 0.05, 0.8


def smallest_p(groups: int, take: int) -> float:
    """Smallest p a randomisation test can give when ``take`` of ``groups`` are piloted: 1 ÷
    C(groups, take), twice that for half of the groups.

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


def assignments(groups: int, take: int) -> Iterator[tuple[int, ...]]:
    """All choices of ``take`` of ``groups`` in lexical order, or a fixed random sample of ``MOST``
    where there are more.

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
    """One row per assignment (rows, groups): 1 ÷ take for the chosen groups, −1 ÷ the number of
    others for the rest, so that ``weights @ change`` are all contrasts.

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


def p_value(
    change: np.ndarray,
    chosen: Sequence[int],
    effect: float = 0.0,
    compared: tuple[np.ndarray, np.ndarray] | None = None,
) -> float:
    """Randomisation p: share of all choices of groups whose contrast is at least as far from zero
    as the one seen, after ``effect`` is taken off the chosen groups.

    compared: (weights of the groups in the contrast seen, one such row per choice of groups), where
    the others are not weighed alike (``synthetic.kernel``); default: means against means.

    References: E. S. Edgington, P. Onghena, Randomization Tests, 4th ed. (2007).

    Examples
    --------
    Of the three choices only the one taken has a contrast of 4 or more:

    >>> p_value(np.array([5.0, 1.0, 1.0]), [0]) == 1 / 3
    True
    """
    moved = change.copy()
    moved[list(chosen)] -= effect
    if compared is None:
        seen, every = abs(contrast(moved, chosen)), weights(len(change), len(chosen)) @ moved
    else:
        seen, every = abs(float(compared[0] @ moved)), compared[1] @ moved
    every = np.abs(every)
    return float(np.mean(every >= seen - 1e-9))


def interval(
    change: np.ndarray,
    chosen: Sequence[int],
    alpha: float = ALPHA,
    compared: tuple[np.ndarray, np.ndarray] | None = None,
) -> tuple[float | None, float | None]:
    """Effects that the randomisation test does not reject at ``alpha`` (test inversion).

    Parameters
    ----------
    change, chosen : as for ``contrast``
    compared : as for ``p_value``

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
    centre = contrast(change, chosen) if compared is None else float(compared[0] @ change)
    spread = float(np.ptp(change)) or 1e-9
    return (
        _edge(change, chosen, centre, -spread, alpha, compared),
        _edge(change, chosen, centre, spread, alpha, compared),
    )


def _edge(
    change: np.ndarray,
    chosen: Sequence[int],
    centre: float,
    step: float,
    alpha: float,
    compared: tuple[np.ndarray, np.ndarray] | None,
) -> float | None:
    """The last effect from ``centre`` in direction ``step`` that is not rejected, by bisection;
    None when even the far end is not rejected.
    """
    far = centre + 8 * step
    if p_value(change, chosen, far, compared) > alpha:
        return None
    near = centre
    for _ in range(24):
        middle = (near + far) / 2
        near, far = (
            (middle, far) if p_value(change, chosen, middle, compared) > alpha else (near, middle)
        )
    return near


def trend_gap(paths: np.ndarray, chosen: Sequence[int]) -> tuple[float, float]:
    """Difference of the monthly trends (least squares) of the chosen groups and the others before
    the pilot, and its randomisation p.

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
