"""A change split into its causes so that nothing is left over: Shapley values, products of factors,
and price, volume and mix.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from math import factorial

import numpy as np
import pandas as pd


def shapley(values: dict[str, float], names: Sequence[str]) -> dict[str, float]:
    """Shapley value of each of n switches: its mean effect over all orders of switching them on.

    φ_i = Σ_S |S|! (n − |S| − 1)! ÷ n! · (v(S ∪ i) − v(S)) over the sets S without i.

    Parameters
    ----------
    values : outcome per mask of ``0`` and ``1``, one character a switch, all 2ⁿ of them
    names : (n,) of the switches, in the order of the masks

    Returns
    -------
    name → contribution, in the unit of the outcome; they add up to v(all on) − v(all off)

    References: L. S. Shapley, in Contributions to the Theory of Games II (1953) 307-317.

    Examples
    --------
    >>> shapley({"00": 0.0, "10": 1.0, "01": 2.0, "11": 4.0}, ("a", "b"))
    {'a': 1.5, 'b': 2.5}
    """
    n = len(names)
    shares = {}
    for i, name in enumerate(names):
        total = 0.0
        for mask in values:
            if mask[i] == "0":
                size = mask.count("1")
                weight = factorial(size) * factorial(n - size - 1) / factorial(n)
                total += weight * (values[mask[:i] + "1" + mask[i + 1 :]] - values[mask])
        shares[name] = total
    return shares


def product_split(before: Sequence[float], after: Sequence[float]) -> np.ndarray:
    """What each factor of a product contributes to the product's change (Shapley values).

    With two factors this is the mid-point rule: (b1 − a1)(a2 + b2)/2 and (b2 − a2)(a1 + b1)/2.

    Parameters
    ----------
    before, after : (k,) the factors a and b, in the same order

    Returns
    -------
    (k,) contributions, which sum to prod(after) − prod(before)

    Raises ValueError for lists of unequal length.
    References: L. S. Shapley, in Contributions to the Theory of Games II (1953) 307-317; for two
    factors T. L. Bennet, J. R. Statist. Soc. 83 (1920) 455-462.

    Examples
    --------
    50 · 9.5 and −1 · 125:

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
    """A change of sales split into new customers, lost customers, and volume, mix and price of the
    others; the parts (``PVM_PARTS``) sum to Σ (r1 − r0).

    With p = r ÷ q per product line and span: price = Σ (p1 − p0)(q0 + q1)/2, quantity =
    Σ (q1 − q0)(p0 + p1)/2, volume = (Q1 − Q0) · mean of both spans' average prices, mix = quantity
    − volume (units that moved between dear and cheap lines).

    Parameters
    ----------
    cells : one row per line and state: line (product line), state (new, lost, kept), q0, q1 [units]
        and r0, r1 [currency] in the earlier and the later span

    Notes
    -----
    A line bought in one span only has one price: all its change is quantity. Amounts without units
    (a credit, a refund of price) are price.

    References: mid-point form of the price-volume-mix variance, e.g. C. T. Horngren et al., Cost
    Accounting, 15th ed. (2014), chapter 14; T. L. Bennet, J. R. Statist. Soc. 83 (1920) 455-462.

    Examples
    --------
    10 units at 2 become 12 at 3: volume 2 · 2.5, price 1 · 11.

    >>> row = dict(line="A", state="kept", q0=10, q1=12, r0=20, r1=36)
    >>> found = price_volume_mix(pd.DataFrame([row]))
    >>> found["volume"], found["mix"], found["price"]
    (5.0, 0.0, 11.0)
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
