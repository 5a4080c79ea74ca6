"""What the company planned in numbers: targets; what its channels cost; how large its market is."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from playbook.base.months import Month
from playbook.methods.apportionment import largest_remainder

from .days import FIRST, MONTHS, month_name, month_start, quarter_start, to_date
from .parameters import CHANNELS, INDUSTRIES, PRODUCTS, REGIONS, TYPES, Company
from .people import Team

GROWTH = (
    0.15,
    0.20,
    0.30,
)  # planned growth of 2021, 2022, 2023; the case's annual goal is the last
CURVE = (0.068, 0.066, 0.092, 0.078, 0.080, 0.096, 0.078, 0.078, 0.094, 0.082, 0.084, 0.104)


def split(total: int, weights: np.ndarray) -> list[int]:
    """Whole cents by largest remainder: the parts sum to ``total``; ties go to the earlier part."""
    shares = np.asarray(weights, dtype=float) / np.sum(weights) * total
    floor = np.floor(shares).astype(int)
    missing = np.array([total - int(floor.sum())])
    return largest_remainder(floor[None], (shares - floor)[None], missing)[0].tolist()


def targets_table(
    c: Company, team: Team, orders: pd.DataFrame, customers: pd.DataFrame, deals: pd.DataFrame
) -> pd.DataFrame:
    """Table ``targets``: sales for the company and by region, product line, customer type and rep;
    orders and new customers for the company and by region; years, quarters and months; rates and
    days of the company. The parts sum to the total in every direction, to the cent.
    """
    o = orders.assign(
        year=[d.year for d in orders.date],
        customer_type=orders.customer_id.map(customers.set_index("customer_id").customer_type),
    )
    rows: list[dict[str, Any]] = []
    for i, year in enumerate((2021, 2022, 2023)):
        base = o[o.year == year - 1] if i else o[o.year == year]
        total = (
            int(base.amount.sum() * (1 + GROWTH[i]) / (1 if i else 1.12)) // 10_000 * 10_000 * 100
        )
        rows += _curve(year, "sales", total, {}, "sales director", 100)
        for dimension, members in (
            ("region", REGIONS),
            ("product_line", PRODUCTS),
            ("customer_type", TYPES),
        ):
            weights = base.groupby(dimension).amount.sum().reindex(members).to_numpy(dtype=float)
            monthly = [split(part, weights) for part in split(total, CURVE)]
            for k, member in enumerate(members):
                rows += _months(
                    year,
                    "sales",
                    [m[k] for m in monthly],
                    {dimension: member},
                    f"manager {member}" if dimension == "region" else "sales director",
                    100,
                )
        rows += _rep_targets(team, year, total, base)
        for metric, share in (
            ("orders", len(base[base.kind != "refund"])),
            ("new_customers", int((base.kind == "new").sum())),
        ):
            total = int(share * (1 + GROWTH[i] * 0.7))
            weights = base.groupby("region").amount.sum().reindex(REGIONS).to_numpy(dtype=float)
            rows += _curve(year, metric, total, {}, "sales director", 1)
            monthly = [split(part, weights) for part in split(total, CURVE)]
            for k, region in enumerate(REGIONS):
                rows += _months(
                    year,
                    metric,
                    [m[k] for m in monthly],
                    {"region": region},
                    f"manager {region}",
                    1,
                )
    rows += _levels(deals)
    columns = [
        "period",
        "metric",
        "target",
        "region",
        "product_line",
        "customer_type",
        "rep_id",
        "team",
        "owner",
        "remark",
    ]
    return pd.DataFrame([{name: row.get(name, "") for name in columns} for row in rows])


def _curve(
    year: int, metric: str, total: int, who: dict[str, str], owner: str, unit: int
) -> list[dict[str, Any]]:
    return _months(year, metric, split(total, CURVE), who, owner, unit)


def _months(
    year: int, metric: str, months: list[int], who: dict[str, str], owner: str, unit: int
) -> list[dict[str, Any]]:
    """Rows of a year, its quarters and months, from twelve monthly parts in the smallest unit."""

    def row(period: str, value: int) -> dict[str, Any]:
        """One target, with its period."""
        return {
            "period": period,
            "metric": metric,
            "target": f"{value / 100:.2f}" if unit == 100 else str(value),
            **who,
            "owner": owner,
        }

    rows = [row(str(year), sum(months))]
    rows += [row(f"{year}-Q{q + 1}", sum(months[3 * q : 3 * q + 3])) for q in range(4)]
    return rows + [row(f"{year}-{m + 1:02d}", months[m]) for m in range(12)]


def _levels(deals: pd.DataFrame) -> list[dict[str, Any]]:
    """Targets that are not sums, of 2022 and 2023 and their quarters: attrition and days to a win,
    where lower is better, and renewals.
    """
    rows = []
    for year in (2022, 2023):
        start, end = quarter_start(4 * (year - 2022)), quarter_start(4 * (year - 2021))
        before = deals[(deals.outcome == "won") & (deals.closed >= start) & (deals.closed < end)]
        days = round(0.9 * float((before.closed - before.day).median()))
        attrition, renewal = {2022: (0.22, 0.78), 2023: (0.20, 0.75)}[year]
        for period, part in ((str(year), 1), *((f"{year}-Q{q}", 4) for q in (1, 2, 3, 4))):
            rows += [
                {
                    "period": period,
                    "metric": "attrition_rate",
                    "target": f"{attrition / part:.3f}",
                    "owner": "head of training",
                    "remark": "lower is better",
                },
                {
                    "period": period,
                    "metric": "cycle.won_median_days",
                    "target": str(days),
                    "owner": "sales director",
                    "remark": "lower is better",
                },
                {
                    "period": period,
                    "metric": "renewal_rate",
                    "target": f"{renewal:.2f}",
                    "owner": "customer success lead",
                },
            ]
    return rows


def _rep_targets(team: Team, year: int, total: int, base: pd.DataFrame) -> list[dict[str, Any]]:
    """Quarterly targets of the reps there at the quarter's start; newcomers carry half. They sum to
    the company's quarter.
    """
    sold = base.groupby("rep_id").amount.sum()
    months, rows = split(total, CURVE), []
    for quarter in range(4):
        first = month_start(Month(year, 1 + 3 * quarter) - FIRST)
        there = [
            i
            for i in range(len(team))
            if team.hired[i] <= first < team.left[i] and not team.manager[i]
        ]
        weights = np.array(
            [
                (
                    0.5
                    if team.hired[i] > first - 180
                    else 0.6 + 0.4 * float(sold.get(team.id(i), 0)) / max(float(sold.mean()), 1)
                )
                for i in there
            ]
        )
        parts = split(sum(months[3 * quarter : 3 * quarter + 3]), weights)
        rows += [
            {
                "period": f"{year}-Q{quarter + 1}",
                "metric": "sales",
                "target": f"{part / 100:.2f}",
                "rep_id": team.id(i),
                "owner": team.name[i],
            }
            for i, part in zip(there, parts, strict=True)
        ]
    return rows


def channel_costs_table(c: Company, leads: pd.DataFrame) -> pd.DataFrame:
    """Table ``channel_costs``: a fixed sum a month while the channel runs, and a cost per lead."""
    month = np.array([f"{d.year}-{d.month:02d}" for d in leads.created])
    rng = c.rng("costs")
    rows = []
    for m in range(MONTHS):
        for spec in CHANNELS:
            n = int(((leads.channel == spec.name).to_numpy() & (month == month_name(m))).sum())
            noise = 0.95 + 0.1 * rng.random()
            if n:
                rows.append(
                    {
                        "month": to_date(month_start(m)),
                        "channel": spec.name,
                        "cost": round(spec.fixed_cost + spec.cost_per_lead * n * noise),
                    }
                )
    return pd.DataFrame(rows)


def market_table(orders: pd.DataFrame, customers: pd.DataFrame) -> pd.DataFrame:
    """Table ``market``: size per industry, growing 15 % a year; our share in past years."""
    industry = orders.customer_id.map(customers.set_index("customer_id").industry)
    sold = orders.assign(industry=industry, year=[d.year for d in orders.date]).pivot_table(
        index="industry", columns="year", values="amount", aggfunc="sum"
    )
    rows = []
    for i, name in enumerate(INDUSTRIES):
        for year in (2021, 2022, 2023):
            size = (
                round(
                    float(sold.loc[name, 2021]) / (0.035 + 0.006 * i) * 1.15 ** (year - 2021) / 1e5
                )
                * 100_000
            )
            rows.append(
                {
                    "year": year,
                    "industry": name,
                    "size": size,
                    "our_share": f"{sold.loc[name, year] / size:.4f}" if year < 2023 else "",
                }
            )
    return pd.DataFrame(rows)
