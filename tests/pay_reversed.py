"""Drawn books under plans of several measures in which everything sold is refunded in the end: what
anybody is paid must add up to nothing, to the cent.
"""

from __future__ import annotations

import random
from decimal import Decimal
from typing import Any

import pandas as pd

from pay_plans import orders, plan, sale
from playbook.base.settings.plans import CommissionPlan
from playbook.pay.payroll import payroll

DAYS = [f"2023-{month:02d}-{day:02d}" for month in range(1, 7) for day in range(1, 28)]
CENT, TICK = Decimal("0.01"), Decimal("0.0001")


def paid_in_all(seed: int) -> dict[str, int]:
    """Rep id → pay of a drawn book whose every sale was refunded, in full or in two parts [minor
    units]; all 0.
    """
    rng = random.Random(seed)
    lines = payroll(_book(rng), _plan(rng)).lines
    return {str(rep): int(pay) for rep, pay in lines.groupby("rep_id")["pay"].sum().items()}


def _plan(rng: random.Random) -> CommissionPlan:
    measures: list[dict[str, Any]] = [
        {"name": "revenue", "weight": "0.4", "quota": rng.choice([500, 900])},
        {"name": "margin", "of": "gross_margin", "weight": "0.2", "quota": 300},
        {"name": "pieces", "of": "units", "weight": "0.1", "quota": 6},
        {"name": "cash", "of": "cash", "weight": "0.2", "quota": 400},
        {"name": "long", "of": "multi_year", "weight": "0.1", "quota": 300, "least_months": 24},
    ]
    if rng.random() < 0.5:
        measures[1]["gate"] = {"measure": "revenue", "at": "0.5"}
    part: dict[str, Any] = {
        "target_pay": 1000,
        "levels": [{"at": "0.5", "pays": "0.5"}, {"at": 1, "pays": 1}],
        "between": rng.choice(["stepped", "interpolated"]),
        "above": rng.choice([0, 2]),
        "measures": measures,
    }
    if rng.random() < 0.3:
        columns = rng.choice(["margin", "cash", "pieces"])
        part["matrix"] = {
            "rows": "revenue",
            "columns": columns,
            "rows_at": ["0.5", 1],
            "columns_at": ["0.5", 1],
            "pays": [["0.2", "0.4"], ["0.6", "1.2"]],
        }
    bands = [] if rng.random() < 0.4 else [(0, 400, "0.05"), (400, None, "0.1")]
    more: dict[str, Any] = {}
    if bands and rng.random() < 0.4:
        more["modifier"] = [{"at": 0, "times": "0.8"}, {"at": "0.4", "times": "1.3"}]
    if bands and rng.random() < 0.3:
        more["gate"] = {"measure": "margin", "at": "0.5"}
    if rng.random() < 0.3:
        more["cap"] = rng.choice([300, 700])
    if rng.random() < 0.2:
        more["cap_year"] = rng.choice([300, 1700])
    if rng.random() < 0.3:
        more["splits"] = [{"to": "order", "share": "0.6"}, {"to": "customer", "share": "0.4"}]
    over = rng.choice(["month", "quarter", "year"])
    return plan(bands, accumulate=over, attainment=part, **more)


def _book(rng: random.Random) -> pd.DataFrame:
    rows: list[tuple[dict, Decimal, int, int]] = []
    for number in range(rng.randrange(1, 8)):
        day, amount = rng.randrange(len(DAYS) - 30), Decimal(rng.randrange(1, 60_000)) / 100
        cost = (amount * rng.choice([Decimal("0.3"), Decimal("0.7")])).quantize(TICK)
        months, pieces = rng.choice([12, 24, 36]), rng.choice([1, 2, 3])
        who = {
            "order_id": f"O{number}",
            "customer_id": f"C{rng.randrange(4)}",
            "customer_rep": "R2",
            "rep_id": rng.choice(["R1", "R3"]),
        }
        paid = {}
        if rng.random() < 0.6:
            part = amount if rng.random() < 0.6 else (amount / 2).quantize(CENT)
            paid = {"paid_amount": part, "paid_date": DAYS[day + rng.randrange(25)]}
        rows.append((sale(amount, DAYS[day], **who, **paid), cost, months, pieces))
        third, of_cost = (amount / 3).quantize(CENT), (cost / 3).quantize(TICK)
        parts = [(amount, cost, pieces)]
        if rng.random() < 0.4:
            parts = [(third, of_cost, 0), (amount - third, cost - of_cost, pieces)]
        for back, its_cost, its_pieces in parts:
            later = DAYS[rng.randrange(day + 26, len(DAYS))]
            rows.append((sale(-back, later, **who), -its_cost, months, -its_pieces))
    rows.sort(key=lambda row: (row[0]["date"], row[0]["order_id"]))
    return orders(*(row[0] for row in rows)).assign(
        cost=pd.array([int(row[1] * 10_000) for row in rows], dtype="Int64"),
        months=pd.array([row[2] for row in rows], dtype="Int64"),
        quantity=[float(row[3]) for row in rows],
    )
