"""Searching every member and every pair of members, from every month on, for a rate that fell
behind what the rest explains.

The yardstick is a model with the months' common course and each member's own level, so a crisis of
the whole company, or a region that always
passes fewer, is nobody else's fault. What is looked for is a *change*: a member since a month, or a
pair of members since a month or all along.
Many looks find something by luck alone; how extreme the most extreme look is when nothing happened
is learnt by redrawing every deal from the model.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from scipy import sparse, special

from .step_model import Cells, Model, fit

ALPHA = 0.05
DRAWS = 499
CHUNK = 4_000_000  # numbers held at once while redrawing
GROUPS = 1500  # groups of a family looked at, the largest: more would not fit in memory
# a pair holding this share of one of its members' deals says nothing that the member does not
SAME = 0.95


@dataclass(frozen=True)
class Look:
    """A family of looks: groups of one or two dimensions. ``of`` = group number per cell (−1 none),
    ``names`` the members of each group.
    """

    dims: tuple[str, ...]
    of: np.ndarray
    names: list[dict[str, str]]

    @property
    def family(self) -> str:
        return "members" if len(self.dims) == 1 else "pairs"


@dataclass(frozen=True)
class Find:
    """A place that fell behind. since: month number of the cells, 0 = all along; p: adjusted for
    every look taken; months: those the onset may be.
    """

    by: dict[str, str]
    since: int
    z: float
    p: float
    months: tuple[int, ...] = ()


def looks_of(cells: Cells, dims: Sequence[str], small: int) -> list[Look]:
    """Every dimension and pair of dimensions with groups of ``small`` deals or more."""
    sizes = {
        d: np.bincount(
            cells.codes[d][cells.codes[d] >= 0], cells.n[cells.codes[d] >= 0], len(cells.members[d])
        )
        for d in dims
    }
    found = [
        _look(cells, group, small, sizes) for size in (1, 2) for group in combinations(dims, size)
    ]
    return [look for look in found if look.names]


def _look(cells: Cells, group: tuple[str, ...], small: int, sizes: dict[str, np.ndarray]) -> Look:
    shape = [len(cells.members[d]) for d in group]
    known = np.all([cells.codes[d] >= 0 for d in group], axis=0)
    flat = (
        np.ravel_multi_index([np.where(known, cells.codes[d], 0) for d in group], shape)
        if all(shape)
        else np.zeros(len(known), dtype=int)
    )
    total = np.bincount(flat[known], cells.n[known], int(np.prod(shape)))
    keep = np.flatnonzero(total >= small)
    keep = np.sort(keep[np.argsort(-total[keep], kind="stable")[:GROUPS]])
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
    return Look(group, np.where(known, number[flat], -1), members)


@dataclass(frozen=True)
class Scores:
    """Standardised shortfall of each group (row) from each month on (column); nan where there is
    too little to tell.
    """

    look: Look
    sums: sparse.csr_matrix  # group × month by cell
    live: np.ndarray  # True where there is enough to tell
    known: tuple[
        np.ndarray, ...
    ]  # per live look: n, expected to pass, variance, share of the variance the model leaves
    z: np.ndarray

    def of(self, totals: np.ndarray) -> np.ndarray:
        """Standardised scores of summed errors, live looks along the first axis."""
        return signed_root(totals, *(v if totals.ndim == 1 else v[:, None] for v in self.known))


def _scores(model: Model, look: Look, small: int, recent: int) -> Scores:
    """Efficient score of a shift of each group since each month, given everything in the model."""
    cells, groups = model.cells, len(look.names)
    live = np.flatnonzero(look.of >= 0)
    sums = sparse.csr_matrix(
        (np.ones(len(live)), (look.of[live] * cells.months + cells.month[live], live)),
        shape=(groups * cells.months, len(cells.n)),
    )

    def since(values: np.ndarray) -> np.ndarray:
        return values.reshape(groups, cells.months, *values.shape[1:])[:, ::-1].cumsum(axis=1)[
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
    if look.family == "members":
        enough[:, 0] = False  # a member's own level is no change
    whole = since(sums @ weight)
    enough &= spread > 0.02 * np.maximum(
        whole, 1e-9
    )  # a shift that the model can already express leaves nothing to test
    known = (n[enough], expected[enough], spread[enough], spread[enough] / whole[enough])
    scores = Scores(look, sums, enough, known, np.full(enough.shape, np.nan))
    scores.z[enough] = scores.of(since(sums @ (cells.k - cells.n * rate))[enough])
    return scores


def signed_root(
    error: np.ndarray, n: np.ndarray, expected: np.ndarray, variance: np.ndarray, left: np.ndarray
) -> np.ndarray:
    """Shortfalls in standard deviations: the signed root of the likelihood ratio, which is near
    normal where the plain score is skewed.

    The model has taken up a part of the shift, so the likelihood is weighed up by the share
    ``left`` of its information. Scores above −2 stay plain.
    """
    error, n, expected, variance, left = np.broadcast_arrays(error, n, expected, variance, left)
    z = error / np.sqrt(variance)
    low = z < -2
    n, expected, left = n[low], expected[low], left[low]
    k = np.clip(expected + error[low], 0, n)
    gain = special.xlogy(k, k / expected) + special.xlogy(n - k, (n - k) / (n - expected))
    z[low] = -np.sqrt(2 * np.maximum(gain, 0) / left)
    return z


def _lowest(
    model: Model, scores: list[Scores], rng: np.random.Generator, draws: int
) -> dict[str, np.ndarray]:
    """The lowest score of each family in data redrawn from the model, once per draw."""
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
        for family in dict.fromkeys(s.look.family for s in scores):
            part = np.full(size, np.inf)
            for s in (s for s in scores if s.look.family == family):
                totals = (
                    (s.sums @ error)
                    .reshape(len(s.look.names), cells.months, size)[:, ::-1]
                    .cumsum(axis=1)[:, ::-1]
                )
                part = np.minimum(part, s.of(totals[s.live]).min(axis=0, initial=np.inf))
            lowest.setdefault(family, []).append(part)
    return {family: np.sort(np.concatenate(parts)) for family, parts in lowest.items()}


def _redrawn(cells: Cells, rate: np.ndarray, rng: np.random.Generator, size: int) -> np.ndarray:
    """Passed deals per cell, drawn anew ``size`` times."""
    single = cells.n == 1
    out = np.empty((len(rate), size))
    out[single] = rng.random((int(single.sum()), size), dtype=np.float32) < rate[single][:, None]
    out[~single] = rng.binomial(
        cells.n[~single].astype(np.int64)[:, None], rate[~single][:, None], ((~single).sum(), size)
    )
    return out


def excess(scores: list[Scores]) -> float:
    """How much wider the looks scatter than counting alone would make them (1 = no more): deals
    that go together, small differences everywhere.

    The middle half of the scores is compared with a normal curve, so the few extreme ones that are
    searched for do not count.
    """
    values = np.concatenate(
        [s.z[:, 0] if s.look.family == "pairs" else s.z[:, s.z.shape[1] // 2] for s in scores]
        or [np.empty(0)]
    )
    values = values[~np.isnan(values)]
    return (
        max(1.0, float(np.subtract(*np.quantile(values, [0.75, 0.25]))) / 1.349)
        if len(values) >= 20
        else 1.0
    )


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
) -> tuple[list[Find], Model, int]:
    """Places that fell behind, one after the other: the surest enters the model, and the search
    goes on with what it leaves.

    Parameters
    ----------
    small : fewest deals of a group, also from ``recent`` (month of the cells) on
    steps : searches made side by side (steps of the funnel), paid for in p
    most : places looked for

    Returns
    -------
    the places, the model that holds them (one column each, in order, at the end), and the number of
    looks (groups × months).
    """
    looks = looks_of(cells, dims, small)
    families = {look.family for look in looks}
    found: list[Find] = []
    model, taken = fit(cells), 0
    while looks and len(found) < most:
        scores = [_scores(model, look, small, recent) for look in looks]
        taken = taken or sum(int((~np.isnan(s.z)).sum()) for s in scores)
        wide = excess(scores)
        best = _surest(scores, _lowest(model, scores, rng, draws), wide, steps * len(families))
        if best is None:
            break
        found.append(best)
        model = fit(cells, [cells.inside(f.by, f.since) for f in found])
    finds = [
        Find(f.by, f.since, f.z, f.p, onset(model, i, found, rng)) for i, f in enumerate(found)
    ]
    return finds, model, taken


def _surest(
    scores: list[Scores], lowest: dict[str, np.ndarray], wide: float, looks: float
) -> Find | None:
    """The group and month furthest beyond what luck gives its family."""
    best, margin = None, 0.0
    for s in scores:
        if np.isnan(s.z).all():
            continue
        luck = lowest[s.look.family] * wide
        limit = np.quantile(luck, ALPHA / looks)
        group, month = np.unravel_index(np.nanargmin(s.z), s.z.shape)
        z = float(s.z[group, month])
        p = min(1.0, looks * (1 + np.searchsorted(luck, z, side="right")) / (1 + len(luck)))
        if p <= ALPHA and (best is None or limit - z > margin):
            best, margin = Find(s.look.names[group], int(month), z, p), limit - z
    return best


def onset(
    model: Model, number: int, found: list[Find], rng: np.random.Generator, draws: int = 300
) -> tuple[int, ...]:
    """Months from which the place may have fallen behind, 95 %: those under which the data would
    look no stranger than they do.

    For each month the place's deals are redrawn with the shift that is likeliest from that month
    on; the month stays in unless the likeliest
    month is further ahead of it in the data than in 95 of 100 redrawn ones (the statistic has no
    ready-made distribution).
    """
    cells, place = model.cells, found[number]
    mask = cells.inside(place.by)
    off = model.without(model.design.shape[1] - len(found) + number)
    n = np.bincount(cells.month[mask], cells.n[mask], cells.months)
    months = np.flatnonzero(n > 0)
    base = np.bincount(cells.month[mask], (cells.n * off)[mask], cells.months)[months] / n[months]
    seen, n = np.bincount(cells.month[mask], cells.k[mask], cells.months)[months], n[months]
    gains = _gains(seen, n, base)
    kept = []
    for start in range(len(months)):
        rate = np.where(
            np.arange(len(months)) >= start,
            _shifted(seen[start:].sum(), n[start:], base, start),
            base,
        )
        again = _gains(
            rng.binomial(n.astype(np.int64), rate, (draws, len(n))).astype(float), n, base
        )
        if gains.max() - gains[start] <= np.quantile(again.max(axis=-1) - again[:, start], 0.95):
            kept.append(int(months[start]))
    return tuple(kept)


def _gains(k: np.ndarray, n: np.ndarray, base: np.ndarray) -> np.ndarray:
    """Log-likelihood won by a fall from each month on, over none."""
    passed, total, expected = (v[..., ::-1].cumsum(axis=-1)[..., ::-1] for v in (k, n, n * base))
    gain = special.xlogy(passed, passed / expected) + special.xlogy(
        total - passed, (total - passed) / (total - expected)
    )
    return np.where(passed < expected, gain, 0.0)


def _shifted(passed: float, n: np.ndarray, base: np.ndarray, start: int) -> np.ndarray:
    """Rates moved on the logit scale so that from ``start`` on as many pass as did (fewer than base
    only).
    """
    part = base[start:]
    low, high = -12.0, 0.0
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (
            (middle, high)
            if (n * special.expit(special.logit(part) + middle)).sum() < passed
            else (low, middle)
        )
    return np.where(np.arange(len(base)) >= start, special.expit(special.logit(base) + low), base)
