"""Dimensions a step can be searched by, and the region a place belongs to."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

# A dimension must be known of half the deals, and about as often of those that passed as of those
# that stopped (difference of the two shares).
KNOWN, APART = 0.5, 0.05


def usable(rows: pd.DataFrame, dims: Sequence[str]) -> list[str]:
    """Dimensions known as often of deals that passed as of those that stopped; none without both
    kinds.

    A fact that is written down only once a deal gets on (the customer's type, when the customer is
    entered at the win) would make those without it look hopeless.
    """

    def known(part: pd.DataFrame, d: str) -> float:
        return float(part.n[part[d].notna()].sum() / part.n.sum())

    passed = rows.status == "advanced"
    if not rows.n[passed].sum() or not rows.n[~passed].sum():
        return []
    shares = {d: (known(rows[passed], d), known(rows[~passed], d)) for d in dims}
    return [
        d for d, (yes, no) in shares.items() if min(yes, no) >= KNOWN and abs(yes - no) <= APART
    ]


def home(rows: pd.DataFrame, by: dict[str, str], year: int) -> str | None:
    """The region where most of a place's deals of the last 12 months are (first in the alphabet
    where two have as many).
    """
    if "region" not in rows:
        return None
    inside = rows[
        (rows.month >= year)
        & np.logical_and.reduce([(rows[d] == m).fillna(False) for d, m in by.items()])
    ].dropna(subset=["region"])
    sizes = inside.groupby("region").n.sum()
    return None if sizes.empty else str(sizes.sort_values(ascending=False, kind="stable").index[0])
