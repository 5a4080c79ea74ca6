"""Scores 1-5 by value: equal values always get equal scores, and the thresholds are in raw units."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from playbook.base.settings import SegmentSettings

QUANTILES = (0.2, 0.4, 0.6, 0.8)
AXES = ("recency", "frequency", "monetary")
COLUMN = {"recency": "recency_days", "frequency": "orders", "monetary": "net"}


@dataclass(frozen=True)
class Thresholds:
    """Four thresholds per axis in raw units. ``fixed`` names the axes that come from the settings
    or an earlier month.
    """

    recency: tuple[float, ...]  # days since the last order
    frequency: tuple[float, ...]  # orders
    monetary: tuple[float, ...]  # currency
    fixed: frozenset[str] = frozenset()

    @classmethod
    def of(cls, customers: pd.DataFrame, settings: SegmentSettings) -> Thresholds | None:
        """The 20/40/60/80 % quantiles of the customers' values, but for axes fixed by the settings;
        None without customers.
        """
        given = {
            "recency": settings.recency_days,
            "frequency": settings.frequency,
            "monetary": settings.monetary,
        }
        fixed = frozenset(axis for axis in AXES if given[axis])
        if customers.empty and len(fixed) < len(AXES):
            return None
        edges = {
            axis: tuple(given[axis]) or quantiles(customers[COLUMN[axis]].to_numpy())
            for axis in AXES
        }
        return cls(**edges, fixed=fixed)

    def scores(self, customers: pd.DataFrame) -> pd.DataFrame:
        """Columns r, f, m (1-5, 5 is best) for customers with recency_days, orders and net."""
        raw = {
            axis: score(customers[COLUMN[axis]].to_numpy(), getattr(self, axis)) for axis in AXES
        }
        return pd.DataFrame(
            {"r": 6 - raw["recency"], "f": raw["frequency"], "m": raw["monetary"]},
            index=customers.index,
        )


def quantiles(values: np.ndarray) -> tuple[float, ...]:
    """The 20/40/60/80 % quantiles (linear interpolation between order statistics)."""
    return tuple(float(edge) for edge in np.quantile(values.astype(float), QUANTILES))


def score(values: np.ndarray, edges: Sequence[float]) -> np.ndarray:
    """1 + number of thresholds strictly below each value.

    Examples
    --------
    >>> score(np.array([1, 1, 2, 7]), (1, 1, 1, 2)).tolist()
    [1, 1, 4, 5]
    """
    return np.searchsorted(np.asarray(edges, dtype=float), values, side="left").astype(
        np.int8
    ) + np.int8(1)
