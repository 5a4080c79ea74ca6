"""Searching every member at every stage for stays that are longer than those of the rest.

A stay ends when the deal leaves the stage, by advancing or by being lost; deals still there count
as long as they were watched. Deals are compared with deals that entered in the same stratum
(quarter), so that a slow quarter of the whole company is attributed to nobody.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import sparse, special

from .comparisons import SEARCH_LEVEL, max_statistic

DRAWS = 999
MANY = 20_000  # deals from which a fifth of the shuffles must do
CHUNK = 4_000_000  # numbers held at once while shuffling
ROUNDS = 30  # turns of fitting the pace of members found and the course of all


@dataclass(frozen=True)
class SlowMember:
    """A member whose deals leave a stage more slowly than those of the rest."""

    stage: str
    by: dict[str, str]  # dimension → member
    n: int  # deals that entered
    ratio: float  # their stay ÷ that of the rest
    low: float  # lower end of its 95 % interval
    high: float
    p: float  # adjusted for every member, dimension and stage


def slow_members(
    stays: pd.DataFrame,
    dims: Sequence[str],
    small: int,
    rng: np.random.Generator,
    *,
    level: float = SEARCH_LEVEL,
    most: int = 4,
) -> tuple[list[SlowMember], int]:
    """Members whose deals stay longer, one after the other: the surest is taken into the model, and
    the search goes on with what it leaves (forward selection).

    Score of a member at a stage: the signed root of its Poisson likelihood ratio,
    −√(2 (k ln(k/e) − k + e) ÷ left), with k the stays that ended, e the number expected from the
    stays of all at the same age (Nelson-Aalen within the stratum), and left the share of e's
    variance that is the member's own. p compares it with the lowest of all scores in data where
    deals are shuffled among members within their stage and stratum.

    Parameters
    ----------
    stays : stage, stratum, days [d], left (bool), n [deals] and a column per dimension
    dims : dimensions searched
    small : fewest deals of a member at a stage
    rng : source of the redrawn scores
    level : error level of the whole search
    most : members looked for

    Returns
    -------
    the members, surest first, and the number of comparisons (members × stages)

    References: N. Mantel, Cancer Chemotherapy Reports 50 (1966) 163-170 (log-rank); T. M. Therneau,
    P. M. Grambsch, T. R. Fleming, Biometrika 77 (1990) 147-160 (martingale residuals); P. H.
    Westfall, S. S. Young, Resampling-Based Multiple Testing (1993), chapter 2.

    Examples
    --------
    Four reps; deals of d stay twice as long:

    >>> rows = [("offer", 0, day * (2 if rep == "d" else 1), True, 1, rep)
    ...         for rep in "abcd" for day in range(1, 41)]
    >>> stays = pd.DataFrame(rows, columns=["stage", "stratum", "days", "left", "n", "rep"])
    >>> found, comparisons = slow_members(stays, ["rep"], 30, np.random.default_rng(1))
    >>> [(member.by, round(member.ratio, 1)) for member in found], comparisons
    ([({'rep': 'd'}, 1.9)], 4)
    """
    stays = _ordered(stays, dims)
    groups = _groups(stays, dims, small)
    if not groups.members:
        return [], 0
    found: list[int] = []
    p: list[float] = []
    pace: np.ndarray = np.ones(0)
    while len(found) < most:
        pace, expected = _fitted(stays, groups.inside[found], pace)
        own = _own_variance(stays, groups, expected)
        awaited = groups.inside @ expected
        able = (own > 0.02 * awaited) & (awaited >= 5)
        able[found] = False
        if not able.any():
            break
        ended = groups.inside @ stays.left.to_numpy(float)
        z = np.where(able, _z(ended, awaited, own), np.nan)
        if np.nanmin(z) > -2:  # never significant among several; spares the shuffles
            break
        lowest = _lowest(stays, groups, expected, own, able, rng)
        best = int(np.nanargmin(z))
        chance = float(max_statistic([-z[best]], -lowest)[0])
        if chance > level:
            break
        found.append(best)
        p.append(chance)
        pace = np.append(pace, 1.0)
    pace, _ = _fitted(stays, groups.inside[found], pace[: len(found)])
    n = np.asarray(groups.inside.sum(axis=1)).ravel()
    named = []
    for i, (g, chance) in enumerate(zip(found, p, strict=True)):
        others = np.where(np.arange(len(found)) == i, 1.0, pace)
        weight = np.exp(groups.inside[found].T @ np.log(others))
        own = groups.inside[g].toarray()[0] > 0
        stage, by = groups.members[g]
        named.append(SlowMember(stage, by, int(n[g]), *_stretch(stays, own, weight), chance))
    return named, len(groups.members)


def _stretch(
    stays: pd.DataFrame, own: np.ndarray, weight: np.ndarray
) -> tuple[float, float, float]:
    """By what factor the stays of some rows are longer than those of the rest of their stage, with
    its 95 % interval: the factor that, taken out, leaves as many ended stays as expected, and those
    that a log-rank test at 5 % would not reject (L. J. Wei and others, Biometrika 77 (1990)
    845-851: rank estimation in the accelerated life model).
    """
    mine = np.flatnonzero(stays.stage == stays.stage[own].iloc[0])
    layers = stays.iloc[mine].groupby("stratum", sort=False).indices
    parts = [
        (stays.iloc[rows], own[rows], weight[rows])
        for rows in (mine[np.asarray(inside)] for inside in layers.values())
        if own[rows].any() and not own[rows].all()
    ]

    def score(log_factor: float) -> float:
        """Ended less expected stays, in standard deviations, with the own days divided by it."""
        error = variance = 0.0
        for part, mine, w in parts:
            days = part.days.to_numpy(float) / np.where(mine, np.exp(log_factor), 1.0)
            left = part.left.to_numpy(bool)
            times, of = np.unique(days, return_inverse=True)
            mine_at, rest_at = (
                np.bincount(of, w * inside, len(times))[::-1].cumsum()[::-1]
                for inside in (mine, ~mine)
            )
            ended = np.bincount(of, left & ~mine, len(times))
            both = np.divide(mine_at, rest_at, out=np.zeros(len(times)), where=rest_at > 0)
            error += (left & mine).sum() - (ended * both).sum()
            variance += (ended * both * (1 + both)).sum()
        return float(error / np.sqrt(max(variance, 1e-9)))

    def solve(goal: float) -> float:
        low, high = np.log(0.05), np.log(50.0)
        for _ in range(40):
            middle = (low + high) / 2
            low, high = (middle, high) if score(middle) < goal else (low, middle)
        return float(np.exp((low + high) / 2))

    return solve(0.0), solve(-1.96), solve(1.96)


@dataclass(frozen=True)
class _Groups:
    members: list[tuple[str, dict[str, str]]]  # stage, dimension → member
    inside: sparse.csr_matrix  # group by row, 1 where the row belongs to it


def _ordered(stays: pd.DataFrame, dims: Sequence[str]) -> pd.DataFrame:
    """One row per deal, in an order that does not depend on that of the data."""
    keys = ["stage", "stratum", "days", "left", *dims]
    rows = stays.sort_values(keys, kind="stable")
    return rows.loc[rows.index.repeat(rows.n)].reset_index(drop=True)


def _groups(stays: pd.DataFrame, dims: Sequence[str], small: int) -> _Groups:
    members, masks = [], []
    sizes = stays.groupby("stage").size()
    for d in dims:
        counted = stays.groupby(["stage", d]).size().reset_index(name="size")
        for stage, member, n in zip(counted.stage, counted[d], counted["size"], strict=True):
            if small <= n <= sizes[stage] - small:
                members.append((str(stage), {d: str(member)}))
                masks.append(((stays.stage == stage) & (stays[d] == member)).to_numpy(float))
    inside = np.array(masks) if masks else np.empty((0, len(stays)))
    return _Groups(members, sparse.csr_matrix(inside))


def _fitted(
    stays: pd.DataFrame, terms: sparse.csr_matrix, pace: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Pace of leaving of the members found (1 = that of the rest), and the number of stays expected
    to have ended per row.
    """
    if not len(pace):
        return pace, _expected(stays, np.ones(len(stays)))
    ended = terms @ stays.left.to_numpy(float)
    expected = np.zeros(len(stays))
    for _ in range(ROUNDS):
        expected = _expected(stays, np.exp(terms.T @ np.log(pace)))
        move = np.maximum(ended, 0.5) / (terms @ expected)
        pace = pace * move
        if np.abs(np.log(move)).max() < 1e-6:
            break
    return pace, expected


def _expected(stays: pd.DataFrame, weight: np.ndarray) -> np.ndarray:
    """Per deal: weight × Nelson-Aalen hazard of its stage and stratum up to its days (Breslow)."""
    out = np.zeros(len(stays))
    days, ended = stays.days.to_numpy(float), stays.left.to_numpy(float)
    for rows in stays.groupby(["stage", "stratum"], sort=False).indices.values():
        times, of = np.unique(days[rows], return_inverse=True)
        risk = np.bincount(of, weight[rows], len(times))[::-1].cumsum()[::-1]
        hazard = (np.bincount(of, ended[rows], len(times)) / risk).cumsum()
        out[rows] = weight[rows] * hazard[of]
    return out


def _own_variance(stays: pd.DataFrame, groups: _Groups, expected: np.ndarray) -> np.ndarray:
    """Variance of each group's ended less expected stays when deals are shuffled within stage and
    stratum.
    """
    error = stays.left.to_numpy(float) - expected
    own = np.zeros(groups.inside.shape[0])
    for rows in stays.groupby(["stage", "stratum"], sort=False).indices.values():
        if len(rows) > 1:
            part = groups.inside[:, rows]
            share = np.asarray(part.sum(axis=1)).ravel()
            own += error[rows].var(ddof=1) * share * (1 - share / len(rows))
    return own


def _z(ended: np.ndarray, awaited: np.ndarray, own: np.ndarray) -> np.ndarray:
    """Signed root of the likelihood ratio of each group (rows); nan = too little to tell."""
    safe = np.maximum(awaited, 1e-9)
    gain = np.maximum(2 * (special.xlogy(ended, ended / safe) - ended + safe), 0)
    root = np.sqrt(np.where(own > 0, own, np.nan))
    if ended.ndim > 1:
        root = root[:, None]
    return np.sign(ended - safe) * np.sqrt(gain * safe) / root


def _lowest(
    stays: pd.DataFrame,
    groups: _Groups,
    expected: np.ndarray,
    own: np.ndarray,
    able: np.ndarray,
    rng: np.random.Generator,
) -> np.ndarray:
    """The lowest score of each data set whose deals are shuffled within stage and stratum."""
    left = stays.left.to_numpy(float)
    inside, draws = groups.inside[able], DRAWS if len(stays) <= MANY else DRAWS // 5
    groups_of = stays.groupby(["stage", "stratum"], sort=False).indices
    layers = [np.asarray(rows) for rows in groups_of.values()]
    step = max(1, CHUNK // len(stays))
    lowest = []
    for start in range(0, draws, step):
        size = min(step, draws - start)
        order = np.empty((len(stays), size), dtype=np.int64)
        for rows in layers:
            order[rows] = rng.permuted(np.repeat(rows[:, None], size, axis=1), axis=0)
        lowest.append(_z(inside @ left[order], inside @ expected[order], own[able]).min(axis=0))
    return np.concatenate(lowest)
