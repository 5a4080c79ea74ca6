"""The same classifications without names and pages, for customers by the million."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
import pandas as pd

from playbook.base.settings import SegmentSettings

from .abc import CLASSES, value_codes
from .population import with_states
from .scores import Thresholds
from .tiers import tier_codes


def classify(sums: pd.DataFrame, as_of: date, settings: SegmentSettings) -> dict[str, dict[str, int]]:
    """Customers per score cell ("545"), value tier and ABC class, from grouped sums (spans ``rfm`` and ``year``)."""
    customers = with_states(sums, as_of)
    scored = customers[customers["state"] == "scored"]
    thresholds = Thresholds.of(scored, settings)
    year = customers.loc[customers["customer_id"].notna(), "net_year"].to_numpy()
    value = np.sort(year[year > 0])[::-1]
    return {
        "cells": {} if thresholds is None else _cells(thresholds.scores(scored)),
        "tiers": _counts(tier_codes(year[year != 0], settings.tiers), settings.tiers.names),
        "abc": _counts(value_codes(value, settings.abc_value), CLASSES),
    }


def movers(sums: pd.DataFrame, before: date, as_of: date, settings: SegmentSettings) -> int:
    """Customers scored on both dates whose cell changed by the earlier date's thresholds (spans ``rfm`` and ``before``)."""
    names = {f"{kind}_before": f"{kind}_rfm" for kind in ("orders", "net", "last")}
    earlier = sums.drop(columns=list(names.values())).rename(columns=names)
    then, now = with_states(earlier, before), with_states(sums, as_of)
    thresholds = Thresholds.of(then[then["state"] == "scored"], settings)
    both = (then["state"] == "scored") & (now["state"] == "scored")
    return 0 if thresholds is None else int((thresholds.scores(then[both]) != thresholds.scores(now[both])).any(axis=1).sum())


def _cells(scores: pd.DataFrame) -> dict[str, int]:
    codes = scores["r"].to_numpy(int) * 100 + scores["f"].to_numpy(int) * 10 + scores["m"].to_numpy(int)
    cells, counts = np.unique(codes, return_counts=True)
    return {str(cell): int(n) for cell, n in zip(cells, counts, strict=True)}


def _counts(codes: np.ndarray, names: Sequence[str]) -> dict[str, int]:
    return {name: int(n) for name, n in zip(names, np.bincount(codes, minlength=len(names)), strict=True) if n}
