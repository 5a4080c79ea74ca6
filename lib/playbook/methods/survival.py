"""Time until an event, those still waiting included as censored: Kaplan-Meier, Aalen-Johansen and
the log-rank test, from counts.

Everything works on counts by whole day, so a million deals cost what a few hundred distinct days
cost; tied days need no jitter.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

from .intervals import LEVEL


@dataclass(frozen=True)
class Incidence:
    """Cumulative incidence of one cause: arrays of equal length, one entry per distinct day."""

    days: np.ndarray  # rising, whole days
    value: np.ndarray  # chance that the cause has happened by the day
    low: np.ndarray  # its pointwise interval
    high: np.ndarray
    at_risk: np.ndarray  # subjects still watched at the start of the day
    overall: np.ndarray  # chance that no cause has happened by the day
    n: float  # subjects
    variance: np.ndarray  # of ``value``

    @property
    def median(self) -> float | None:
        """First day by which half have left; None where never reached."""
        return median_time(self)[0]

    @property
    def median_interval(self) -> tuple[float | None, float | None]:
        """Days at which the interval's ends cross one half (Brookmeyer-Crowley); None where an end
        never does.
        """
        return median_time(self)[1:]

    def at(self, day: float) -> tuple[float | None, float | None, float | None]:
        """(value, low, high) by ``day``; (None, None, None) after the last day anyone was
        watched.
        """
        i = int(np.searchsorted(self.days, day, side="right")) - 1
        if not len(self.days) or (day > self.days[-1] and self.overall[-1] > 0):
            return None, None, None
        if i < 0:
            return 0.0, 0.0, 0.0
        return float(self.value[i]), float(self.low[i]), float(self.high[i])


def tally(days: ArrayLike, counts: ArrayLike, size: int | None = None) -> np.ndarray:
    """Counts summed by whole day; entry d is the sum of day d (at least ``size`` entries).

    >>> tally([0, 2, 2], [1, 2, 3]).tolist()
    [1.0, 0.0, 5.0]
    """
    days = np.asarray(days, dtype=np.int64)
    return np.bincount(days, weights=np.asarray(counts, dtype=float), minlength=size or 0)


def aalen_johansen(
    days: ArrayLike,
    cause: ArrayLike,
    counts: ArrayLike | None = None,
    *,
    of: int = 1,
    level: float = LEVEL,
) -> Incidence:
    """Cumulative incidence of cause ``of`` with the other causes competing.

    F(t) = Σ_{s≤t} S(s−) d_of(s) ÷ n(s), S(t) = Π_{s≤t} (1 − d(s) ÷ n(s)) with d events and n
    subjects at risk on day s.

    Parameters
    ----------
    days : (N,) whole days ≥ 0 until the event, or until now
    cause : (N,) 0 = still undecided (censored), 1, 2 … = what happened
    counts : (N,) how many subjects each row stands for; default 1
    level : two-sided coverage of the pointwise interval (log-log scale, delta-method variance)

    Notes
    -----
    On one day events come before censoring. With nobody censored the curve is the plain share of
    all. Raises ValueError for a negative time.

    References: O. Aalen, S. Johansen, Scand. J. Statist. 5 (1978) 141-150; variance as in E.
    Marubini, M. G. Valsecchi,
    Analysing Survival Data from Clinical Trials and Observational Studies (1995), section 10.

    Examples
    --------
    Won on day 2, lost on 3, open since 3, won on 5, open since 8: 1/5, then + 3/5 · 1/2.

    >>> curve = aalen_johansen([2, 3, 3, 5, 8], [1, 2, 0, 1, 0])
    >>> curve.days.tolist(), curve.value.round(6).tolist()
    ([2, 3, 5, 8], [0.2, 0.2, 0.5, 0.5])
    """
    days, cause = np.asarray(days, dtype=np.int64), np.asarray(cause)
    counts = np.ones(len(days)) if counts is None else np.asarray(counts, dtype=float)
    if len(days) and days.min() < 0:
        raise ValueError("a time before the start: take such deals out first and say how many")
    if not len(days):
        empty = np.zeros(0)
        return Incidence(empty, empty, empty, empty, empty, empty, 0.0, empty)
    size = int(days.max()) + 1
    ours = tally(days[cause == of], counts[cause == of], size)
    events = tally(days[cause != 0], counts[cause != 0], size)
    leaving = tally(days, counts, size)
    at_risk = leaving[::-1].cumsum()[::-1]
    kept = leaving > 0
    d1, d, n = ours[kept], events[kept], at_risk[kept]
    overall = np.cumprod(1 - d / n)
    before = np.concatenate([[1.0], overall[:-1]])
    value = np.cumsum(before * d1 / n)
    variance = _variance(value, before, d1, d, n)
    low, high = _loglog(value, variance, level)
    return Incidence(
        np.flatnonzero(kept), value, low, high, n, overall, float(counts.sum()), variance
    )


def _variance(
    value: np.ndarray, before: np.ndarray, d1: np.ndarray, d: np.ndarray, n: np.ndarray
) -> np.ndarray:
    """Delta-method variance of the incidence at each time, its three sums expanded so that running
    totals give them.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        green = np.where(n > d, d / (n * (n - d)), 0.0)
    own = before**2 * (n - d1) * d1 / n**3
    cross = before * d1 / n**2
    variance = (
        value**2 * np.cumsum(green)
        - 2 * value * np.cumsum(value * green)
        + np.cumsum(value**2 * green)
        + np.cumsum(own)
        - 2 * (value * np.cumsum(cross) - np.cumsum(value * cross))
    )
    return np.maximum(variance, 0.0)


def _loglog(value: np.ndarray, variance: np.ndarray, level: float) -> tuple[np.ndarray, np.ndarray]:
    """Interval on the log(-log) scale: it stays between 0 and 1."""
    z = stats.norm.ppf(0.5 + level / 2)
    inside = (value > 0) & (value < 1)
    safe = np.where(inside, value, 0.5)
    half = np.minimum(z * np.sqrt(variance) / np.abs(safe * np.log(safe)), 50.0)
    low, high = safe ** np.exp(half), safe ** np.exp(-half)
    return np.where(inside, low, value), np.where(inside, high, value)


def kaplan_meier(
    days: ArrayLike,
    happened: ArrayLike,
    counts: ArrayLike | None = None,
    *,
    level: float = LEVEL,
) -> Incidence:
    """Share to whom it has happened by each day, 1 − S(t), the others censored.

    S(t) = Π_{s≤t} (1 − d(s) ÷ n(s)). The interval is Greenwood's on the log-log scale of S, as is
    usual for one cause; that of competing causes is on their incidence.

    Parameters
    ----------
    days, counts, level : as for ``aalen_johansen``
    happened : (N,) whether the event happened

    References: E. L. Kaplan, P. Meier, JASA 53 (1958) 457-481.

    Examples
    --------
    S = 5/6, 4/6, then 4/6 · 2/3 = 4/9 on day 4 (one was censored on day 3):

    >>> curve = kaplan_meier([1, 2, 3, 4, 9, 9], [1, 1, 0, 1, 0, 0])
    >>> (1 - curve.value).round(4).tolist()
    [0.8333, 0.6667, 0.6667, 0.4444, 0.4444]
    >>> curve.median
    4.0
    """
    curve = aalen_johansen(days, np.asarray(happened).astype(int), counts, level=level)
    low, high = _loglog(1 - curve.value, curve.variance, level)
    return replace(curve, low=1 - high, high=1 - low)


def median_time(
    curve: Incidence, share: float = 0.5
) -> tuple[float | None, float | None, float | None]:
    """First day by which ``share`` has left, and the days at which the interval's upper and lower
    end cross it (Brookmeyer-Crowley); None where never reached.

    References: R. Brookmeyer, J. Crowley, Biometrics 38 (1982) 29-41.

    Examples
    --------
    >>> median_time(kaplan_meier([1, 2, 3, 4], [1, 1, 1, 1]))[0]
    2.0
    """

    def crossing(values: np.ndarray) -> float | None:
        hit = np.flatnonzero(values >= share - 1e-12)
        return float(curve.days[hit[0]]) if len(hit) else None

    return crossing(curve.value), crossing(curve.high), crossing(curve.low)


def quantile(days: ArrayLike, counts: ArrayLike, q: float) -> float | None:
    """The q-quantile of values that stand for ``counts`` rows each, linear between neighbours: the
    default of numpy (type 7) on the rows themselves.

    Parameters
    ----------
    days : (N,) values
    counts : (N,) rows each value stands for
    q : share between 0 and 1

    Returns
    -------
    in the unit of the values; None without rows

    References: R. J. Hyndman, Y. Fan, The American Statistician 50 (1996) 361-365.

    Examples
    --------
    The median of 10, 10, 20, 40 lies half-way between 10 and 20:

    >>> quantile([40, 10, 20], [1, 2, 1], 0.5)
    15.0
    """
    days, counts = np.asarray(days, dtype=float), np.asarray(counts, dtype=float)
    if not counts.sum():
        return None
    order = np.argsort(days, kind="stable")
    days, ends = days[order], np.cumsum(counts[order])
    place = q * (ends[-1] - 1)
    below, above = (
        days[np.searchsorted(ends, np.floor(place) + step, side="right")]
        for step in (0, 1 if place % 1 else 0)
    )
    return float(below + (above - below) * (place % 1))
