"""How pay or sales are spread over people: Gini coefficient, share of the top, and how closely pay
follows sales.
"""

from __future__ import annotations

import numpy as np


def gini(values: np.ndarray, least: int = 2) -> float | None:
    """Gini coefficient: 0 = all alike, (n − 1)/n = one has everything.

    G = Σ (2i − n − 1) x_i ÷ (n Σ x_i), x rising, i = 1 … n.

    Parameters
    ----------
    values : (n,) amounts; those below 0 count as 0
    least : smallest n for which a coefficient is given

    Returns
    -------
    share; None for fewer than ``least`` values or nothing to share

    References: C. Gini, Variabilità e mutabilità (1912); the rank form as in A. Sen, On Economic
    Inequality (1973), 2.9.

    Examples
    --------
    >>> gini(np.array([1.0, 1.0])), gini(np.array([0.0, 1.0])), gini(np.array([3.0, 1.0]))
    (0.0, 0.5, 0.25)
    """
    values = np.sort(np.maximum(np.asarray(values, dtype=float), 0))
    n = len(values)
    if n < least or values.sum() <= 0:
        return None
    rank = np.arange(1, n + 1)
    return float((2 * rank - n - 1) @ values / (n * values.sum()))


def top_share(values: np.ndarray, part: float = 0.2) -> float | None:
    """Share of the total that goes to the largest ``part`` of values, at least to one of them.

    Parameters
    ----------
    values : (n,) amounts; those below 0 count as 0
    part : share of n, rounded to a whole number of values

    Returns
    -------
    share; None when there is nothing to share

    Examples
    --------
    The best paid of five has 60 of 100:

    >>> top_share(np.array([10, 60, 10, 10, 10]))
    0.6
    """
    values = np.sort(np.maximum(np.asarray(values, dtype=float), 0))[::-1]
    return (
        float(values[: max(1, round(part * len(values)))].sum() / values.sum())
        if values.sum() > 0
        else None
    )


def pay_slope(amount: np.ndarray, pay: np.ndarray) -> tuple[float | None, float | None]:
    """Slope of pay on sales over people, and the share of the variance of pay it explains.

    Least squares: slope = cov(amount, pay) ÷ var(amount); R² = corr(amount, pay)².

    Parameters
    ----------
    amount, pay : (n,) sales and pay per person [currency]

    Returns
    -------
    (pay per unit sold, R²); (None, None) for fewer than three people or equal sales, R² None for
    equal pay

    Examples
    --------
    >>> slope, explained = pay_slope(np.array([100, 200, 300]), np.array([10, 20, 30]))
    >>> round(slope, 6), round(explained, 6)
    (0.1, 1.0)
    """
    amount, pay = np.asarray(amount, dtype=float), np.asarray(pay, dtype=float)
    if len(amount) < 3 or np.ptp(amount) == 0:
        return None, None
    slope = float(np.cov(amount, pay, bias=True)[0, 1] / np.var(amount))
    explained = float(np.corrcoef(amount, pay)[0, 1] ** 2) if np.ptp(pay) > 0 else None
    return slope, explained
