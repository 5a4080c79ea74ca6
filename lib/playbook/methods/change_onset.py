"""From which month on a rate may have fallen: a 95 % confidence set of months."""

from __future__ import annotations

import numpy as np
from scipy import special

from .step_model import Model


def onset(
    model: Model, by: dict[str, str], column: int, rng: np.random.Generator, draws: int = 300
) -> tuple[int, ...]:
    """Months from which a place's rate may have fallen: a 95 % confidence set by inverting a test.

    For each month the place's deals are redrawn with the shift that is likeliest from that month
    on. The month is kept unless the likeliest month is further ahead of it, in log-likelihood, than
    in 95 of 100 redrawn samples (the statistic has no distribution in closed form).

    Parameters
    ----------
    model : fitted with one coefficient for the place
    by : the place, dimension → member
    column : number of the place's coefficient
    rng : source of the redrawn samples
    draws : how many per month

    Returns
    -------
    months of the cells, rising

    References: D. Siegmund, The Annals of Statistics 16 (1988) 1163-1172 (confidence sets in
    change-point problems).

    Examples
    --------
    >>> import pandas as pd
    >>> from playbook.methods.step_model import cells_of, fit
    >>> rows = [(r, m, 40, 4 if r == "c" and m >= 6 else 20) for r in "abc" for m in range(12)]
    >>> cells = cells_of(pd.DataFrame(rows, columns=["rep", "month", "n", "k"]), ["rep"])
    >>> model = fit(cells, [cells.inside({"rep": "c"}, 6)])
    >>> onset(model, {"rep": "c"}, model.design.shape[1] - 1, np.random.default_rng(1))
    (6,)
    """
    cells = model.cells
    mask = cells.inside(by)
    off = model.without(column)
    n = np.bincount(cells.month[mask], cells.n[mask], cells.months)
    months = np.flatnonzero(n > 0)
    base = np.bincount(cells.month[mask], (cells.n * off)[mask], cells.months)[months] / n[months]
    seen, n = np.bincount(cells.month[mask], cells.k[mask], cells.months)[months], n[months]
    gains = _gains(seen, n, base)
    kept = []
    for start in range(len(months)):
        rate = np.where(
            np.arange(len(months)) >= start,
            _shifted(seen[start:].sum(), n[start:], base, start),
            base,
        )
        again = _gains(
            rng.binomial(n.astype(np.int64), rate, (draws, len(n))).astype(float), n, base
        )
        if gains.max() - gains[start] <= np.quantile(again.max(axis=-1) - again[:, start], 0.95):
            kept.append(int(months[start]))
    return tuple(kept)


def _gains(k: np.ndarray, n: np.ndarray, base: np.ndarray) -> np.ndarray:
    """Log-likelihood gained by a fall from each month on, over no fall."""
    passed, total, expected = (v[..., ::-1].cumsum(axis=-1)[..., ::-1] for v in (k, n, n * base))
    gain = special.xlogy(passed, passed / expected) + special.xlogy(
        total - passed, (total - passed) / (total - expected)
    )
    return np.where(passed < expected, gain, 0.0)


def _shifted(passed: float, n: np.ndarray, base: np.ndarray, start: int) -> np.ndarray:
    """Rates moved down on the logit scale from ``start`` on, so that as many pass as did."""
    part = base[start:]
    low, high = -12.0, 0.0
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (
            (middle, high)
            if (n * special.expit(special.logit(part) + middle)).sum() < passed
            else (low, middle)
        )
    return np.where(np.arange(len(base)) >= start, special.expit(special.logit(base) + low), base)
