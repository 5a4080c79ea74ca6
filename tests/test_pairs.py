"""One number, one meaning: what two chapters say of one thing must agree.

Read from what sections record (the numbers of results.json), on the sample's run and on small books
worked through in this process.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable
from typing import Any

import pandas as pd
import pytest

from inprocess import book_results
from playbook.data.book import Book
from runs import SAMPLE

Kpis = list[dict[str, Any]]


def rows(columns: str, *values: tuple) -> pd.DataFrame:
    return pd.DataFrame(list(values), columns=columns.split())


BOOKS = {
    "orders and deals": lambda: Book.from_frames(
        orders=rows(
            "order_id date customer_id amount rep_id region channel kind cost",
            ("O1", "2022-03-02", "A", 100, "R1", "East", "Web", "new", 40),
            ("O1", "2022-03-02", "A", 50, "R1", "East", "Web", "new", 20),
            ("O2", "2023-02-11", "B", 200, "R2", "West", "Ads", "new", 90),
            ("O3", "2023-03-05", "A", 300, "R1", "East", "Web", "repurchase", 100),
            ("O4", "2023-03-07", "B", -20, "R2", "West", "Ads", "refund", None),
            ("O5", "2023-03-09", "C", 80, "R2", "West", "Ads", "new", None),
        ),
        opportunities=rows(
            "opportunity_id created closed outcome stage amount customer_id rep_id region channel",
            ("D1", "2022-02-01", "2022-03-02", "won", "won", 150, "A", "R1", "East", "Web"),
            ("D2", "2023-01-10", "2023-02-11", "won", "won", 200, "B", "R2", "West", "Ads"),
            ("D3", "2023-02-10", "2023-03-09", "won", "won", 80, "C", "R2", "West", "Ads"),
            ("D4", "2023-02-12", "2023-03-20", "lost", "lost", None, "D", "R1", "East", "Web"),
            ("D5", "2023-03-12", None, "open", "intent", 500, "E", "R1", "East", "Web"),
        ),
        targets=rows(
            "period metric target region",
            ("2023-03", "sales", 400, None),
            ("2023-03", "sales", 250, "East"),
            ("2023-03", "sales", 150, "West"),
        ),
        month="2023-03",
        settings={"book": {"stages": ["lead", "intent", "won"], "currency": "EUR"}},
    ),
    "deals only": lambda: Book.from_frames(
        opportunities=rows(
            "opportunity_id created closed outcome stage amount customer_id rep_id",
            *(
                (
                    f"D{i}",
                    f"2022-{1 + i % 9:02d}-03",
                    f"2022-{2 + i % 9:02d}-20" if i % 3 < 2 else None,
                    ("won", "lost", "open")[i % 3],
                    ("won", "lost", "intent")[i % 3],
                    100 + i,
                    f"C{i % 7}",
                    f"R{i % 2}",
                )
                for i in range(40)
            ),
        ),
        month="2022-09",
        settings={"book": {"stages": ["lead", "intent", "won"], "currency": "EUR"}},
    ),
}


@pytest.fixture(scope="module", params=list(BOOKS))
def small(request) -> Kpis:
    results = book_results(BOOKS[request.param]())
    return [kpi for result in results for kpi in result.record().kpis]


@pytest.fixture(scope="module")
def sample(sample_run) -> Kpis:
    assert SAMPLE.exists()
    return sample_run.results["kpis"]


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
            if both and not same(sales[member] - targets[member], missed):
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


def test_the_sample_says_one_thing_once(sample):
    assert not agreed(sample)


def test_small_books_say_one_thing_once(small):
    assert small and not agreed(small)


def test_the_guard_sees_what_it_is_for():
    def kpi(name: str, value_: float, window: str = "month", **by: str) -> dict[str, Any]:
        return {
            "name": name,
            "window": window,
            "value": value_,
            "by": by or None,
            "numerator": None,
            "denominator": None,
        }

    assert agreed([kpi("sales", 5.0), kpi("sales", 6.0)])
    assert agreed([kpi("sales", 5.0), kpi("sales", 4.0, region="East")])
    assert agreed([kpi("sales", 5.0), kpi("target", 4.0), kpi("gap", 2.0)])
    assert not agreed([kpi("sales", 5.0), kpi("target", 4.0), kpi("gap", 1.0)])
