"""Mean differences with their intervals: before and after, and against a control group."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import stats

FEWEST = 3  # pairs below which no interval is given


@dataclass(frozen=True)
class Effect:
    """A mean difference with its 95 % t-interval and Hedges' g. Values are None where there are too
    few people.
    """

    mean: float | None
    low: float | None
    high: float | None
    g: float | None
    n: int


def paired(pre, post) -> Effect:
    """Paired difference post − pre.

    Hedges' g divides it by the average of both standard deviations, with the small-sample factor 1
    − 3 ÷ (4 (n − 1) − 1): an effect in
    units of how much people differ, comparable between courses.

    References: L. V. Hedges, J. Educ. Stat. 6 (1981) 107-128; G. Cumming, Understanding the New
    Statistics (2012), ch. 11.
    """
    pre, post = np.asarray(pre, dtype=float), np.asarray(post, dtype=float)
    gain, n = post - pre, len(pre)
    if n < FEWEST:
        return Effect(float(gain.mean()) if n else None, None, None, None, n)
    half = stats.t.ppf(0.975, n - 1) * gain.std(ddof=1) / np.sqrt(n)
    spread = np.sqrt((pre.var(ddof=1) + post.var(ddof=1)) / 2)
    g = None if spread == 0 else float(gain.mean() / spread * (1 - 3 / (4 * (n - 1) - 1)))
    return Effect(float(gain.mean()), float(gain.mean() - half), float(gain.mean() + half), g, n)


def against(trained, control) -> Effect:
    """Difference of two groups' mean gains, Welch's 95 % t-interval, Hedges' g on the pooled
    spread.
    """
    a, b = np.asarray(trained, dtype=float), np.asarray(control, dtype=float)
    if min(len(a), len(b)) < FEWEST:
        return Effect(None, None, None, None, len(a) + len(b))
    va, vb = a.var(ddof=1) / len(a), b.var(ddof=1) / len(b)
    mean = float(a.mean() - b.mean())
    if va + vb == 0:
        return Effect(mean, mean, mean, None, len(a) + len(b))
    df = (va + vb) ** 2 / (va**2 / (len(a) - 1) + vb**2 / (len(b) - 1))
    half = stats.t.ppf(0.975, df) * np.sqrt(va + vb)
    total = len(a) + len(b) - 2
    pooled = np.sqrt(((len(a) - 1) * a.var(ddof=1) + (len(b) - 1) * b.var(ddof=1)) / total)
    return Effect(
        mean,
        float(mean - half),
        float(mean + half),
        float(mean / pooled * (1 - 3 / (4 * total - 1))),
        len(a) + len(b),
    )
