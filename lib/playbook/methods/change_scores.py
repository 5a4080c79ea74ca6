"""How far each member and each pair of members falls short of a model of rates, from every month
on.

A *group* is a member or a pair of members; a *family* is all members or all pairs. Each group is
tested from each month on. How extreme the lowest score is when nothing happened is found by
redrawing every deal from the model.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from scipy import sparse, special

from .step_model import Cells, Model

CHUNK = 4_000_000  # numbers held at once while redrawing
MOST_GROUPS = (
    1500  # groups of a dimension or pair tested, the largest: more would not fit in memory
)
# a pair that holds this share of one of its members' deals says nothing the member does not
SAME = 0.95


@dataclass(frozen=True)
class GroupSet:
    """The groups of one dimension, or of a pair of dimensions."""

    dims: tuple[str, ...]
    of: np.ndarray  # group number per cell, −1 = in none
    names: list[dict[str, str]]  # the members of each group, dimension → member

    @property
    def family(self) -> str:
        """``members`` for one dimension, ``pairs`` for two."""
        return "members" if len(self.dims) == 1 else "pairs"


def groups_of(cells: Cells, dims: Sequence[str], small: int) -> list[GroupSet]:
    """The groups of ``small`` deals or more of every dimension and pair of dimensions ``dims``.

    Examples
    --------
    >>> import pandas as pd
    >>> from playbook.methods.step_model import cells_of
    >>> rows = pd.DataFrame(
    ...     {"rep": ["a", "a", "b"], "month": [0, 1, 0], "n": [9, 9, 2], "k": [4, 4, 1]}
    ... )
    >>> [groups.names for groups in groups_of(cells_of(rows, ["rep"]), ["rep"], small=10)]
    [[{'rep': 'a'}]]
    """
    sizes = {
        d: np.bincount(
            cells.codes[d][cells.codes[d] >= 0], cells.n[cells.codes[d] >= 0], len(cells.members[d])
        )
        for d in dims
    }
    found = [
        _group_set(cells, group, small, sizes)
        for size in (1, 2)
        for group in combinations(dims, size)
    ]
    return [groups for groups in found if groups.names]


def _group_set(
    cells: Cells, group: tuple[str, ...], small: int, sizes: dict[str, np.ndarray]
) -> GroupSet:
    """The groups of one dimension or pair; ``sizes`` are the deals of each member."""
    shape = [len(cells.members[d]) for d in group]
    known = np.all([cells.codes[d] >= 0 for d in group], axis=0)
    flat = (
        np.ravel_multi_index([np.where(known, cells.codes[d], 0) for d in group], shape)
        if all(shape)
        else np.zeros(len(known), dtype=int)
    )
    total = np.bincount(flat[known], cells.n[known], int(np.prod(shape)))
    keep = np.flatnonzero(total >= small)
    keep = np.sort(keep[np.argsort(-total[keep], kind="stable")[:MOST_GROUPS]])
    if len(group) == 2:
        parents = np.minimum(
            *(sizes[d][i] for d, i in zip(group, np.unravel_index(keep, shape), strict=True))
        )
        keep = keep[total[keep] < SAME * parents]
    number = np.full(int(np.prod(shape)), -1)
    number[keep] = np.arange(len(keep))
    members = [
        dict(
            zip(
                group, (cells.members[d][i] for d, i in zip(group, place, strict=True)), strict=True
            )
        )
        for place in zip(*np.unravel_index(keep, shape), strict=True)
    ]
    return GroupSet(group, np.where(known, number[flat], -1), members)


@dataclass(frozen=True)
class GroupScores:
    """Standardised shortfall of each group (row) from each month on (column); nan where the data
    are too few to say.
    """

    groups: GroupSet
    sums: sparse.csr_matrix  # group × month by cell
    live: np.ndarray  # True where there is enough to tell
    # per live entry: n, expected to pass, variance, share of the variance the model leaves
    known: tuple[np.ndarray, ...]
    z: np.ndarray  # (groups, months)

    def of(self, totals: np.ndarray) -> np.ndarray:
        """Standardised scores of summed errors, live entries along the first axis."""
        return signed_root(totals, *(v if totals.ndim == 1 else v[:, None] for v in self.known))


def group_scores(model: Model, groups: GroupSet, small: int, recent: int) -> GroupScores:
    """Efficient score of a shift of each group since each month, given everything in the model.

    z = Σ (k − n p) ÷ √(I − 2 a'Σ a + a'Σ J Σ a): the variance is that of the shift less what the
    other coefficients explain of it.

    Parameters
    ----------
    model : the fitted model
    groups : the groups to score
    small : fewest deals of a group since the month, and since ``recent``
    recent : month of the cells

    References: D. R. Cox, D. V. Hinkley, Theoretical Statistics (1974), section 9.3 (score tests).

    Examples
    --------
    One of three reps falls from half to a tenth in month 6; its lowest score is that month's:

    >>> import pandas as pd
    >>> from playbook.methods.step_model import cells_of, fit
    >>> rows = [(r, m, 40, 4 if r == "c" and m >= 6 else 20) for r in "abc" for m in range(12)]
    >>> cells = cells_of(pd.DataFrame(rows, columns=["rep", "month", "n", "k"]), ["rep"])
    >>> scores = group_scores(fit(cells), groups_of(cells, ["rep"], 20)[0], 20, 10)
    >>> [int(part) for part in np.unravel_index(np.nanargmin(scores.z), scores.z.shape)]
    [2, 6]
    """
    cells, size = model.cells, len(groups.names)
    live = np.flatnonzero(groups.of >= 0)
    sums = sparse.csr_matrix(
        (np.ones(len(live)), (groups.of[live] * cells.months + cells.month[live], live)),
        shape=(size * cells.months, len(cells.n)),
    )

    def since(values: np.ndarray) -> np.ndarray:
        return values.reshape(size, cells.months, *values.shape[1:])[:, ::-1].cumsum(axis=1)[
            :, ::-1
        ]

    rate, weight = model.rate, model.weight
    shared = since((sums @ model.design.multiply(weight[:, None])).toarray())
    information = model.design.T @ model.design.multiply(weight[:, None])
    leverage = shared @ model.spread
    spread = (
        since(sums @ weight)
        - 2 * np.einsum("gmp,gmp->gm", leverage, shared)
        + np.einsum("gmp,gmp->gm", leverage @ information.toarray(), leverage)
    )
    n, expected = since(sums @ cells.n), since(sums @ (cells.n * rate))
    now = cells.month >= recent
    enough = (
        (n >= small)
        & (np.minimum(expected, n - expected) >= 5)
        & (since(sums @ (cells.n * now)) >= small)
    )
    if groups.family == "members":
        enough[:, 0] = False  # a member's own level is no change
    total = since(sums @ weight)
    # a shift that the model can already express leaves nothing to test
    enough &= spread > 0.02 * np.maximum(total, 1e-9)
    known = (n[enough], expected[enough], spread[enough], spread[enough] / total[enough])
    scores = GroupScores(groups, sums, enough, known, np.full(enough.shape, np.nan))
    scores.z[enough] = scores.of(since(sums @ (cells.k - cells.n * rate))[enough])
    return scores


def signed_root(
    error: np.ndarray, n: np.ndarray, expected: np.ndarray, variance: np.ndarray, left: np.ndarray
) -> np.ndarray:
    """Shortfalls in standard deviations: the signed root of the likelihood ratio, which is near
    normal where the plain score is skewed.

    z = −√(2 (k ln(k/e) + (n − k) ln((n − k)/(n − e))) ÷ left) with k = e + error. Scores above −2
    stay the plain error ÷ √variance.

    Parameters
    ----------
    error : passed less expected deals, any shape
    n, expected, variance : deals, expected to pass, and variance of the error, shapes that
        broadcast to the error's
    left : share of the shift's information that the model has not taken up itself

    References: P. McCullagh, J. A. Nelder, Generalized Linear Models, 2nd ed. (1989), chapter 12
    and appendix C (deviance residuals and their normality).

    Examples
    --------
    20 of 50 passed, 35 expected: −√(2 (20 ln(20/35) + 30 ln(30/15))) = −4.3823 (plain: −4.6291).

    >>> one = lambda *values: [np.array([float(v)]) for v in values]
    >>> round(float(signed_root(*one(-15, 50, 35, 10.5, 1))[0]), 4)
    -4.3823
    """
    z = error / np.sqrt(variance)
    low = np.flatnonzero(z < -2)  # few: the others need no logarithm
    error, n, expected, left = (
        np.broadcast_to(v, z.shape)[np.unravel_index(low, z.shape)]
        for v in (error, n, expected, left)
    )
    k = np.clip(expected + error, 0, n)
    gain = special.xlogy(k, k / expected) + special.xlogy(n - k, (n - k) / (n - expected))
    z.flat[low] = -np.sqrt(2 * np.maximum(gain, 0) / left)
    return z


def lowest_scores(
    model: Model, scores: list[GroupScores], rng: np.random.Generator, draws: int
) -> dict[str, np.ndarray]:
    """The lowest score of each family in data redrawn from the model, one per draw, rising.

    The errors are projected as refitting the model would do, so the model is not fitted again.

    Examples
    --------
    Three reps alike: the lowest scores of nine redrawn scores are below 0 and rise.

    >>> import pandas as pd
    >>> from playbook.methods.step_model import cells_of, fit
    >>> rows = [(r, m, 40, 20) for r in "abc" for m in range(12)]
    >>> cells = cells_of(pd.DataFrame(rows, columns=["rep", "month", "n", "k"]), ["rep"])
    >>> model = fit(cells)
    >>> scores = [group_scores(model, groups_of(cells, ["rep"], 20)[0], 20, 10)]
    >>> lowest = lowest_scores(model, scores, np.random.default_rng(1), 9)["members"]
    >>> len(lowest), bool((lowest < 0).all()), bool((np.diff(lowest) >= 0).all())
    (9, True, True)
    """
    cells, rate = model.cells, model.rate
    weight = model.weight[:, None]
    step = max(1, min(draws, CHUNK // max(1, len(cells.n))))
    lowest: dict[str, list[np.ndarray]] = {}
    for start in range(0, draws, step):
        size = min(step, draws - start)
        error = _redrawn(cells, rate, rng, size) - (cells.n * rate)[:, None]
        error -= weight * (
            model.design @ (model.spread @ (model.design.T @ error))
        )  # what refitting would take up
        for family in dict.fromkeys(s.groups.family for s in scores):
            part = np.full(size, np.inf)
            for s in (s for s in scores if s.groups.family == family):
                totals = (
                    (s.sums @ error)
                    .reshape(len(s.groups.names), cells.months, size)[:, ::-1]
                    .cumsum(axis=1)[:, ::-1]
                )
                part = np.minimum(part, s.of(totals[s.live]).min(axis=0, initial=np.inf))
            lowest.setdefault(family, []).append(part)
    return {family: np.sort(np.concatenate(parts)) for family, parts in lowest.items()}


def _redrawn(cells: Cells, rate: np.ndarray, rng: np.random.Generator, size: int) -> np.ndarray:
    """Passed deals per cell (cells, size), drawn from the model ``size`` times."""
    single = cells.n == 1
    out = np.empty((len(rate), size))
    out[single] = rng.random((int(single.sum()), size), dtype=np.float32) < rate[single][:, None]
    out[~single] = rng.binomial(
        cells.n[~single].astype(np.int64)[:, None], rate[~single][:, None], ((~single).sum(), size)
    )
    return out


def excess(scores: list[GroupScores]) -> float:
    """How much wider the scores scatter than counting alone would make them; 1 = no more.

    Interquartile range ÷ 1.349 of one score per group, at least 1: deals that go together and small
    differences everywhere widen it, the few extreme scores that are searched for do not. 1 for
    fewer than 20 groups.

    References: the empirical null of B. Efron, JASA 99 (2004) 96-104.

    Examples
    --------
    >>> excess([])
    1.0
    """
    values = np.concatenate(
        [s.z[:, 0] if s.groups.family == "pairs" else s.z[:, s.z.shape[1] // 2] for s in scores]
        or [np.empty(0)]
    )
    values = values[~np.isnan(values)]
    return (
        max(1.0, float(np.subtract(*np.quantile(values, [0.75, 0.25]))) / 1.349)
        if len(values) >= 20
        else 1.0
    )
