"""Small groups told apart from luck: each group's rate is drawn towards the whole sales force's as
far as its n is small.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import optimize, special, stats

from .intervals import LEVEL

STRONGEST = 1e5  # prior deals from which groups count as all alike


@dataclass(frozen=True)
class Shrunk:
    """Rates drawn to the common one: ``value``, ``low``, ``high`` per group; ``prior`` = deals the
    common rate is worth.
    """

    value: np.ndarray
    low: np.ndarray
    high: np.ndarray
    mean: float
    prior: float


def shrink(successes, trials, level: float = LEVEL) -> Shrunk:
    """Beta-binomial shrinkage: the spread between groups beyond chance is learnt from the groups
    themselves.

    Parameters
    ----------
    successes, trials : arrays of counts per group; groups with no trials get the common rate

    Notes
    -----
    Group rates are taken as Beta(m·M, (1 − m)·M) with m the pooled rate; M, the deals that rate is
    worth, is the one under which the counts are
    most likely. A group of n deals keeps n ÷ (n + M) of its own rate. One group, or groups no
    further apart than chance, give M at its ceiling.

    References: B. Efron, C. Morris, J. Amer. Statist. Assoc. 70 (1975) 311-319, for the idea.
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
