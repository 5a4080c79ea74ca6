"""Bootstrap samples and intervals: ratios of sums, rates and means drawn again."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

SEED = 20230930
SAMPLES = 2000
FEW = 5_000  # rows up to which the draws are kept: 80 MB
FORMULA_FROM = 20_000  # rows from which the bootstrap's own limit is used: the same to its noise
NORMAL = 1.959963984540054  # 97.5 % quantile


def ratio_interval(
    top: np.ndarray, bottom: np.ndarray, samples: int = SAMPLES
) -> tuple[float | None, float | None, float | None]:
    """Ratio of sums, Σ top ÷ Σ bottom, with a 95 % percentile bootstrap over rows; from 20,000 rows
    on its normal limit, value ± 1.96 √(Σ r² − (Σ r)² ÷ n) ÷ Σ bottom with r = top − value · bottom.

    Parameters
    ----------
    top, bottom : (n,) amounts of the same rows (customers)
    samples : bootstrap samples, drawn with a fixed seed

    Returns
    -------
    (ratio, low, high); None where the bottom is 0, no interval for one row. The order of rows does
    not matter: they are sorted first.

    References: B. Efron, R. J. Tibshirani, An Introduction to the Bootstrap (1993), chapter 13;
    W. G. Cochran, Sampling Techniques, 3rd ed. (1977), section 6.4 (variance of a ratio).

    Examples
    --------
    Rows that all have the same ratio leave nothing to vary:

    >>> ratio_interval(np.array([1.0, 2.0]), np.array([2.0, 4.0]))
    (0.5, 0.5, 0.5)
    """
    if not bottom.sum() > 0:
        return None, None, None
    value = float(top.sum() / bottom.sum())
    if len(top) < 2:
        return value, None, None
    if len(top) >= FORMULA_FROM:
        rest = top - value * bottom
        spread = np.sqrt((rest**2).sum() - rest.sum() ** 2 / len(rest)) / bottom.sum()
        return value, value - NORMAL * float(spread), value + NORMAL * float(spread)
    order = np.lexsort((top, bottom))
    draw = _weights if len(top) <= FEW else _weights.__wrapped__
    weights = draw(len(top), samples)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratios = (weights @ top[order]) / (weights @ bottom[order])
    low, high = np.nanquantile(ratios[np.isfinite(ratios)], (0.025, 0.975))
    return value, float(low), float(high)


@lru_cache(maxsize=1)
def _weights(n: int, samples: int) -> np.ndarray:
    """How often each of n rows is drawn in each sample (samples, n): the same for every question
    about the same rows, and drawing them is nearly all a bootstrap costs.
    """
    drawn = np.random.default_rng(SEED).multinomial(n, np.full(n, 1 / n), size=samples)
    return drawn.astype(float)


def sampled_rates(rng: np.random.Generator, k: int, n: int, samples: int) -> np.ndarray:
    """Rates as the counts would fall again: Binomial(n, k/n) ÷ n (parametric bootstrap).

    Parameters
    ----------
    k, n : successes and trials, n above 0

    Returns
    -------
    (samples,) shares

    Examples
    --------
    >>> sampled_rates(np.random.default_rng(1), 5, 5, 3).tolist()
    [1.0, 1.0, 1.0]
    """
    return rng.binomial(n, k / n, samples) / n


def sampled_means(
    rng: np.random.Generator, n: float, total: float, squares: float, samples: int
) -> np.ndarray:
    """Means of n amounts as they would fall again, never below 0 (normal approximation).

    Normal(x̄, √((Σx²/n − x̄²) ÷ n)) with x̄ = Σx ÷ n.

    Parameters
    ----------
    n : number of amounts
    total, squares : their sum Σx [currency] and the sum of their squares Σx²

    Returns
    -------
    (samples,) means [currency]

    Examples
    --------
    Amounts that are all 5 leave nothing to vary:

    >>> sampled_means(np.random.default_rng(1), 4, 20, 100, 2).tolist()
    [5.0, 5.0]
    """
    mean = total / n
    spread = np.sqrt(max(0.0, squares / n - mean**2) / n)
    return np.maximum(0, rng.normal(mean, spread, samples))
