"""Draws of what customers of the BG/NBD model buy in a time to come, for the spread of totals.

A customer that still buys has, given its history, a rate λ ~ Gamma(r + x, α + T) and a chance of
stopping p ~ Beta(a, b + x), independent of each other: the likelihood of a history whose customer
has not stopped is λ^x (1 − p)^x e^(−λT). It then buys min(Poisson(λ·time), Geometric(p)) times.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from .bgnbd import WEEK, Histories, alive
from .likelihood import Fit
from .order_sizes import Sizes

LEAST = 1e-12  # chance of stopping, below which nobody stops in any time we look at


def drawn_totals(
    fit: Fit,
    h: Histories,
    days: float,
    values: np.ndarray,
    *,
    draws: int = 200,
    seed: int = 0,
    sizes: Sizes | None = None,
) -> np.ndarray:
    """Totals over all customers, one per draw: purchases in ``days`` times the customer's value.

    Parameters
    ----------
    fit : r, α [weeks], a, b
    h : (n,) histories [days]
    days : time to come
    values : (n,) value expected of one purchase of each customer [any unit]
    sizes : how far the value of a purchase strays from it; None = not at all

    Examples
    --------
    Many customers at a common rate of one a week: about 52 purchases a year each.

    >>> fit = Fit(("r", "alpha", "a", "b"), (1e4, 1e4, 1e-6, 1.0), (None,) * 4, 0.0, 1, True)
    >>> none = np.zeros(100)
    >>> totals = drawn_totals(fit, Histories(none, none, none), 364, np.ones(100), draws=50)
    >>> bool(abs(totals.mean() / 5200 - 1) < 0.01)
    True
    """
    worth = np.asarray(values, float)
    rng = np.random.default_rng((seed, 1))  # not the stream that the purchases are drawn from
    bought = drawn_purchases(fit, h, days, draws=draws, seed=seed)
    return np.array(
        [
            float(np.sum((n if sizes is None else sizes.drawn(rng, n)) * worth * buys))
            for n, buys in bought
        ]
    )


def drawn_purchases(
    fit: Fit, h: Histories, days: float, *, draws: int, seed: int = 0
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Each draw's purchases in ``days`` of customers that still buy, and which of them still do;
    both (n,). Parameters as of ``drawn_totals``.

    Examples
    --------
    Whoever buys once a week and never stops buys about 52 times a year:

    >>> fit = Fit(("r", "alpha", "a", "b"), (1e6, 1e6, 1e-6, 1.0), (None,) * 4, 0.0, 1, True)
    >>> h = Histories(np.full(5000, 10), np.full(5000, 70), np.full(5000, 70))
    >>> ((bought, still),) = drawn_purchases(fit, h, 364, draws=1)
    >>> round(float(bought.mean())), bool(still.all())
    (52, True)
    """
    rng = np.random.default_rng(seed)
    r, alpha, a, b = fit.values
    x, T = np.asarray(h.x, float), np.asarray(h.T, float) / WEEK
    still = alive(fit, h)
    for _ in range(draws):
        rate = rng.gamma(r + x, 1 / (alpha + T))
        stop = np.maximum(rng.beta(a, b + x), LEAST)
        bought = np.minimum(rng.poisson(rate * days / WEEK), rng.geometric(stop))
        yield bought, rng.random(len(x)) < still
