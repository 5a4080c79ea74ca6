"""Scores by thresholds in days, orders and money; equal values get equal scores."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from playbook.base.formats import Formats
from playbook.base.language import later, say
from playbook.base.settings import SegmentSettings
from playbook.page import Col, Table, table

AXES = ("recency", "frequency", "monetary")
AXIS_LABEL = later(
    {
        "recency": ("Recency", "days since the last order"),
        "frequency": ("Frequency", "orders"),
        "monetary": ("Monetary", "net amount"),
    }
)
UNIT = {"recency": "days", "frequency": "count", "monetary": "money"}
COLUMN = {"recency": "recency_days", "frequency": "orders", "monetary": "net"}


@dataclass(frozen=True)
class Thresholds:
    """Thresholds per axis, one fewer than scores, in days, orders and currency. fixed: the axes
    whose thresholds come from the settings, an earlier month or a slider.
    """

    recency: tuple[float, ...]  # days since the last order
    frequency: tuple[float, ...]  # orders
    monetary: tuple[float, ...]  # currency
    fixed: frozenset[str] = frozenset()

    @classmethod
    def of(cls, customers: pd.DataFrame, settings: SegmentSettings) -> Thresholds | None:
        """Those of the settings where given, else quantiles of the customers' values (20/40/60/80 %
        for five scores); None where quantiles are needed and there are no customers.
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
            axis: tuple(given[axis])
            or quantiles(customers[COLUMN[axis]].to_numpy(), settings.classes)
            for axis in AXES
        }
        return cls(**edges, fixed=fixed)

    def scores(self, customers: pd.DataFrame) -> pd.DataFrame:
        """Columns r, f, m (from 1, the highest is best) for customers with recency_days, orders and
        net. Customers whose days are on the first quantile of recency are too many alike to be told
        as the most recent ones: they get the score below the best.
        """
        values = {axis: customers[COLUMN[axis]].to_numpy(float) for axis in AXES}
        best = len(self.recency) + 1
        recent = np.int8(best + 1) - score(values["recency"], self.recency)
        tied = values["recency"] == self.recency[0]
        if "recency" not in self.fixed:
            recent = np.where(tied, np.minimum(recent, np.int8(best - 1)), recent)
        return pd.DataFrame(
            {
                "r": recent.astype(np.int8),
                "f": score(values["frequency"], self.frequency),
                "m": score(values["monetary"], self.monetary),
            },
            index=customers.index,
        )


def quantiles(values: np.ndarray, classes: int = 5) -> tuple[float, ...]:
    """The quantiles that make ``classes`` groups of like size (linear interpolation between order
    statistics).
    """
    shares = np.arange(1, classes) / classes
    return tuple(float(edge) for edge in np.quantile(values.astype(float), shares))


def shares_text(classes: int) -> str:
    """The quantiles in words: 20/40/60/80 % for five classes."""
    return "/".join(f"{100 * i / classes:.0f}" for i in range(1, classes)) + say(" % quantiles")


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
            "origin": (
                later("settings")
                if axis in thresholds.fixed
                else shares_text(len(thresholds.recency) + 1)
            ),
            "distinct": distinct[axis],
        }
        for axis in AXES
    ]
    columns = [
        Col("axis", "term", label="Axis"),
        Col("unit", "term", label="in"),
        *(
            Col(f"t{i}", label=say("Threshold {i}", i=i))
            for i in range(1, len(thresholds.recency) + 1)
        ),
        Col("origin", "term", label="From"),
        Col("distinct", "count", "Scores in use"),
    ]
    return table(
        pd.DataFrame(rows),
        columns,
        fmt,
        title=say("Thresholds in raw units"),
        note=(
            say(
                "score = 1 + thresholds strictly below the value; for recency the"
                " best score less the thresholds strictly below, and never the best"
                " on the first quantile itself · {note}",
                note=note,
            )
        ),
    )
