"""Scores 1-5 by thresholds in days, orders and money; equal values get equal scores."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from playbook.base.formats import Formats
from playbook.base.settings import SegmentSettings
from playbook.page import Col, Table, table

QUANTILES = (0.2, 0.4, 0.6, 0.8)
AXES = ("recency", "frequency", "monetary")
AXIS_LABEL = {
    "recency": ("Recency", "days since the last order"),
    "frequency": ("Frequency", "orders"),
    "monetary": ("Monetary", "net amount"),
}
UNIT = {"recency": "days", "frequency": "count", "monetary": "money"}
COLUMN = {"recency": "recency_days", "frequency": "orders", "monetary": "net"}


@dataclass(frozen=True)
class Thresholds:
    """Four thresholds per axis, in days, orders and currency. fixed: the axes whose thresholds come
    from the settings, an earlier month or a slider.
    """

    recency: tuple[float, ...]  # days since the last order
    frequency: tuple[float, ...]  # orders
    monetary: tuple[float, ...]  # currency
    fixed: frozenset[str] = frozenset()

    @classmethod
    def of(cls, customers: pd.DataFrame, settings: SegmentSettings) -> Thresholds | None:
        """Those of the settings where given, else the 20/40/60/80 % quantiles of the customers'
        values; None where quantiles are needed and there are no customers.
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


def threshold_table(
    thresholds: Thresholds, distinct: dict[str, int], note: str, fmt: Formats
) -> Table:
    """The thresholds of each axis in its unit, where they come from, and ``distinct``: how many
    different scores were given.
    """
    rows = [
        {
            "axis": AXIS_LABEL[axis][0],
            "unit": AXIS_LABEL[axis][1],
            **{
                f"t{i}": fmt.text(e, UNIT[axis]) for i, e in enumerate(getattr(thresholds, axis), 1)
            },
            "origin": "settings" if axis in thresholds.fixed else "20/40/60/80 % quantiles",
            "distinct": distinct[axis],
        }
        for axis in AXES
    ]
    columns = [
        Col("axis", label="Axis"),
        Col("unit", label="in"),
        *(Col(f"t{i}", label=f"Threshold {i}") for i in range(1, 5)),
        Col("origin", label="From"),
        Col("distinct", "count", "Scores in use"),
    ]
    return table(
        pd.DataFrame(rows),
        columns,
        fmt,
        title="Thresholds in raw units",
        note=(
            "score = 1 + thresholds strictly below the value; for recency 5 − thresholds"
            f" strictly below · {note}"
        ),
    )
