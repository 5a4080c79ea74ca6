"""The range in which a month or a week lies unless something changed."""

from __future__ import annotations

import numpy as np
from scipy import stats

from playbook.methods.comparisons import SEARCH_LEVEL

from .indicators import Indicator
from .words import AS_USUAL, BETTER, NO_VALUE, TOO_LITTLE, UNUSUAL, WORSE

FEWEST = 6  # months of history an alert needs


def has_history(indicator: Indicator, line: np.ndarray) -> bool:
    """Whether a month can be judged: it has a value, and at least six months before vary; money of
    which most months hold none is too rare to say what is usual.
    """
    past = line[:-1][np.isfinite(line[:-1])]
    if indicator.unit == "money":
        past = past[past != 0] if np.count_nonzero(past) < FEWEST else past
    return bool(np.isfinite(line[-1]) and len(past) >= FEWEST and np.ptp(past) > 1e-9)


def usual_range(
    past: np.ndarray, comparisons: int, *, least: float = 0.0, overlap: int = 1
) -> tuple[float, float]:
    """The range within which the next value stays for all indicators of the page together, but for
    a chance of SEARCH_LEVEL.

    mean ± t · s · √(1 + 1/n), t the quantile of Student's distribution at SEARCH_LEVEL ÷ (2 ·
    comparisons). Values that overlap move slowly: there the range lies around the last value, and
    s, n are of the steps from month to month, each of which is new.

    Parameters
    ----------
    past : (n,) values of the months before, nan where unknown
    comparisons : indicators judged
    least : smallest standard deviation counted with, from the number of deals or events
    overlap : months that each value tells of
    """
    known = past[np.isfinite(past)]
    centre, parts = known.mean(), known
    if overlap > 1:
        steps = np.diff(past)
        centre, parts = known[-1], steps[np.isfinite(steps)]
        if len(parts) < 2:
            return np.nan, np.nan
    n = len(parts)
    spread = parts.std(ddof=1)
    t = stats.t.isf(SEARCH_LEVEL / (2 * comparisons), n - 1)
    half = t * np.sqrt(spread**2 * (1 + 1 / n)) if spread > least else t * least
    return centre - half, centre + half


def row_of(indicator: Indicator, line: np.ndarray, month: int, judged: int) -> dict:
    """The month against its own history."""
    past = line[:-1][np.isfinite(line[:-1])]
    low = high = np.nan
    mean = past.mean() if len(past) >= FEWEST else np.nan
    alert = NO_VALUE if np.isnan(line[-1]) else TOO_LITTLE
    if has_history(indicator, line):
        least = _least_spread(indicator, mean, month)
        low, high = usual_range(line[:-1], judged, least=least, overlap=indicator.overlap)
    if low == low:
        low = max(0.0, low) if past.min() >= 0 else low
        high = min(1.0, high) if indicator.unit == "share" else high
    if indicator.unit == "share" and low <= 0 and high >= 1:
        low = high = np.nan  # every share lies in it: the history tells nothing of what is usual
    if low == low:
        side = 1 if line[-1] > high else -1 if line[-1] < low else 0
        alert = AS_USUAL
        if side:
            good = indicator.good
            alert = UNUSUAL if not good else BETTER if side == good else WORSE
    return {
        "family": indicator.family,
        "indicator": indicator.name,
        "unit": indicator.unit,
        "good": indicator.good,
        "value": line[-1],
        "before": line[-2],
        "mean": mean,
        "low": low,
        "high": high,
        "alert": alert,
    }


def _least_spread(indicator: Indicator, mean: float, month: int) -> float:
    """What chance alone gives: of a count its square root, of a share that of its deals."""
    if indicator.unit == "count":
        return float(np.sqrt(max(mean, 1.0)))
    if indicator.trials is not None:
        n, p = float(indicator.trials.get(month, 0)), min(max(mean, 0.0), 1.0)
        return float(np.sqrt(max(p * (1 - p), 0.25 / (n + 1)) / n)) if n else 0.0
    return 0.0
