"""How value is concentrated in few customers: cumulative shares and ABC classes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

CLASSES = ("A", "B", "C")


def cumulative(descending: np.ndarray) -> np.ndarray:
    """Share of the total that the first 1, 2, … customers bring together."""
    return np.cumsum(descending) / descending.sum() if descending.size else descending


def value_codes(descending: np.ndarray, edges: Sequence[float]) -> np.ndarray:
    """Classes by value: 0, 1, 2 for A, B, C.

    descending: values, largest first; edges: cumulative shares where A and B end. A class ends with
    the customer that crosses its edge.

    Examples
    --------
    >>> value_codes(np.array([70.0, 20, 5, 5]), (0.8, 0.95)).tolist()
    [0, 0, 1, 2]
    """
    before = np.concatenate(([0.0], cumulative(descending)[:-1])) if descending.size else descending
    return np.searchsorted(np.asarray(edges) - 1e-12, before, side="right").astype(np.int64)


def head_codes(n: int, shares: Sequence[float]) -> np.ndarray:
    """Classes by head count: 0, 1, 2 for A, B, C among n customers.

    shares: of customers, per class. A class ends at the cumulative share of n, rounded half up.
    """
    ends = np.floor(np.cumsum(shares) * n + 0.5 + 1e-9)
    return np.searchsorted(ends[:-1], np.arange(n), side="right").astype(np.int64)


def letters(codes: np.ndarray) -> pd.api.extensions.ExtensionArray:
    """The class letter of each code."""
    return pd.array(CLASSES, dtype="str").take(codes)
