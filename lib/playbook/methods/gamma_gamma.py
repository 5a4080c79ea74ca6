"""Gamma-Gamma model of the value of a purchase, by maximum likelihood.

References: P. S. Fader, B. G. S. Hardie, "The Gamma-Gamma Model of Monetary Value" (2013).
"""

from __future__ import annotations

import numpy as np
from scipy.special import gammaln, psi

from .likelihood import Fit, maximised


def fit_spend(repeats: np.ndarray, mean_value: np.ndarray) -> Fit:
    """p, q and γ of the Gamma-Gamma model by maximum likelihood.

    The value of a purchase is Gamma(p, ν) with ν ~ Gamma(q, γ) over customers; L = Π Γ(px + q) ÷
    (Γ(px) Γ(q)) · γ^q z^(px−1) x^(px) ÷ (γ + xz)^(px+q).

    Parameters
    ----------
    repeats : (n,) repeat purchases x of each customer, above 0
    mean_value : (n,) mean value z of these purchases [currency], above 0

    Raises ValueError for other values.

    Examples
    --------
    With values of little spread within and between customers, E[value] = p γ ÷ (q − 1) is their
    mean:

    >>> rng = np.random.default_rng(1)
    >>> found = fit_spend(np.full(400, 5), rng.gamma(50, 2.0, 400))
    >>> round(found["p"] * found["gamma"] / (found["q"] - 1), -1)
    100.0
    """
    x, z = np.asarray(repeats, float), np.asarray(mean_value, float)
    if np.any((x <= 0) | (z <= 0)):
        raise ValueError("spend is fitted on customers with repeat purchases of a positive value")
    log_x, log_z = np.log(x), np.log(z)

    def likelihood(logs: np.ndarray) -> tuple[float, np.ndarray]:
        p, q, gamma = np.exp(logs)
        px, total = p * x, gamma + x * z
        log_total = np.log(total)
        value = np.sum(
            gammaln(px + q)
            - gammaln(px)
            - gammaln(q)
            + q * np.log(gamma)
            + (px - 1) * log_z
            + px * log_x
            - (px + q) * log_total
        )
        d_p = np.sum(x * (psi(px + q) - psi(px) + log_z + log_x - log_total))
        d_q = np.sum(psi(px + q) - psi(q) + np.log(gamma) - log_total)
        d_gamma = np.sum(q / gamma - (px + q) / total)
        return float(value), np.array([d_p, d_q, d_gamma]) * (p, q, gamma)

    return maximised(("p", "q", "gamma"), likelihood, np.log([4.0, 4.0, float(np.mean(z))]), len(x))


def expected_spend(fit: Fit, repeats: np.ndarray, mean_value: np.ndarray) -> np.ndarray:
    """Expected value per purchase of each customer [currency]: p (γ + x z) ÷ (p x + q − 1).

    Parameters
    ----------
    fit : p, q, γ
    repeats : (n,) repeat purchases x; 0 gives the mean of all customers, p γ ÷ (q − 1)
    mean_value : (n,) their mean value z [currency]; nan is allowed where x is 0

    References: equation 5 of the note by Fader and Hardie.

    Examples
    --------
    p = 6.25, q = 3.74, γ = 15.44 (the CDNOW estimates of the note): a one-time buyer, and one
    repeat purchase of 52.

    >>> cdnow = Fit(("p", "q", "gamma"), (6.25, 3.74, 15.44), (None,) * 3, 0.0, 946, True)
    >>> expected_spend(cdnow, np.array([0, 1]), np.array([np.nan, 52.0])).round(2).tolist()
    [35.22, 46.89]
    """
    p, q, gamma = fit.values
    x = np.asarray(repeats, float)
    return p * (gamma + x * np.nan_to_num(mean_value)) / (p * x + q - 1)
