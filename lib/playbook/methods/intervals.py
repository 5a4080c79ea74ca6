"""Shares with their counts, and intervals of shares, of their differences and of counts."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

LEVEL = 0.95  # two-sided; every interval of a report is this wide unless its method says otherwise


# scipy takes half a second to import, which commands that only count pages need not wait for.
@cache
def _quantile(p: float) -> float:
    """Quantile of the standard normal, as ``scipy.stats.norm.ppf`` gives it."""
    from scipy.special import ndtri

    return float(ndtri(p))


def _above(z: float) -> float:
    """Chance that a standard normal lies above ``z``."""
    from scipy.special import ndtr

    return float(ndtr(-z))


@dataclass(frozen=True)
class Rate:
    """A share with its counts: ``numerator`` of ``denominator``.

    Examples
    --------
    >>> rate = Rate(6, 20); rate.value, rate.n
    (0.3, 20)
    >>> Rate(0, 0).value is None
    True
    """

    numerator: float
    denominator: float

    @property
    def value(self) -> float | None:
        """numerator ÷ denominator [share]; None when the denominator is 0."""
        return self.numerator / self.denominator if self.denominator else None

    @property
    def interval(self) -> tuple[float | None, float | None]:
        """Wilson interval, 95 % [share]; (None, None) when the denominator is 0."""
        return wilson(self.numerator, self.denominator)

    @property
    def n(self) -> int:
        """The denominator as a whole number."""
        return int(self.denominator)


def wilson(successes: Any, trials: Any, level: float = LEVEL) -> tuple[Any, Any]:
    """Wilson score interval of a proportion.

    (p + z²/2n ± z √(p(1 − p)/n + z²/4n²)) ÷ (1 + z²/n) with p = k/n and z the normal quantile of
    ``level``; exactly 0 and 1 at the ends where k is 0 or n.

    Parameters
    ----------
    successes, trials : int or array of counts k and n, 0 ≤ k ≤ n
    level : two-sided coverage [share]

    Returns
    -------
    (low, high) [share], scalars or arrays like the input; None (nan in arrays) where trials is 0.

    Raises ValueError for more successes than trials.
    References: E. B. Wilson, JASA 22 (1927) 209-212.

    Examples
    --------
    >>> low, high = wilson(6, 20); round(low, 3), round(high, 3)
    (0.145, 0.519)
    """
    k, n = np.asarray(successes, dtype=float), np.asarray(trials, dtype=float)
    if np.any((k < 0) | (k > n)):
        raise ValueError(f"successes must lie between 0 and trials; found {successes} of {trials}")
    z = _quantile(0.5 + level / 2)
    with np.errstate(invalid="ignore", divide="ignore"):
        p = k / n
        centre = (p + z**2 / (2 * n)) / (1 + z**2 / n)
        half = z * np.sqrt(p * (1 - p) / n + z**2 / (4 * n**2)) / (1 + z**2 / n)
        low, high = np.clip(centre - half, 0, 1), np.clip(centre + half, 0, 1)
    low, high = (
        np.where(k == 0, np.where(n > 0, 0.0, np.nan), low),
        np.where((k == n) & (n > 0), 1.0, high),
    )
    if k.ndim or n.ndim:
        return low, high
    return (None, None) if not n else (float(low), float(high))


def newcombe(k: float, n: float, k0: float, n0: float) -> tuple[float, float]:
    """95 % interval of a difference of two proportions, p − p0, from their Wilson intervals.

    (p − p0 − √((p − l)² + (u0 − p0)²), p − p0 + √((u − p)² + (p0 − l0)²)) with (l, u) and (l0, u0)
    the Wilson intervals.

    Parameters
    ----------
    k, n : successes and trials of the first group, n above 0
    k0, n0 : of the second

    Returns
    -------
    (low, high) of p − p0 [share]

    References: R. G. Newcombe, Statistics in Medicine 17 (1998) 873-890, method 10.

    Examples
    --------
    Newcombe's example (a), 56 of 70 against 48 of 80:

    >>> low, high = newcombe(56, 70, 48, 80); round(low, 4), round(high, 4)
    (0.0524, 0.3339)
    """
    p, p0 = k / n, k0 / n0
    (low, high), (low0, high0) = wilson(k, n), wilson(k0, n0)
    return p - p0 - float(np.hypot(p - low, high0 - p0)), p - p0 + float(
        np.hypot(high - p, p0 - low0)
    )


def proportions_z(k: float, n: float, k0: float, n0: float) -> float | None:
    """z of two proportions with a pooled variance: (p − p0) ÷ √(q(1 − q)(1/n + 1/n0)) with q the
    share of both groups together.

    Parameters as for ``newcombe``; None where q is 0 or 1.

    References: J. L. Fleiss, Statistical Methods for Rates and Proportions, 2nd ed. (1981), 2.1,
    without continuity correction.

    Examples
    --------
    q = 0.5, √(0.25 · 2/100) = 0.0707, 0.1 ÷ 0.0707 = √2:

    >>> round(proportions_z(55, 100, 45, 100), 4)
    1.4142
    """
    pooled = (k + k0) / (n + n0)
    spread = np.sqrt(pooled * (1 - pooled) * (1 / n + 1 / n0))
    return float((k / n - k0 / n0) / spread) if spread else None


def proportions_p(k: float, n: float, k0: float, n0: float, *, greater: bool = False) -> float:
    """p of the z-test that two proportions are equal, against any difference or, with ``greater``,
    against the first being larger.

    2 (1 − Φ(|z|)) or 1 − Φ(z) with z of ``proportions_z``; 1 or 0.5 where z is not defined.

    Examples
    --------
    15 of 50 against 5 of 50: q = 0.2, standard error 0.08, z = 2.5.

    >>> round(proportions_p(15, 50, 5, 50), 5), round(proportions_p(15, 50, 5, 50, greater=True), 5)
    (0.01242, 0.00621)
    """
    z = proportions_z(k, n, k0, n0)
    if greater:
        return 0.5 if z is None else _above(z)
    return 1.0 if z is None else 2 * _above(abs(z))


def counts_p(count: int, other: int) -> float:
    """p that two counts over equally long spans come from one rate: exact conditional test.

    Given their sum, either is binomial with chance one half (Przyborowski and Wilenski 1940).

    Examples
    --------
    5 against 15: twice the chance of at most 5 heads in 20 throws.

    >>> round(counts_p(5, 15), 4), counts_p(0, 0)
    (0.0414, 1.0)
    """
    total = int(count) + int(other)
    from scipy import stats

    return float(stats.binomtest(int(count), total).pvalue) if total else 1.0


def poisson_interval(count: Any) -> tuple[Any, Any]:
    """Exact 95 % interval of the mean of a Poisson count (Garwood).

    (χ²(0.025; 2x) ÷ 2, χ²(0.975; 2x + 2) ÷ 2).

    Parameters
    ----------
    count : number or array of counts x of 0 or more

    Returns
    -------
    (low, high) like the input; low is nan where the count is 0

    References: F. Garwood, Biometrika 28 (1936) 437-442.

    Examples
    --------
    >>> low, high = poisson_interval(10); round(float(low), 3), round(float(high), 3)
    (4.795, 18.39)
    """
    from scipy import stats

    return stats.chi2.ppf(0.025, 2 * count) / 2, stats.chi2.ppf(0.975, 2 * count + 2) / 2
