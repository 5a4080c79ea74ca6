"""Rates of small groups drawn to the common rate: the smaller a group, the closer
(beta-binomial).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import optimize, special, stats

from .intervals import LEVEL

STRONGEST = 1e5  # weight of the common rate, in trials, at which groups count as all alike


@dataclass(frozen=True)
class Shrunk:
    """Group rates after shrinkage [share], one per group, with their interval."""

    value: np.ndarray
    low: np.ndarray
    high: np.ndarray
    mean: float  # the common rate
    prior: float  # trials the common rate counts for


def shrink(successes: ArrayLike, trials: ArrayLike, level: float = LEVEL) -> Shrunk:
    """Beta-binomial shrinkage (empirical Bayes): how far groups differ beyond chance is estimated
    from the groups themselves.

    value = (k + mM) ÷ (n + M) with m the pooled rate and M its weight in trials; the interval is
    that of the posterior Beta(k + mM, n − k + (1 − m)M).

    Parameters
    ----------
    successes, trials : (G,) counts k and n per group; a group without trials gets the common rate
    level : two-sided coverage of the interval [share]

    Returns
    -------
    Shrunk; all nan when there are no trials at all

    Notes
    -----
    Group rates are taken as Beta(mM, (1 − m)M). M, between 1 and 100,000, is the value under which
    the counts are most likely. A group of n trials keeps n ÷ (n + M) of its own rate. One group, or
    groups no further apart than chance, give M at its upper limit.

    References: B. Efron, C. Morris, JASA 70 (1975) 311-319; J. G. Skellam, J. R. Statist. Soc. B 10
    (1948) 257-261 (the beta-binomial).

    Examples
    --------
    Two groups no further apart than chance share the pooled rate 1/2:

    >>> shrink([50, 50], [100, 100]).value.round(3).tolist()
    [0.5, 0.5]

    Groups far apart keep nearly their own rate; the small one gives up more of it. M is 1.3 here,
    so the third is (9 + 0.519 · 1.3) ÷ (10 + 1.3) = 0.86:

    >>> found = shrink([90, 10, 9], [100, 100, 10])
    >>> round(found.prior, 1), found.value.round(2).tolist()
    (1.3, [0.89, 0.11, 0.86])
    """
    k, n = np.asarray(successes, dtype=float), np.asarray(trials, dtype=float)
    total = n.sum()
    if not total:
        nothing = np.full(len(n), np.nan)
        return Shrunk(nothing, nothing, nothing, float("nan"), float("nan"))
    mean = float(k.sum() / total)
    prior = _strength(k, n, mean) if 0 < mean < 1 else STRONGEST
    a, b = k + mean * prior, n - k + (1 - mean) * prior
    tail = (1 - level) / 2
    with np.errstate(invalid="ignore"):
        low, high = stats.beta.ppf(tail, a, b), stats.beta.ppf(1 - tail, a, b)
    return Shrunk(a / (a + b), np.nan_to_num(low), np.nan_to_num(high, nan=1.0), mean, prior)


def sampled_group_rates(
    successes: ArrayLike, trials: ArrayLike, rng: np.random.Generator, samples: int
) -> np.ndarray:
    """Samples of the groups' own rates given their counts, how far groups differ being uncertain
    too (beta-binomial, a flat prior on the spread of rates on the logit scale, 0.01 to 1.2).

    Use it for what depends on all groups at once, such as the best of them: the largest count rate
    is high partly by luck, the largest of one sample of rates is not.

    Parameters
    ----------
    successes, trials : (G,) counts k and n per group, with trials in at least one
    samples : number S of samples

    Returns
    -------
    (S, G) rates

    References: A. Gelman and others, Bayesian Data Analysis, 3rd ed. (2013), section 5.3.

    Examples
    --------
    Five groups of 60, by luck between 40 and 60 %: the best of them is thought to be near 54 %.

    >>> rates = sampled_group_rates([24, 28, 30, 32, 36], [60] * 5, np.random.default_rng(1), 4000)
    >>> round(float(np.median(rates.max(axis=1))), 2)
    0.54
    """
    k, n = np.asarray(successes, dtype=float), np.asarray(trials, dtype=float)
    mean = float((k.sum() + 0.5) / (n.sum() + 1))
    spread = np.linspace(0.01, 1.2, 60)
    prior = np.maximum(1 / (mean * (1 - mean) * spread**2) - 1, 0.5)
    a, b = mean * prior[:, None], (1 - mean) * prior[:, None]
    fit = (special.betaln(k + a, n - k + b) - special.betaln(a, b)).sum(axis=1)
    weight = np.exp(fit - fit.max())
    drawn = prior[rng.choice(len(prior), samples, p=weight / weight.sum())][:, None]
    return rng.beta(k + mean * drawn, n - k + (1 - mean) * drawn)


def _strength(k: np.ndarray, n: np.ndarray, mean: float) -> float:
    """The M under which the counts are most likely, searched on a log scale."""
    live = n > 0
    k, n = k[live], n[live]

    def loss(log_m: float) -> float:
        a, b = mean * np.exp(log_m), (1 - mean) * np.exp(log_m)
        return -float((special.betaln(k + a, n - k + b) - special.betaln(a, b)).sum())

    found = optimize.minimize_scalar(
        loss, bounds=(0.0, np.log(STRONGEST)), method="bounded", options={"xatol": 1e-4}
    )
    return float(np.exp(found.x))
