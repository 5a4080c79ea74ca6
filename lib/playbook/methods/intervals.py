"""How sure a number is: intervals named by their method, with the n they rest on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import stats

LEVEL = 0.95  # two-sided; every interval of a report is this wide unless its method says otherwise


@dataclass(frozen=True)
class Rate:
    """A share with its counts. ``value`` is None when nothing was exposed."""

    numerator: float
    denominator: float

    @property
    def value(self) -> float | None:
        return self.numerator / self.denominator if self.denominator else None

    @property
    def interval(self) -> tuple[float | None, float | None]:
        return wilson(self.numerator, self.denominator)

    @property
    def n(self) -> int:
        return int(self.denominator)


def wilson(successes, trials, level: float = LEVEL):
    """Wilson score interval of a proportion.

    Parameters
    ----------
    successes, trials : int or array of counts, 0 ≤ successes ≤ trials
    level : two-sided coverage [share]

    Returns
    -------
    (low, high) [share], scalars or arrays like the input; None (nan in arrays) where trials is 0.

    References: E. B. Wilson, JASA 22 (1927) 209-212.

    Examples
    --------
    >>> low, high = wilson(6, 20); round(low, 3), round(high, 3)
    (0.145, 0.519)
    """
    k, n = np.asarray(successes, dtype=float), np.asarray(trials, dtype=float)
    if np.any((k < 0) | (k > n)):
        raise ValueError(f"successes must lie between 0 and trials; found {successes} of {trials}")
    z = stats.norm.ppf(0.5 + level / 2)
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
