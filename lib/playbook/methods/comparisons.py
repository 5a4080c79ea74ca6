"""Naming somebody after many comparisons: p-values corrected for how many were made.

A report that compares forty reps finds two that differ "at 5 %" although nobody does. Whoever is
named as a cause or for action must therefore stand out among as many comparisons as were made.
``SEARCH_LEVEL`` is the error level of one whole search: a report holds about a dozen searches, so
that at most one company in ten without any cause sees anybody named.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats
from scipy.special import gammaln

SEARCH_LEVEL = 0.008  # chance that a search names anybody where there is nothing to find
DRAWS = 1999


def holm(p: ArrayLike) -> np.ndarray:
    """p-values adjusted by Holm's step-down method: the chance of any false finding among them all.

    The i-th smallest of m becomes the largest of (m − j + 1) p(j) over j ≤ i, at most 1.

    Parameters
    ----------
    p : p-values of every comparison made, any shape; nan = not compared, stays nan

    References: S. Holm, Scandinavian Journal of Statistics 6 (1979) 65-70.

    Examples
    --------
    Three comparisons: 3 · 0.01, 2 · 0.02 and 1 · 0.5.

    >>> holm([0.02, 0.5, 0.01, float("nan")]).round(3).tolist()
    [0.04, 0.5, 0.03, nan]
    """
    raw = np.asarray(p, dtype=float)
    flat = raw.ravel().copy()
    known = np.flatnonzero(~np.isnan(flat))
    order = known[np.argsort(flat[known], kind="stable")]
    factors = np.arange(len(order), 0, -1)
    flat[order] = np.minimum(1.0, np.maximum.accumulate(flat[order] * factors))
    return flat.reshape(raw.shape)


def max_statistic(observed: ArrayLike, redrawn: ArrayLike) -> np.ndarray:
    """p-values adjusted for the choice of the most extreme of many, from data redrawn without any
    cause.

    p = (1 + number of redrawn data sets whose largest statistic reaches the observed one) ÷
    (1 + number of data sets). It takes account of comparisons that go together, which Holm cannot.

    Parameters
    ----------
    observed : (G,) statistics, larger = more extreme; nan = not compared, stays nan
    redrawn : (draws, G) the same statistics in redrawn data, or (draws,) the largest of each

    References: P. H. Westfall, S. S. Young, Resampling-Based Multiple Testing (1993), chapter 2.

    Examples
    --------
    >>> max_statistic([3.0, 1.0], [[0.5, 2.0], [1.5, 0.0], [0.0, 0.5]]).tolist()
    [0.25, 0.75]
    """
    seen, again = np.asarray(observed, dtype=float), np.asarray(redrawn, dtype=float)
    if again.ndim > 1:
        again = np.fmax.reduce(again, axis=1)
    again = np.sort(again)
    # a sum of the same numbers in another order may differ in its last digits
    reached = len(again) - np.searchsorted(again, seen - 1e-9, side="left")
    return np.where(np.isnan(seen), np.nan, (1 + reached) / (1 + len(again)))


def rates_apart(passed: ArrayLike, of: ArrayLike) -> np.ndarray:
    """Whether each member's rate differs from that of all others together: exact p-values, not yet
    adjusted (pass those of every comparison to ``holm``).

    Given all counts, a member's successes are hypergeometric; p is twice the smaller tail.

    Parameters
    ----------
    passed, of : (G,) successes and trials per member

    Returns
    -------
    (G,) p-values; nan for a member without trials, or that has all of them

    References: R. A. Fisher, Statistical Methods for Research Workers, 5th ed. (1934), section
    21.02.

    Examples
    --------
    0 of 5 against 5 of 5: one of the 252 ways to place five successes, on either side.

    >>> rates_apart([0, 5], [5, 5]).round(6).tolist()
    [0.007937, 0.007937]
    """
    k, n = np.asarray(passed, dtype=np.int64), np.asarray(of, dtype=np.int64)
    total, successes = int(n.sum()), int(k.sum())
    if not len(n) or not total:
        return np.full(len(n), np.nan)
    below = stats.hypergeom.cdf(k, total, successes, n)
    above = stats.hypergeom.sf(k - 1, total, successes, n)
    p = np.minimum(1.0, 2 * np.minimum(below, above))
    return np.where((n > 0) & (n < total), p, np.nan)


def rates_apart_of_many(
    passed: ArrayLike,
    of: ArrayLike,
    groups: ArrayLike,
    rng: np.random.Generator,
    *,
    small: int = 1,
    draws: int = DRAWS,
    level: float = SEARCH_LEVEL,
) -> np.ndarray:
    """Whether a member's rate differs from that of all others of its group, among all members of
    all groups compared: p-values adjusted for their number.

    The statistic is the mid-p of Fisher's exact test (each tail holds half of what was observed).
    In each of ``draws`` data sets the successes of a group are dealt anew among its trials, and the
    smallest mid-p of all groups is kept (``max_statistic``). Counts are few, so most comparisons
    reach only a few p-values; Holm pays for each as if it could reach any, redrawing does not.

    A member whose p is at most ``level`` is set aside and the others are compared anew, without its
    counts, until nobody stands out: one rate that fell does not make those of all others look high,
    nor hide a second one. A later member's p is never below an earlier one's (step-down).

    Parameters
    ----------
    passed, of : (N,) successes and trials per member
    groups : (N,) the group of members compared with each other: a step, a dimension
    rng : source of the redrawn data
    small : fewest trials of a member that is compared; the others count among the rest
    draws : data sets redrawn; no p-value is below 1 ÷ (1 + draws)
    level : error level at which the caller names somebody

    Returns
    -------
    (N,) adjusted p-values; nan for a member with fewer trials, or that has all of its group

    References: P. H. Westfall, S. S. Young, Resampling-Based Multiple Testing (1993), chapter 2;
    H. O. Lancaster, J. Am. Stat. Assoc. 56 (1961) 223-234 (mid-p).

    Examples
    --------
    A rep who passes 4 of 40 where three others pass half of theirs; all pass the other step alike:

    >>> p = rates_apart_of_many([20, 20, 20, 4, 9, 10, 11, 10], [40] * 4 + [20] * 4,
    ...                         [1] * 4 + [2] * 4, np.random.default_rng(1), small=20)
    >>> (p <= 0.02).tolist()
    [False, False, False, True, False, False, False, False]
    """
    k, n = np.asarray(passed, dtype=np.int64), np.asarray(of, dtype=np.int64)
    names = np.asarray(groups)
    p, aside, least = np.full(len(n), np.nan), np.zeros(len(n), dtype=bool), 0.0
    while True:
        seen, largest = _surprises(
            np.where(aside, 0, k), np.where(aside, 0, n), names, rng, small, draws
        )
        now = np.maximum(max_statistic(seen, largest), least)
        compared = ~np.isnan(now)
        # of two that are left the one is the other's rest: what was said of it before stands
        p[compared] = now[compared]
        if not compared.any() or np.nanmin(now) > level:
            return p
        surest = int(np.nanargmax(seen))
        least = float(now[surest])
        aside[surest] = True


def _surprises(
    k: np.ndarray,
    n: np.ndarray,
    names: np.ndarray,
    rng: np.random.Generator,
    small: int,
    draws: int,
) -> tuple[np.ndarray, np.ndarray]:
    """Per member how surprising its successes are among those of its group, nan where it is not
    compared; and the largest surprise of each redrawn data set.
    """
    seen, largest = np.full(len(n), np.nan), np.full(draws, -np.inf)
    for name in dict.fromkeys(names.tolist()):
        inside = np.flatnonzero(names == name)
        total, successes = int(n[inside].sum()), int(k[inside].sum())
        able = [i for i, m in enumerate(inside) if max(small, 1) <= n[m] < total]
        if not able:
            continue
        again = rng.multivariate_hypergeometric(
            n[inside], successes, size=draws, method="marginals"
        )
        for i in able:
            member = inside[i]
            counts = np.append(again[:, i], k[member])
            surprise = _surprise(counts, total, successes, int(n[member]))
            largest, seen[member] = np.maximum(largest, surprise[:-1]), surprise[-1]
    return seen, largest


def _surprise(k: np.ndarray, total: int, successes: int, trials: int) -> np.ndarray:
    """−log of the two-sided mid-p of ``k`` successes."""
    first = max(0, trials - (total - successes))
    support = np.arange(first, min(successes, trials) + 1)

    def ways(of: int, some: np.ndarray) -> np.ndarray:  # log of the binomial coefficient
        return gammaln(of + 1) - gammaln(some + 1) - gammaln(of - some + 1)

    chances = ways(successes, support) + ways(total - successes, trials - support)
    chances = np.exp(chances - ways(total, np.array(trials)))
    below = np.cumsum(chances) - chances / 2
    above = np.cumsum(chances[::-1])[::-1] - chances / 2
    surprise = -np.log(np.clip(2 * np.minimum(below, above), 1e-12, 1.0))
    return surprise[np.asarray(k) - first]


def means_apart(
    values: ArrayLike,
    members: ArrayLike,
    rng: np.random.Generator,
    *,
    strata: ArrayLike | None = None,
    draws: int = DRAWS,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Which members' mean lies above that of the rest beyond chance, among all members compared.

    z = (Σ value − expected) ÷ its standard deviation when values are shuffled among the rows of a
    stratum; p comes from the largest z of each of ``draws`` shuffles (``max_statistic``).

    Parameters
    ----------
    values : (N,) one number per row (an order's discount beyond the ladder, days late); negate
        them to look for low means
    members : (N,) whose row it is
    rng : source of the shuffles
    strata : (N,) rows are shuffled only within a stratum (size of order, month): what differs
        between strata is then nobody's doing; all rows by default
    draws : shuffles

    Returns
    -------
    members (G,) in order, their z and their adjusted p; z is nan where nothing varies

    References: P. H. Westfall, S. S. Young, Resampling-Based Multiple Testing (1993), chapter 2;
    E. J. G. Pitman, J. R. Statist. Soc. Suppl. 4 (1937) 119-130 (permutation test of means).

    Examples
    --------
    >>> names, z, p = means_apart([9, 9, 9, 1, 2, 1, 2, 1, 1] * 3, list("aaabbbccc") * 3,
    ...                           np.random.default_rng(1), draws=999)
    >>> names.tolist(), p.round(3).tolist()
    (['a', 'b', 'c'], [0.001, 1.0, 1.0])
    """
    x = np.asarray(values, dtype=float)
    names, codes = np.unique(np.asarray(members), return_inverse=True)
    layers = (
        np.zeros(len(x), dtype=np.int64)
        if strata is None
        else np.unique(np.asarray(strata), return_inverse=True)[1]
    )
    order = np.lexsort((x, layers))  # the order of the rows must not show in the shuffles
    x, codes, layers = x[order], codes[order], layers[order]
    bounds = np.flatnonzero(np.diff(layers, prepend=-1, append=layers.max(initial=-1) + 1))
    centred, variance = np.empty(len(x)), np.zeros(len(names))
    for start, end in pairwise(bounds):
        part, size = x[start:end], end - start
        centred[start:end] = part - part.mean()
        n = np.bincount(codes[start:end], minlength=len(names))
        if size > 1:
            variance += part.var(ddof=1) * n * (1 - n / size)
    spread = np.sqrt(np.where(variance > 1e-12, variance, np.nan))
    z = np.bincount(codes, centred, len(names)) / spread
    again = np.empty((draws, len(names)))
    several = [(start, end) for start, end in pairwise(bounds) if end - start > 1]
    for i in range(draws):
        for start, end in several:
            rng.shuffle(centred[start:end])
        again[i] = np.bincount(codes, centred, len(names)) / spread
    return names, z, max_statistic(z, np.where(np.isnan(again), -np.inf, again))
