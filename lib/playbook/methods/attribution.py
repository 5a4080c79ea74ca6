"""Splitting a change into its causes so that nothing is left over: products of factors, and price,
volume and mix.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from math import factorial

import numpy as np
import pandas as pd


def product_split(before: Sequence[float], after: Sequence[float]) -> np.ndarray:
    """What each factor of a product contributes to the product's change: the average over all
    orders of changing them (Shapley; mid-point with two factors).

    before, after: the k factors, in the same order. Returns k contributions that sum to prod(after)
    − prod(before).

    References: L. S. Shapley, in Contributions to the Theory of Games II (1953); for two factors P.
    R. Bennet, J. R. Statist. Soc. 83 (1920).

    Examples
    --------
    >>> [round(float(part), 6) for part in product_split([100, 10], [150, 9])]
    [475.0, -125.0]
    """
    a, b = np.asarray(before, dtype=float), np.asarray(after, dtype=float)
    if len(a) != len(b):
        raise ValueError(f"as many factors before as after; found {len(a)} and {len(b)}")
    k = len(a)
    parts = np.zeros(k)
    for i in range(k):
        others = [j for j in range(k) if j != i]
        for size in range(k):
            weight = factorial(size) * factorial(k - size - 1) / factorial(k)
            for changed in combinations(others, size):
                rest = np.prod([b[j] if j in changed else a[j] for j in others])
                parts[i] += weight * rest * (b[i] - a[i])
    return parts


PVM_PARTS = ("new customers", "lost customers", "volume", "mix", "price")


def price_volume_mix(cells: pd.DataFrame) -> dict[str, float]:
    """A change of sales split into new and lost customers, and volume, mix and price of the others.

    cells: line (product line), state (new, lost, kept), q0, q1 [units], r0, r1 [currency]; one row
    per line and state.

    Notes
    -----
    Mid-point: price = Σ (p1 − p0)·(q0 + q1)/2 per line; the quantity effect Σ (q1 − q0)·(p0 + p1)/2
    splits into volume (all units at the average price of both spans)
    and mix (the rest: units moved between dear and cheap lines). A line bought in one span only has
    one price: all its change is quantity. Amounts without
    units (a credit, a refund of price) are price. The parts sum to Σ (r1 − r0).
    """
    new, lost = cells[cells.state == "new"], cells[cells.state == "lost"]
    kept = cells[cells.state == "kept"].groupby("line")[["q0", "q1", "r0", "r1"]].sum()
    priced = kept[(kept.q0 > 0) | (kept.q1 > 0)]
    p0, p1 = priced.r0 / priced.q0.where(priced.q0 > 0), priced.r1 / priced.q1.where(priced.q1 > 0)
    p0, p1 = p0.fillna(p1), p1.fillna(p0)
    quantity = float(((priced.q1.clip(lower=0) - priced.q0.clip(lower=0)) * (p0 + p1) / 2).sum())
    total = float((kept.r1 - kept.r0).sum())
    q0, q1 = float(priced.q0.clip(lower=0).sum()), float(priced.q1.clip(lower=0).sum())
    both = [r / q for r, q in ((float(priced.r0.sum()), q0), (float(priced.r1.sum()), q1)) if q > 0]
    volume = (q1 - q0) * float(np.mean(both)) if both else 0.0
    return {
        "new customers": float((new.r1 - new.r0).sum()),
        "lost customers": float((lost.r1 - lost.r0).sum()),
        "volume": volume,
        "mix": quantity - volume,
        "price": total - quantity,
    }
