"""Permutation tests of few pairs of numbers."""

from __future__ import annotations

from itertools import permutations
from math import factorial

import numpy as np

MOST = 5_040  # orders looked at; where there are more, a fixed sample of this size


def permuted_slope(x: np.ndarray, y: np.ndarray) -> float | None:
    """Two-sided p of y following x: share of all orders of y whose least-squares slope on x is at
    least as far from zero as the one seen.

    Parameters
    ----------
    x, y : (n,) numbers

    Returns
    -------
    None for fewer than 4 pairs (no p below 0.05 could come out) and where x or y never moves

    References: E. S. Edgington, P. Onghena, Randomization Tests, 4th ed. (2007).

    Examples
    --------
    Of the 24 orders of four numbers only this one and its mirror lie on a line:

    >>> permuted_slope(np.array([1.0, 2, 3, 4]), np.array([1.0, 2, 3, 4])) == 2 / 24
    True
    """
    n = len(x)
    if n < 4 or not np.ptp(x) or not np.ptp(y):
        return None
    off = x - x.mean()
    if factorial(n) <= MOST:
        orders = np.array(list(permutations(range(n))))
    else:
        rng = np.random.Generator(np.random.PCG64(7))
        drawn = [rng.permutation(n) for _ in range(MOST - 1)]
        orders = np.array([np.arange(n), *drawn])
    slopes = np.abs(y[orders] @ off)
    return float(np.mean(slopes >= abs(float(y @ off)) - 1e-12))
