"""The company's objectives: key results of company, regions and single sellers, with their
check-ins.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pandas as pd

from .days import END, LAST
from .parameters import REGIONS
from .people import Team

O1, O2, O3 = (
    "提升大客户续约率 Raise large-customer renewal",
    "激活中小客户复购 Win repeat business of small and medium customers",
    "新人成长 New sellers close their first deal sooner",
)
KEY_RESULTS = (
    # objective, key result, metric, unit, baseline, target, owner, start, due, weight, direction,
    # parent, level
    (
        O1,
        "Large-customer renewal rate to 85 %",
        "renewal_rate",
        "share",
        0.68,
        0.85,
        "sales director",
        "2023-04-01",
        "2023-09-30",
        2,
        "up",
        "",
        "company",
    ),
    (
        O1,
        "Needs survey done with all large customers",
        "large customers surveyed",
        "share",
        0,
        1,
        "customer success lead",
        "2023-04-01",
        "2023-06-30",
        1,
        "up",
        "",
        "company",
    ),
    (
        O1,
        "Customised service package launched",
        "packages launched",
        "count",
        0,
        1,
        "product lead",
        "2023-04-01",
        "2023-09-30",
        1,
        "up",
        "",
        "company",
    ),
    (
        O2,
        "100 usage diagnoses with small and medium customers",
        "diagnoses",
        "count",
        0,
        100,
        "customer success lead",
        "2023-04-01",
        "2023-06-30",
        1,
        "up",
        "",
        "company",
    ),
    (
        O2,
        "Self-service platform live",
        "platforms live",
        "count",
        0,
        1,
        "product lead",
        "2023-04-01",
        "2023-09-30",
        1,
        "up",
        "",
        "company",
    ),
    (
        O2,
        "Churn of small and medium customers below 30 %",
        "churn_rate",
        "share",
        0.40,
        0.30,
        "sales director",
        "2023-04-01",
        "2023-09-30",
        2,
        "down",
        "",
        "company",
    ),
    (
        O3,
        "First deal within three months for 55 % of hires",
        "ramp.first_deal_3m",
        "share",
        0.30,
        0.55,
        "head of training",
        "2023-04-01",
        "2023-09-30",
        1,
        "up",
        "",
        "company",
    ),
    *(
        (
            f"{region}: keep and grow our large customers",
            f"{region}: quarterly value review with every strategic customer",
            "reviews held",
            "share",
            0,
            1,
            f"manager {region}",
            "2023-04-01",
            "2023-09-30",
            1,
            "up",
            O1,
            "team",
        )
        for region in REGIONS
    ),
)
_PACE = {
    "Needs survey done with all large customers": 1.0,
    "Customised service package launched": 1.0,
    "100 usage diagnoses with small and medium customers": 0.93,
    "Self-service platform live": 1.0,
}


def _personal(team: Team) -> tuple[tuple[Any, ...], ...]:
    """Key results of two sellers, under their region's objective, to the end of the year: one
    forgotten, one falling behind.
    """
    sellers = [
        next(
            i
            for i in range(len(team))
            if team.region[i] == region
            and not team.manager[i]
            and team.hired[i] < 0
            and team.left[i] > LAST
        )
        for region in (0, 1)
    ]
    parents = [f"{REGIONS[region]}: keep and grow our large customers" for region in (0, 1)]
    return tuple(
        (
            f"{team.name[i]}: {what}",
            f"{team.name[i]}: {result}",
            metric,
            unit,
            base,
            target,
            team.id(i),
            "2023-07-03",
            "2023-12-31",
            1,
            way,
            parent,
            "person",
        )
        for i, parent, (what, result, metric, unit, base, target, way) in zip(
            sellers,
            parents,
            (
                (
                    "every renewal prepared",
                    "value reports sent to twelve large customers",
                    "value reports sent",
                    "count",
                    0,
                    12,
                    "up",
                ),
                (
                    "sell value, not discount",
                    "mean discount of my deals down to 4 %",
                    "mean discount",
                    "share",
                    0.09,
                    0.04,
                    "down",
                ),
            ),
            strict=True,
        )
    )


def key_results_table(team: Team) -> pd.DataFrame:
    """Table ``key_results``: the case's objectives and key results, one per region under the first,
    and two of single sellers under these.
    """
    names = [
        "objective",
        "key_result",
        "metric",
        "unit",
        "baseline",
        "target",
        "owner",
        "start",
        "due",
        "weight",
        "direction",
        "parent",
        "level",
    ]
    return pd.DataFrame([*KEY_RESULTS, *_personal(team)], columns=names)


def check_ins_table(
    team: Team, contracts: pd.DataFrame, customers: pd.DataFrame, ramp: float
) -> pd.DataFrame:
    """Table ``check_ins``, every Friday from April 2023. Renewal and churn are read off the
    contracts due so far since April.
    """
    kind = contracts.customer_id.map(customers.set_index("customer_id").customer_type)
    rows = []
    for row in (*KEY_RESULTS, *_personal(team)):
        start, due = date.fromisoformat(row[7]), date.fromisoformat(row[8])
        forgotten, falling = row[2] == "value reports sent", row[2] == "mean discount"
        friday = start + timedelta(days=(4 - start.weekday()) % 7)
        while friday <= min(due, END - timedelta(days=24 if forgotten else 0)):
            elapsed = (friday - start).days / (due - start).days
            value = _value(row, friday, elapsed, contracts, kind, ramp)
            confidence = 0.75 - 0.8 * elapsed if falling else 0.5 + 0.4 * min(1, elapsed)
            rows.append(
                {
                    "key_result": row[1],
                    "date": friday,
                    "value": f"{value:.4f}".rstrip("0").rstrip("."),
                    "confidence": f"{confidence:.2f}",
                    "note": "ahead" if elapsed and row[10] == "up" and value >= row[5] else "",
                }
            )
            friday += timedelta(days=7)
    return pd.DataFrame(rows)


def _value(
    row: tuple[Any, ...],
    day: date,
    elapsed: float,
    contracts: pd.DataFrame,
    kind: pd.Series,
    ramp: float,
) -> float:
    if row[2] in ("renewal_rate", "churn_rate"):
        wanted = (kind == "large") if row[2] == "renewal_rate" else (kind != "large")
        due = contracts[
            wanted & (contracts.end >= day - timedelta(days=91)) & (contracts.end <= day)
        ]
        rate = float((due.renewed_by != "").mean())
        return rate if row[2] == "renewal_rate" else 1 - rate
    if row[2] == "ramp.first_deal_3m":
        return row[4] + (ramp - row[4]) * elapsed
    if row[12] == "person":
        return round(
            row[4] + (row[5] - row[4]) * (0.8 if row[10] == "up" else 0.5) * elapsed,
            0 if row[3] == "count" else 3,
        )
    if row[3] == "count" and row[5] == 1:
        return float(elapsed > 0.8)
    return min(
        row[5],
        round(
            row[5] * _PACE.get(row[1], 0.9) * min(1.0, elapsed * 1.02),
            2 if row[3] == "share" else 0,
        ),
    )
