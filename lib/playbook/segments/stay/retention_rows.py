"""Customers and revenue kept, for one group of customers."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from playbook.base import contracts as column
from playbook.methods.intervals import wilson
from playbook.methods.resampling import ratio_interval


class RetentionTiers(column.Frame):
    """One row per value tier of the year before, then All."""

    tier = column.text("tier in the year before, or All")
    customers = column.count("active in the year before")
    kept = column.count("of them active again")
    retention = column.share("kept of customers", low="low", high="high")
    low = column.share("lower end of the Wilson 95 % interval")
    high = column.share("upper end")
    churn = column.share("not active again", low="churn_low", high="churn_high")
    churn_low = column.share("lower end of the Wilson 95 % interval")
    churn_high = column.share("upper end")
    start = column.money("revenue of these customers in the year before")
    end = column.money("their revenue this year")
    kept_revenue = column.money("their revenue this year, each at most what it brought before")
    lost = column.money("revenue before of customers not active again")
    nrr = column.ratio("net revenue retention: end ÷ start", low="nrr_low", high="nrr_high")
    nrr_low = column.ratio("lower end of the bootstrap 95 % interval")
    nrr_high = column.ratio("upper end")
    grr = column.share("gross retention: kept_revenue ÷ start", low="grr_low", high="grr_high")
    grr_low = column.share("lower end of the bootstrap 95 % interval")
    grr_high = column.share("upper end")
    revenue_churn = column.share("1 − gross revenue retention")


def retention_row(name: str, group: pd.DataFrame) -> dict[str, Any]:
    """A row of ``RetentionTiers`` from sums per customer: orders and net of both years."""
    n, kept = len(group), int((group["orders_year"] > 0).sum())
    (low, high), (churn_low, churn_high) = wilson(kept, n), wilson(n - kept, n)
    before, after = (
        group["net_base"].to_numpy(float).clip(min=0),
        group["net_year"].fillna(0.0).to_numpy(float),
    )
    kept_revenue = np.minimum(before, after.clip(min=0))
    money = {
        "start": before.sum(),
        "end": after.sum(),
        "kept_revenue": kept_revenue.sum(),
        "lost": before[group["orders_year"].to_numpy() == 0].sum(),
    }
    nrr, grr = ratio_interval(after, before), ratio_interval(kept_revenue, before)
    return {
        "tier": name,
        "customers": n,
        "kept": kept,
        "retention": kept / n if n else None,
        "low": low,
        "high": high,
        "churn": 1 - kept / n if n else None,
        "churn_low": churn_low,
        "churn_high": churn_high,
        **money,
        **dict(zip(("nrr", "nrr_low", "nrr_high"), nrr, strict=True)),
        **dict(zip(("grr", "grr_low", "grr_high"), grr, strict=True)),
        "revenue_churn": None if grr[0] is None else 1 - grr[0],
    }
