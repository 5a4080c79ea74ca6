"""Members whose level lies below that of their peers."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy import stats

from playbook.methods.change_search import ALPHA
from playbook.methods.step_model import Cells, Model

MOST = 4  # places named per step, of each kind


def below_peers(
    cells: Cells, model: Model, dims: Sequence[str], small: int, recent: int, searches: float
) -> tuple[list[tuple[dict[str, str], int, int, float]], int]:
    """Members whose level lies below the median member's, other dimensions held equal.

    Returns (by, column, column of the median member, adjusted p) for each, and how many members
    were compared. The median is weighted by deals, so that one extraordinary member is not
    everybody's yardstick; p-values are Bonferroni-adjusted over members and searches. small: fewest
    recent deals of a member. recent: month offset from which deals are recent.
    """
    now, compared = cells.month >= recent, []
    for d in dims:
        codes, members = cells.codes[d], cells.members[d]
        sizes = np.bincount(codes[codes >= 0], cells.n[codes >= 0], len(members))
        late = np.bincount(codes[now & (codes >= 0)], cells.n[now & (codes >= 0)], len(members))
        columns = np.array([model.columns[d, m] for m in members], dtype=int)
        for i in np.flatnonzero(late >= small):
            others = np.flatnonzero((sizes >= small) & (np.arange(len(members)) != i))
            if len(others):
                order = others[np.argsort(model.theta[columns[others]], kind="stable")]
                middle = order[
                    int(np.searchsorted(np.cumsum(sizes[order]), sizes[order].sum() / 2))
                ]
                compared.append(({d: members[i]}, int(columns[i]), int(columns[middle])))
    found = []
    for by, own, middle in compared:
        variance = (
            model.spread[own, own] + model.spread[middle, middle] - 2 * model.spread[own, middle]
        )
        p = (
            float(stats.norm.cdf((model.theta[own] - model.theta[middle]) / np.sqrt(variance)))
            * len(compared)
            * searches
        )
        if p <= ALPHA:
            found.append((by, own, middle, p))
    return sorted(found, key=lambda f: f[3])[:MOST], len(compared)
