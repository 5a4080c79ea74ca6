"""How pay is spread over people: Gini, share of the best paid, and how closely pay follows what was
sold.
"""

from __future__ import annotations

import numpy as np


def gini(values: np.ndarray) -> float | None:
    """Gini coefficient of values ≥ 0: 0 = all alike, towards 1 = one has all. None for fewer than
    two people or nothing to share.

    Examples
    --------
    >>> gini(np.array([1.0, 1.0])), gini(np.array([0.0, 1.0]))
    (0.0, 0.5)
    """
    values = np.sort(np.maximum(np.asarray(values, dtype=float), 0))
    n = len(values)
    if n < 2 or values.sum() <= 0:
        return None
    rank = np.arange(1, n + 1)
    return float(((2 * rank - n - 1) * values).sum() / (n * values.sum()))


def top_share(values: np.ndarray, part: float = 0.2) -> float | None:
    """Share of all pay that goes to the best paid ``part`` of people (at least one)."""
    values = np.sort(np.maximum(np.asarray(values, dtype=float), 0))[::-1]
    return (
        float(values[: max(1, round(part * len(values)))].sum() / values.sum())
        if values.sum() > 0
        else None
    )


def pay_slope(amount: np.ndarray, pay: np.ndarray) -> tuple[float | None, float | None]:
    """(extra pay for one more unit sold, share of the pay differences that sales explain); least
    squares over people.
    """
    amount, pay = np.asarray(amount, dtype=float), np.asarray(pay, dtype=float)
    if len(amount) < 3 or np.ptp(amount) == 0:
        return None, None
    slope = float(np.cov(amount, pay, bias=True)[0, 1] / np.var(amount))
    explained = float(np.corrcoef(amount, pay)[0, 1] ** 2) if np.ptp(pay) > 0 else None
    return slope, explained
