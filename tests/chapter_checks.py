"""What must hold of the results of any chapter, whatever book and month they are of."""

from __future__ import annotations

import dataclasses
import json
import math
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import pandas as pd

from playbook.base.contracts import contracts_of
from playbook.page import Missing, Result
from playbook.page.contribution import ShortEditions

Kpis = list[dict[str, Any]]
CENT = 0.02  # targets of parts are rounded to cents twice, down the plan; a gap is taken before


def faults(results: Sequence[Result]) -> list[str]:
    """Sections called ok that show nothing, and frames that are not as declared."""
    return [fault for result in results for fault in (*_empty(result), *_undeclared(result))]


def kpis_of(results: Sequence[Result]) -> Kpis:
    """The numbers the results would leave in results.json."""
    return [kpi for result in results for kpi in result.record().kpis]


def _empty(result: Result) -> Iterator[str]:
    if result.status == "ok" and not isinstance(result, ShortEditions):  # whose parts may be empty
        shown = [block for block in result.blocks() if type(block).__name__ != "Record"]
        tables = [table for table in result.tables() if table.rows]
        if not shown or not (tables or result.reading() or result.notes()):
            yield f"{result.section} is called ok and shows nothing"


def _undeclared(result: Result) -> Iterator[str]:
    if isinstance(result, Missing):
        return
    contracts = contracts_of(type(result))
    for field in dataclasses.fields(result):
        label = f"{type(result).__name__}.{field.name}"
        for frame in _frames(getattr(result, field.name)):
            if field.name in contracts:
                yield from (f"{label}: {p}" for p in contracts[field.name].problems(frame))
            else:
                yield f"{label}: no contract; columns {list(frame.columns)}"


def _frames(value: Any) -> list[pd.DataFrame]:
    if isinstance(value, pd.DataFrame):
        return [value]
    values = value.values() if isinstance(value, dict) else ()
    return [frame for frame in values if isinstance(frame, pd.DataFrame)]


# -- what two chapters say of one thing


def key(kpi: dict[str, Any]) -> str:
    return json.dumps([kpi["name"], kpi["window"], kpi["by"] or {}], sort_keys=True)


def value(kpis: Kpis, name: str, window: str, **by: str) -> float | None:
    """The number of that name, window and member; None where no section gives it."""
    found = [
        k["value"]
        for k in kpis
        if k["name"] == name and k["window"] == window and (k["by"] or {}) == by
    ]
    return None if not found or found[0] is None else float(found[0])


def same(a: float | None, b: float | None) -> bool:
    return a is None or b is None or math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-6)


def members(kpis: Kpis, name: str, window: str, dimension: str) -> Iterable[tuple[str, float]]:
    for k in kpis:
        named = k["name"] == name and k["window"] == window and set(k["by"] or {}) == {dimension}
        if named and k["value"] is not None:
            yield k["by"][dimension], float(k["value"])


def agreed(kpis: Kpis) -> list[str]:
    """Everything in which two numbers of one meaning differ; empty when all agree."""
    wrong = []
    seen: dict[str, Any] = {}
    for kpi in kpis:
        if key(kpi) in seen and not (
            seen[key(kpi)] == kpi["value"]
            or same(*(None if v is None else float(v) for v in (seen[key(kpi)], kpi["value"])))
        ):
            wrong.append(f"two values of {key(kpi)}: {seen[key(kpi)]} and {kpi['value']}")
        seen[key(kpi)] = kpi["value"]
    for window in ("month", "quarter_to_date", "year_to_date", "trailing_12m", "all"):
        total = value(kpis, "sales", window)
        for dimension in ("region", "product_line", "customer_type", "rep"):
            parts = [v for _, v in members(kpis, "sales", window, dimension)]
            if parts and not same(sum(parts), total):
                wrong.append(f"sales by {dimension} in {window}: {sum(parts)}, in all {total}")
    sold, planned = value(kpis, "sales", "month"), value(kpis, "target", "month")
    gap = value(kpis, "gap", "month")
    if None not in (sold, planned, gap) and not same(sold - planned, gap):
        wrong.append(f"gap {gap}, but sales {sold} less target {planned}")
    for dimension in ("region", "product_line", "customer_type"):
        targets = dict(members(kpis, "target", "month", dimension))
        sales = dict(members(kpis, "sales", "month", dimension))
        for member, missed in members(kpis, "gap", "month", dimension):
            both = member in targets and member in sales
            if both and abs(sales[member] - targets[member] - missed) > CENT:
                wrong.append(f"gap of {member}: {missed}, not {sales[member] - targets[member]}")
        if targets and planned is not None and not same(sum(targets.values()), planned):
            wrong.append(f"targets by {dimension} sum to {sum(targets.values())}, not {planned}")
    for window in ("trailing_12m",):
        stayed, left = value(kpis, "retention", window), value(kpis, "churn_rate", window)
        if None not in (stayed, left) and not same(stayed + left, 1.0):
            wrong.append(f"retention {stayed} and churn {left}")
    won = value(kpis, "deals.won", "trailing_12m")
    rate = next(
        (
            k
            for k in kpis
            if k["name"] == "win_rate.narrow" and not k["by"] and k["window"] == "trailing_12m"
        ),
        None,
    )
    if (
        won is not None
        and rate
        and rate["value"] is not None
        and rate["numerator"] is not None
        and not same(won, rate["numerator"])
    ):
        wrong.append(f"{won} deals won, and a win rate on {rate['numerator']}")
    cost = dict(members(kpis, "channel.cost", "trailing_12m", "channel"))
    for channel, cac in members(kpis, "channel.cac", "trailing_12m", "channel"):
        made = next(
            k for k in kpis if k["name"] == "channel.cac" and k["by"] == {"channel": channel}
        )
        if made["denominator"] and not same(cac * made["denominator"], made["numerator"]):
            wrong.append(f"cost per customer of {channel} is not its cost by its customers")
        if cost.get(channel) is None:
            wrong.append(f"{channel} has a cost per customer and no cost")
    return wrong
