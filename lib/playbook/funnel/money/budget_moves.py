"""TODO."""

from __future__ import annotations

import pandas as pd


def budget_moves(frame: pd.DataFrame, marginal: float) -> pd.DataFrame:
    """The running budget of channels to cut, given to those to keep in proportion to what they
    bring.
    """
    keep, cut = (frame[frame.verdict == v] for v in ("keep", "cut"))
    columns = ["source", "to", "budget", "brings", "loses", "net"]
    if keep.empty or cut.empty:
        return pd.DataFrame(columns=columns)
    weights = keep.profit / keep.profit.sum()
    rows = []
    for source in cut.itertuples():
        for to, weight in zip(keep.itertuples(), weights, strict=True):
            budget = source.running * 4 * weight
            brings, loses = budget * to.roi * marginal, budget * source.roi
            rows.append((source.channel, to.channel, budget, brings, loses, brings - loses))
    return pd.DataFrame(rows, columns=columns)
