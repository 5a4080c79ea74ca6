"""Log-rank test: do two groups leave at the same pace?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

from .survival import tally


@dataclass(frozen=True)
class LogRank:
    """Result of a two-sample log-rank test."""

    statistic: float  # chi-square with one degree of freedom
    p: float
    n: tuple[int, int]  # subjects of group 0 and 1
    events: tuple[int, int]


def log_rank(
    days: ArrayLike, happened: ArrayLike, group: ArrayLike, counts: ArrayLike | None = None
) -> LogRank:
    """Two-sample log-rank test: do two groups leave at the same pace?

    χ² = (Σ (d1 − d n1/n))² ÷ Σ d (n1/n)(1 − n1/n)(n − d)/(n − 1) over the days with events.

    Parameters
    ----------
    days, counts : as for ``aalen_johansen``
    happened : (N,) whether the event happened
    group : (N,) 0 or 1

    Returns
    -------
    LogRank; p is 1 when the groups are never at risk together

    References: N. Mantel, Cancer Chemotherapy Reports 50 (1966) 163-170.

    Examples
    --------
    One each on day 1 and 2: (0 − 1/2)² ÷ (1/4) = 1.

    >>> log_rank([1, 2], [1, 1], [0, 1]).statistic
    1.0
    """
    days, happened, group = (
        np.asarray(days, dtype=np.int64),
        np.asarray(happened).astype(bool),
        np.asarray(group),
    )
    counts = np.ones(len(days)) if counts is None else np.asarray(counts, dtype=float)
    size = int(days.max()) + 1 if len(days) else 1
    n = [tally(days[group == g], counts[group == g], size)[::-1].cumsum()[::-1] for g in (0, 1)]
    d = [
        tally(days[(group == g) & happened], counts[(group == g) & happened], size) for g in (0, 1)
    ]
    total, events = n[0] + n[1], d[0] + d[1]
    live = (total > 1) & (events > 0)
    total, events, first, died = total[live], events[live], n[1][live], d[1][live]
    surplus = float((died - events * first / total).sum())
    variance = float(
        (events * (first / total) * (1 - first / total) * (total - events) / (total - 1)).sum()
    )
    statistic = surplus**2 / variance if variance > 0 else 0.0
    return LogRank(
        statistic,
        float(stats.chi2.sf(statistic, 1)),
        (int(counts[group == 0].sum()), int(counts[group == 1].sum())),
        (int(d[0].sum()), int(d[1].sum())),
    )
