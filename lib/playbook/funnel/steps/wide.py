"""Counts by two names as a table of numbers."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd


def wide(counts: pd.DataFrame, index: str, column: str, names: Sequence[str]) -> pd.DataFrame:
    """``n`` [deals] summed: one row per value of ``index`` that occurs, in order, one column per
    name in ``column``; other names are left out. No value of ``index`` may be missing.

    >>> rows = pd.DataFrame({"rep": ["b", "a", "b"], "is": ["won", "open", "won"], "n": [1, 2, 3]})
    >>> wide(rows, "rep", "is", ["won", "lost"]).reset_index().values.tolist()
    [['a', 0, 0], ['b', 4, 0]]
    """
    keys, at = np.unique(counts[index].to_numpy(), return_inverse=True)
    kind, n = counts[column].to_numpy(object), counts.n.to_numpy(float)
    sums = {name: np.bincount(at, np.where(kind == name, n, 0), len(keys)) for name in names}
    of = pd.Index(keys, dtype=counts[index].dtype, name=index)
    return pd.DataFrame({name: found.astype(int) for name, found in sums.items()}, index=of)
