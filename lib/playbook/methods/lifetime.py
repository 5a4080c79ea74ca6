"""Churn, lifetime and lifetime value of a customer who may leave in any month alike."""

from __future__ import annotations

import numpy as np

LEAST_STAYED = 1e-4  # share of customers taken to have stayed where none did


def monthly_churn(stayed: float) -> float:
    """Chance to leave in a month from the share that stayed over a year: 1 − stayed^(1/12).

    Parameters
    ----------
    stayed : share of the customers of a year earlier; below 0.0001 it counts as that

    Examples
    --------
    0.9^12 = 0.2824 stay, 10 % leave a month:

    >>> round(monthly_churn(0.9**12), 6)
    0.1
    """
    return 1 - max(LEAST_STAYED, stayed) ** (1 / 12)


def expected_months(churn: float, most: float) -> float:
    """Months a customer stays on average, 1 ÷ churn (geometric), at most ``most``.

    Parameters
    ----------
    churn : chance to leave in a month [share]; 0 gives ``most``
    most : longest lifetime taken into account [months]

    Examples
    --------
    >>> expected_months(0.05, 60), expected_months(0.01, 60), expected_months(0.0, 60)
    (20.0, 60, 60)
    """
    return min(1 / churn if churn > 0 else np.inf, most)


def lifetime_value(monthly_profit: float, churn: float, most: float) -> float:
    """Lifetime value of a customer: monthly gross profit × expected months, undiscounted.

    Parameters
    ----------
    monthly_profit : gross profit of a customer in a month [currency]
    churn, most : as for ``expected_months``

    References: the constant-churn formula, e.g. S. Gupta et al., J. Service Research 9 (2006)
    139-155, with a discount rate of 0.

    Examples
    --------
    >>> lifetime_value(100.0, 0.05, 60)
    2000.0
    """
    return monthly_profit * expected_months(churn, most)
