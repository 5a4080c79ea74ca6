"""Searching every member and every pair of members, from every month on, for a rate that fell below
what the rest explains.

The model has a course that all months share and a level of each member, so a bad month of the whole
company, or a region that always passes fewer, is not attributed to anybody. What is looked for is a
*change*: a member since a month, or a pair of members since a month or all along. Many tests find
something by chance alone, so p is adjusted for all of them (``change_scores``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .change_onset import onset
from .change_scores import GroupScores, excess, group_scores, groups_of, lowest_scores
from .step_model import Cells, Model, fit

ALPHA = 0.02  # error level of one search; several stand in one report
DRAWS = 999


@dataclass(frozen=True)
class FallenPlace:
    """A member or pair of members whose rate fell."""

    by: dict[str, str]  # dimension → member
    since: int  # month of the cells it fell from, 0 = all along
    z: float  # shortfall in standard deviations
    p: float  # adjusted for every test of the search
    months: tuple[int, ...] = ()  # months the fall may have begun in (``onset``)


def scan(
    cells: Cells,
    dims: Sequence[str],
    small: int,
    recent: int,
    rng: np.random.Generator,
    *,
    steps: float = 1,
    most: int = 4,
    draws: int = DRAWS,
) -> tuple[list[FallenPlace], Model, int]:
    """Places whose rate fell, one after the other: the most significant one enters the model, and
    the search goes on with what it leaves (forward selection).

    p = (1 + number of redrawn lowest scores at or below z) ÷ (1 + draws), times families and
    ``steps``.

    Parameters
    ----------
    cells : the counts
    dims : dimensions searched
    small : fewest deals of a group, also from ``recent`` on
    recent : month of the cells
    rng : source of the redrawn data
    steps : searches made side by side (steps of the funnel), paid for in p
    most : places looked for
    draws : data sets redrawn for each p

    Returns
    -------
    the places, the model that holds them (one column each, in order, at the end), and the number of
    tests (groups × months)

    References: P. H. Westfall, S. S. Young, Resampling-Based Multiple Testing (1993), chapter 2
    (the distribution of the smallest p); M. Kulldorff, Communications in Statistics 26 (1997)
    1481-1496 (scan statistics).

    Examples
    --------
    Three reps pass half of their deals; from month 6 on one of them passes a tenth:

    >>> import pandas as pd
    >>> from playbook.methods.step_model import cells_of
    >>> rows = [(r, m, 40, 4 if r == "c" and m >= 6 else 20) for r in "abc" for m in range(12)]
    >>> cells = cells_of(pd.DataFrame(rows, columns=["rep", "month", "n", "k"]), ["rep"])
    >>> found, _, tests = scan(cells, ["rep"], 20, 10, np.random.default_rng(1), draws=99)
    >>> [(place.by, place.since, place.months) for place in found]
    [({'rep': 'c'}, 6, (6,))]
    """
    sets = groups_of(cells, dims, small)
    families = {groups.family for groups in sets}
    found: list[FallenPlace] = []
    model, tests = fit(cells), 0
    while sets and len(found) < most:
        scores = [group_scores(model, groups, small, recent) for groups in sets]
        tests = tests or sum(int((~np.isnan(s.z)).sum()) for s in scores)
        wide = excess(scores)
        best = _surest(
            scores, lowest_scores(model, scores, rng, draws), wide, steps * len(families)
        )
        if best is None:
            break
        found.append(best)
        model = fit(cells, [cells.inside(f.by, f.since) for f in found])
    first = model.design.shape[1] - len(found)
    places = [
        FallenPlace(f.by, f.since, f.z, f.p, onset(model, f.by, first + i, rng))
        for i, f in enumerate(found)
    ]
    return places, model, tests


def _surest(
    scores: list[GroupScores], lowest: dict[str, np.ndarray], wide: float, tests: float
) -> FallenPlace | None:
    """The group and month furthest below the lowest score chance gives its family; None where none
    is significant. tests: number of searches that share the error level.
    """
    best, margin = None, 0.0
    for s in scores:
        if np.isnan(s.z).all():
            continue
        chance = lowest[s.groups.family] * wide
        limit = np.quantile(chance, ALPHA / tests)
        group, month = np.unravel_index(np.nanargmin(s.z), s.z.shape)
        z = float(s.z[group, month])
        p = min(1.0, tests * (1 + np.searchsorted(chance, z, side="right")) / (1 + len(chance)))
        if p <= ALPHA and (best is None or limit - z > margin):
            best, margin = FallenPlace(s.groups.names[group], int(month), z, p), limit - z
    return best
