"""How far the value of a purchase strays from what is expected of its customer.

A customer's purchases are Gamma-distributed about its own mean with one coefficient of variation
for all customers; that mean is itself known no better than the purchases seen tell.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

LEAST = 3.0  # shape of a mean's inverse Gamma, below which its variance has no bound


@dataclass(frozen=True)
class Sizes:
    """Order sizes of customers about their expected values.

    variation: squared coefficient of variation of one customer's purchases; known: (n,) shape of
    the inverse Gamma in which each customer's mean lies, the larger the better it is known.
    """

    variation: float
    known: np.ndarray

    def of(self, chosen: np.ndarray) -> Sizes:
        """The sizes of some of the customers, by position or mask."""
        return Sizes(self.variation, self.known[chosen])

    def drawn(self, rng: np.random.Generator, purchases: np.ndarray) -> np.ndarray:
        """One draw of what (n,) customers buy in that many purchases, in units of the value
        expected of one; its mean is the number of purchases.
        """
        shape = np.maximum(self.known, LEAST)
        own = (shape - 1) / rng.gamma(shape)
        if self.variation <= 0:
            return purchases * own
        return own * rng.gamma(purchases / self.variation) * self.variation


def relative_variance(days: np.ndarray, values: np.ndarray, squares: np.ndarray) -> float:
    """Squared coefficient of variation within customers, pooled: Σ(nᵢ − 1)sᵢ² ÷ Σ(nᵢ − 1)(mᵢ² −
    sᵢ²/nᵢ), where mᵢ² − sᵢ²/nᵢ estimates the square of the customer's mean without bias; 0 where no
    customer bought twice.

    Parameters
    ----------
    days : (n,) purchases of each customer
    values, squares : (n,) sum of their values, and of their squared values

    Examples
    --------
    Purchases of 50 and 150: m = 100, s² = 5000, so 5000 ÷ (10000 − 2500).

    >>> one = relative_variance(np.array([2, 1]), np.array([200, 70]), np.array([25000, 4900]))
    >>> round(one, 4)
    0.6667
    """
    n, total = np.asarray(days, float), np.asarray(values, float)
    again = n > 1
    if not again.any():
        return 0.0
    n, mean, square = n[again], total[again] / n[again], np.asarray(squares, float)[again]
    variance = np.maximum(square - n * mean**2, 0.0) / (n - 1)
    below = float(np.sum((n - 1) * (mean**2 - variance / n)))
    return float(np.sum((n - 1) * variance)) / below if below > 0 else 0.0
