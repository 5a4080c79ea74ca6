"""A company of two regions as frames, small enough to filter by hand, with names of the one typed
into notes of the other.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pandas as pd

from playbook.data.book import Book

SETTINGS = {
    "book": {"name": "pair", "title": "Pair Ltd", "fiscal_year_start": 1},
    "goals": {
        "adjustments": [
            {
                "date": "2023-04-03",
                "period": "2023",
                "metric": "sales",
                "target": 2100,
                "reason": "a slow first quarter",
            },
        ]
    },
    "audiences": {
        "managers": {"kind": "manager", "each": "region"},
        "reps": {"kind": "rep", "each": "rep"},
        "client": {"kind": "client"},
        "finance": {"kind": "finance", "pay": True},
        "line": {"kind": "manager", "see": {"product_line": ["Tea"]}},
    },
    "commission_plans": [
        {
            "name": "p",
            "starts": "2022-01-01",
            "tiers": [{"lower": 0, "rate": 0.1}],
            "quotas": {"N1": 1000, "S1": 1000},
        },
    ],
}


def tables() -> dict[str, pd.DataFrame]:
    """Two regions, two people each, an order every fourth day of two years, in turn."""
    people = [
        ("N1", "Nora Nord", "North", "N-team"),
        ("N2", "Nils Nord", "North", "N-team"),
        ("S1", "Sven Süd", "South", "S-team"),
        ("S2", "Sara Süd", "South", "S-team"),
    ]
    reps = pd.DataFrame(
        [
            {
                "rep_id": i,
                "name": n,
                "region": r,
                "team": t,
                "hired": "2021-01-01",
                "base_pay": 5000,
            }
            for i, n, r, t in people
        ]
    )
    customers = pd.DataFrame(
        [
            {
                "customer_id": f"C{k:02}",
                "name": f"Firm {'NS'[k % 2]}{k:02}",
                "region": ("North", "South")[k % 2],
                "customer_type": "small",
                "rep_id": ("N1", "S1")[k % 2],
                "since": "2021-06-01",
            }
            for k in range(12)
        ]
    )
    orders, deals, acts = [], [], []
    for k in range(180):
        day, side = date(2022, 1, 3) + timedelta(days=4 * k), k % 2
        rep = (("N1", "N2"), ("S1", "S2"))[side][k // 2 % 2]
        customer = f"C{(2 * (k // 2 % 6) + side):02}"
        line = ("Tea", "Cups")[k // 4 % 2]
        orders.append(
            {
                "order_id": f"O{k:03}",
                "date": day,
                "customer_id": customer,
                "amount": 5 + k % 7 + 40 * side,
                "rep_id": rep,
                "region": ("North", "South")[side],
                "product_line": line,
            }
        )
        deals.append(
            {
                "opportunity_id": f"D{k:03}",
                "created": day - timedelta(days=9),
                "stage": "won" if k % 3 else "intent",
                "outcome": ("lost", "won", "open")[k % 3],
                "closed": None if k % 3 == 2 else day,
                "amount": 30 + k % 5,
                "customer_id": customer,
                "rep_id": rep,
                "region": ("North", "South")[side],
            }
        )
        other = ("Sven Süd of the South", "Nora Nord of the North")[side]
        acts.append(
            {
                "activity_id": f"A{k:03}",
                "date": day,
                "rep_id": rep,
                "kind": "visit",
                "customer_id": customer,
                "opportunity_id": f"D{k:03}",
                "summary": f"as with {other} and C{(k + 1) % 12:02}",
            }
        )
    for deal in deals:
        deal["stage"] = {"won": "won", "lost": "intent", "open": "intent"}[deal["outcome"]]
    targets = [
        {
            "period": "2023",
            "metric": "sales",
            "target": 3000,
            "region": None,
            "rep_id": None,
            "owner": "director",
        },
        {
            "period": "2023",
            "metric": "sales",
            "target": 1000,
            "region": "North",
            "rep_id": None,
            "owner": "Nora Nord",
        },
        {
            "period": "2023",
            "metric": "sales",
            "target": 2000,
            "region": "South",
            "rep_id": None,
            "owner": "Sven Süd",
        },
        {
            "period": "2023",
            "metric": "sales",
            "target": 600,
            "region": None,
            "rep_id": "N1",
            "owner": "Nora Nord",
        },
        {
            "period": "2023",
            "metric": "sales",
            "target": 1100,
            "region": None,
            "rep_id": "S1",
            "owner": "Sven Süd",
        },
    ]
    costs = [{"month": f"2023-{m:02}", "channel": "web", "cost": 77} for m in range(1, 10)]
    tasks = [
        {"task": "Fair", "item": "stand in the South", "owner": "Nora Nord", "due": "2023-10-09"},
        {"task": "Fair", "item": "talks", "owner": "Sven Süd", "due": "2023-10-09"},
    ]
    made: dict[str, Any] = {
        "reps": reps,
        "customers": customers,
        "orders": orders,
        "opportunities": deals,
        "activities": acts,
        "targets": targets,
        "channel_costs": costs,
        "tasks": tasks,
    }
    return {name: pd.DataFrame(rows).astype(object) for name, rows in made.items()}


def company(given: dict[str, pd.DataFrame] | None = None) -> Book:
    """The whole book, September 2023; of other tables where given."""
    return Book.from_frames(month="2023-09", settings=SETTINGS, **(given or tables()))


def of_north() -> dict[str, pd.DataFrame]:
    """The rows of North, filtered by hand: what a book of these rows alone would hold."""
    every = tables()
    north = {"N1", "N2"}
    kept = {
        "reps": every["reps"].query("region == 'North'"),
        "customers": every["customers"].query("region == 'North'"),
        "orders": every["orders"].query("region == 'North'"),
        "opportunities": every["opportunities"].query("region == 'North'"),
        "activities": every["activities"][every["activities"].rep_id.isin(north)],
        "targets": every["targets"][
            (every["targets"].region == "North") | every["targets"].rep_id.isin(north)
        ],
        "tasks": every["tasks"].query("owner == 'Nora Nord'"),
    }
    return {name: frame.reset_index(drop=True) for name, frame in kept.items()}
