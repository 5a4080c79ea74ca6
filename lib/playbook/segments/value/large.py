"""Scores, tiers and ABC classes as counts only, for books with millions of customers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
import pandas as pd

from playbook.base.settings import SegmentSettings
from playbook.segments.population import is_scored, measured

from .concentration import CLASSES, value_codes
from .scores import Thresholds
from .tiers import tier_codes


def classify(
    sums: pd.DataFrame, as_of: date, settings: SegmentSettings
) -> dict[str, dict[str, int]]:
    """Number of customers per score cell ("545"), value tier and ABC class.

    sums: orders_*, net_* and last_* per customer for the windows ``rfm`` and ``year``.
    """
    year = sums["net_year"].to_numpy(float)[sums["customer_id"].notna().to_numpy()]
    value = np.sort(year[year > 0])[::-1]
    return {
        "cells": _cells(scores(sums, as_of, settings)),
        "tiers": _counts(
            tier_codes(year[np.nan_to_num(year) != 0], settings.tiers), settings.tiers.names
        ),
        "abc": _counts(value_codes(value, settings.abc_value), CLASSES),
    }


def scores(sums: pd.DataFrame, as_of: date, settings: SegmentSettings) -> pd.DataFrame:
    """Scores r, f, m (1-5, 5 is best) of the customers that get scores.

    sums: orders_rfm, net_rfm and last_rfm per customer.
    """
    scored = _scored(sums, as_of)
    thresholds = Thresholds.of(scored, settings)
    return (
        pd.DataFrame({name: np.zeros(0, dtype=np.int8) for name in "rfm"})
        if thresholds is None
        else thresholds.scores(scored)
    )


def movers(sums: pd.DataFrame, before: date, as_of: date, settings: SegmentSettings) -> int:
    """Number of customers, scored on both dates, whose scores by the earlier thresholds differ.

    sums: columns of the windows ``rfm`` (to ``as_of``) and ``before`` (to the date ``before``).
    """
    earlier = sums[["customer_id"]].assign(
        **{f"{kind}_rfm": sums[f"{kind}_before"] for kind in ("orders", "net", "last")}
    )
    then, now = _scored(earlier, before), _scored(sums, as_of)
    thresholds = Thresholds.of(then, settings)
    both = then.index.intersection(now.index)
    return (
        0
        if thresholds is None
        else int(
            (
                thresholds.scores(then.loc[both]).to_numpy()
                != thresholds.scores(now.loc[both]).to_numpy()
            )
            .any(axis=1)
            .sum()
        )
    )


def _scored(sums: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """The scored quantities of the customers that get scores, indexed by row of the sums.

    Without the ids, because copying millions of texts is slow.
    """
    frame = pd.DataFrame(measured(sums, as_of))
    return frame[is_scored(frame.assign(customer_id=sums["customer_id"]))]


def _cells(scores: pd.DataFrame) -> dict[str, int]:
    codes = (
        scores["r"].to_numpy(int) * 100 + scores["f"].to_numpy(int) * 10 + scores["m"].to_numpy(int)
    )
    cells, counts = np.unique(codes, return_counts=True)
    return {str(cell): int(n) for cell, n in zip(cells, counts, strict=True)}


def _counts(codes: np.ndarray, names: Sequence[str]) -> dict[str, int]:
    return {
        name: int(n)
        for name, n in zip(names, np.bincount(codes, minlength=len(names)), strict=True)
        if n
    }
