"""Whether chances that were given came true: the Brier score and bins of given against seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats


@dataclass(frozen=True)
class Bin:
    """Forecasts between two edges: low < given ≤ high (the first bin holds its low edge too)."""

    low: float
    high: float
    n: int  # forecasts
    given: float  # their mean [share]
    happened: int  # how many came true
    p: float  # exact two-sided p of as many at the mean given


def brier(given: ArrayLike, happened: ArrayLike) -> float:
    """Mean squared distance of chances from what happened: 0 = certain and right, 0.25 = always
    one half; nan without forecasts.

    Parameters
    ----------
    given : (n,) chances [share]
    happened : (n,) whether it came true

    References: G. W. Brier, Monthly Weather Review 78 (1950) 1-3.

    Examples
    --------
    (0.1² + 0.4² + 0.5²) ÷ 3 = 0.14:

    >>> round(brier([0.9, 0.6, 0.5], [1, 1, 0]), 6)
    0.14
    """
    p, y = np.asarray(given, dtype=float), np.asarray(happened, dtype=float)
    return float(((p - y) ** 2).mean()) if len(p) else float("nan")


def calibration_bins(
    given: ArrayLike, happened: ArrayLike, edges: Sequence[float] = (0, 0.2, 0.4, 0.6, 0.8, 1)
) -> list[Bin]:
    """The forecasts bin by bin, empty bins left out.

    p takes every forecast of a bin at their mean, which makes the count vary a little more than it
    does: it errs on the side of calling a bin as promised.

    Parameters
    ----------
    given, happened : as for ``brier``
    edges : rising, from the lowest to the highest chance

    Examples
    --------
    Two of ten came true where nine were promised: p = P(X ≤ 2) at 0.9, doubled by no other side.

    >>> found = calibration_bins([0.9] * 10 + [0.1], [1, 1] + [0] * 9)
    >>> [(b.n, b.happened, b.p < 0.001) for b in found]
    [(1, 0, False), (10, 2, True)]
    """
    p, y = np.asarray(given, dtype=float), np.asarray(happened, dtype=bool)
    place = np.clip(np.searchsorted(edges, p, side="left"), 1, len(edges) - 1)
    found = []
    for i in range(1, len(edges)):
        inside = place == i
        n = int(inside.sum())
        if n:
            mean, k = float(p[inside].mean()), int(y[inside].sum())
            chance = stats.binomtest(k, n, mean).pvalue
            found.append(Bin(float(edges[i - 1]), float(edges[i]), n, mean, k, float(chance)))
    return found
