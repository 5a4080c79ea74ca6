"""Means and differences of means with t-intervals, and effects in units of how much people
differ.
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy import stats

FEWEST = 3  # pairs, or values of a group, below which no interval is given


class MeanEffect(NamedTuple):
    """A mean or a difference of means, its 95 % interval, Hedges' g, and how many it rests on."""

    mean: float | None
    low: float | None
    high: float | None
    g: float | None
    n: int


def mean_interval(values: pd.Series) -> tuple[float, float, float]:
    """Mean with its 95 % t-interval: x̄ ± t(0.975; n − 1) s ÷ √n.

    Parameters
    ----------
    values : numbers; missing ones are left out

    Returns
    -------
    (mean, low, high) in the unit of the values; the ends are nan for one value, all for none

    References: Student, Biometrika 6 (1908) 1-25.

    Examples
    --------
    s = 1, t(0.975; 2) = 4.3027, ÷ √3 = 2.4841:

    >>> [round(v, 4) for v in mean_interval(pd.Series([1.0, 2.0, 3.0]))]
    [2.0, -0.4841, 4.4841]
    """
    values = values.dropna()
    mean = float(values.mean()) if len(values) else np.nan
    half = (
        float(_t(len(values) - 1) * values.std(ddof=1) / np.sqrt(len(values)))
        if len(values) > 1
        else np.nan
    )
    return mean, mean - half, mean + half


@cache
def _t(freedom: int) -> float:
    """The 97.5 % quantile of Student's t."""
    return float(stats.t.ppf(0.975, freedom))


def clustered_mean(values: pd.Series, who: pd.Series) -> tuple[float, float | None, float | None]:
    """Mean with a 95 % t-interval that takes all values of one person together.

    x̄ ± t(0.975; G − 1) √(G/(G − 1) Σ_g (Σ_{i∈g} (x_i − x̄))²) ÷ n over the G persons.

    Parameters
    ----------
    values : (n,) numbers
    who : (n,) the person each belongs to

    Returns
    -------
    (mean, low, high); the ends are None for one person

    References: K.-Y. Liang, S. L. Zeger, Biometrika 73 (1986) 13-22 (the sandwich for a mean, with
    the factor G ÷ (G − 1)).

    Examples
    --------
    One value a person gives the plain t-interval:

    >>> found = clustered_mean(pd.Series([1.0, 2.0, 3.0]), pd.Series(["a", "b", "c"]))
    >>> [round(v, 4) for v in found]
    [2.0, -0.4841, 4.4841]
    """
    mean = float(values.mean())
    sums = (values - mean).groupby(who.to_numpy()).sum()
    if len(sums) < 2:
        return mean, None, None
    half = float(
        stats.t.ppf(0.975, len(sums) - 1)
        * np.sqrt((sums**2).sum() * len(sums) / (len(sums) - 1))
        / len(values)
    )
    return mean, mean - half, mean + half


def paired_effect(pre: ArrayLike, post: ArrayLike, fewest: int = FEWEST) -> MeanEffect:
    """Mean of post − pre over pairs with its 95 % t-interval, and Hedges' g.

    g = mean ÷ √((s²_pre + s²_post)/2) · (1 − 3 ÷ (4(n − 1) − 1)): an effect in units of how much
    people differ, comparable between courses.

    Parameters
    ----------
    pre, post : (n,) values of the same persons
    fewest : number of pairs below which only the mean is given

    References: L. V. Hedges, J. Educ. Stat. 6 (1981) 107-128; G. Cumming, Understanding the New
    Statistics (2012), ch. 11.

    Examples
    --------
    All gain 1 and the values spread by s = 1, so g is the small-sample factor 1 − 3/7:

    >>> found = paired_effect([1, 2, 3], [2, 3, 4])
    >>> found.mean, found.low, round(found.g, 4)
    (1.0, 1.0, 0.5714)
    """
    pre, post = np.asarray(pre, dtype=float), np.asarray(post, dtype=float)
    gain, n = post - pre, len(pre)
    if n < fewest:
        return MeanEffect(float(gain.mean()) if n else None, None, None, None, n)
    half = stats.t.ppf(0.975, n - 1) * gain.std(ddof=1) / np.sqrt(n)
    spread = np.sqrt((pre.var(ddof=1) + post.var(ddof=1)) / 2)
    g = None if spread == 0 else float(gain.mean() / spread * (1 - 3 / (4 * (n - 1) - 1)))
    return MeanEffect(
        float(gain.mean()), float(gain.mean() - half), float(gain.mean() + half), g, n
    )


def group_effect(treated: ArrayLike, control: ArrayLike, fewest: int = FEWEST) -> MeanEffect:
    """Difference of two groups' means with Welch's 95 % t-interval, and Hedges' g on the pooled
    spread.

    Parameters
    ----------
    treated, control : values of the two groups
    fewest : size of a group below which nothing is given

    Returns
    -------
    MeanEffect; n counts both groups

    References: B. L. Welch, Biometrika 34 (1947) 28-35; L. V. Hedges, J. Educ. Stat. 6 (1981)
    107-128.

    Examples
    --------
    Means 3 and 2, both s = 1: half = t(0.975; 4) √(2/3) = 2.7764 · 0.8165, g = 1 · (1 − 3/15).

    >>> found = group_effect([2, 3, 4], [1, 2, 3])
    >>> found.mean, round(found.high, 3), round(found.g, 3)
    (1.0, 3.267, 0.8)
    """
    a, b = np.asarray(treated, dtype=float), np.asarray(control, dtype=float)
    if min(len(a), len(b)) < fewest:
        return MeanEffect(None, None, None, None, len(a) + len(b))
    va, vb = a.var(ddof=1) / len(a), b.var(ddof=1) / len(b)
    mean = float(a.mean() - b.mean())
    if va + vb == 0:
        return MeanEffect(mean, mean, mean, None, len(a) + len(b))
    df = (va + vb) ** 2 / (va**2 / (len(a) - 1) + vb**2 / (len(b) - 1))
    half = stats.t.ppf(0.975, df) * np.sqrt(va + vb)
    total = len(a) + len(b) - 2
    pooled = np.sqrt(((len(a) - 1) * a.var(ddof=1) + (len(b) - 1) * b.var(ddof=1)) / total)
    return MeanEffect(
        mean,
        float(mean - half),
        float(mean + half),
        float(mean / pooled * (1 - 3 / (4 * total - 1))),
        len(a) + len(b),
    )
