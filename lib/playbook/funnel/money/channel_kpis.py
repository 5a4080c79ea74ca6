"""The named numbers of a channel."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from playbook.base.language import say
from playbook.methods.intervals import Rate
from playbook.page.kpi import Kpi


def kpis_of(row: dict, currency: str) -> Iterator[Kpi]:
    """Cost, leads, CAC, ROI, LTV ÷ CAC, payback and match rate of one row of ChannelEconomics."""
    by, w = {"channel": row["channel"]}, "trailing_12m"
    leads, wins = int(row["leads"]), int(row["wins"])
    new = int(row["new"]) if row["new"] == row["new"] else None
    yield Kpi("channel.cost", w, _val(row["cost"]), currency, by, why=say("no cost recorded"))
    yield Kpi("channel.leads", w, leads, "count", by, n=leads)
    for name, unit, n, method, why in (
        ("cac", currency, new, "Poisson 95 %", say("no cost, or no customer known to be new")),
        ("roi", "ratio", wins, "bootstrap 95 %", say("no cost recorded, or nothing it brought")),
    ):
        low, high = (_val(row[f"{name}_{end}"]) for end in ("low", "high"))
        value = _val(row[name])
        if row["verdict"] == "no margin given" and name == "roi":
            value, low, high = None, None, None
            why = say("no order carries a cost, no margin is given")
        yield Kpi(f"channel.{name}", w, value, unit, by, low, high, n=n, method=method, why=why)
    for name, column, why in (
        ("ltv_cac", "ltv_cac", say("no CAC or no customer value")),
        ("payback_months", "payback", say("no CAC or no customer profit")),
    ):
        low, high = (_val(row[f"{column}_{end}"]) for end in ("low", "high"))
        yield Kpi(
            f"channel.{name}",
            w,
            _val(row[column]),
            "ratio",
            by,
            low,
            high,
            n=new,
            method="simulated 95 %",
            why=why,
        )
    matched = Rate(row["matched"], row["assessed"])
    yield Kpi.rate("match_rate", w, matched, by, say("no lead of the channel was assessed"))


def _val(value: Any) -> float | None:
    return None if value is None or value != value else float(value)
