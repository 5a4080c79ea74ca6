"""Plans that between them use every feature of pay, over a year of the company of every day."""

from __future__ import annotations

from functools import cache
from typing import Any

from every_day import SETTINGS, tables
from playbook.data.book import Book

BANDS = [
    {"lower": 0, "upper": 2000, "rate": 0.05},
    {"lower": 2000, "upper": 6000, "rate": 0.08},
    {"lower": 6000, "rate": 0.12},
]
OF_QUOTA = [
    {"lower": 0, "upper": 0.5, "rate": 0.04},
    {"lower": 0.5, "upper": 1.0, "rate": 0.06, "retroactive": True},
    {"lower": 1.0, "rate": 0.1},
]
LEVELS = [{"at": 0.5, "pays": 0.4}, {"at": 0.8, "pays": 0.7}, {"at": 1.0, "pays": 1.0}]
MEASURES = [
    {"name": "sales", "weight": 0.5},
    {
        "name": "margin",
        "of": "gross_margin",
        "weight": 0.2,
        "quota": 2500,
        "gate": {"measure": "sales", "at": 0.5},
    },
    {"name": "customers", "of": "new_logos", "weight": 0.1, "quota": 2},
    {"name": "long", "of": "multi_year", "weight": 0.1, "quota": 3000, "least_months": 24},
    {"name": "pieces", "of": "units", "weight": 0.05, "quota": 40},
    {"name": "paid", "of": "cash", "weight": 0.05, "quota": 4000},
]
PLANS: dict[str, dict[str, Any]] = {
    "bands": {"tiers": BANDS, "accumulate": "month", "starts": "2023-01-01"}
    | {"compare_only": False},
    "carried": {"tiers": BANDS, "accumulate": "month", "starts": "2024-02-15", "change": "carry"}
    | {"replaces": "bands", "compare_only": False},
    "cash": {"tiers": BANDS, "basis": "cash", "accumulate": "quarter", "booking_share": 1},
    "of quota": {"tiers": OF_QUOTA, "tiers_of": "quota", "accumulate": "quarter"},
    "whole year": {"tiers": BANDS, "mode": "whole", "accumulate": "year", "cap_year": 1500},
    "by deal": {"tiers": BANDS, "accumulate": "deal", "deal_cap": 40, "deal_floor": 6},
    "capped": {"tiers": BANDS, "cap": 300, "excess": "later", "accumulate": "month"},
    "floored": {"tiers": BANDS, "floor": 120, "accumulate": "month", "threshold": 0.2}
    | {"quota": 3000},
    "beyond": {"tiers": BANDS, "quota": 4000, "threshold": 0.5, "threshold_from": "excess"}
    | {"accumulate": "quarter"},
    "paid bands": {
        "tiers": [{"lower": 0, "upper": 3000, "pays": 150}, {"lower": 3000, "rate": 0.09}],
        "accumulate": "quarter",
    },
    "from inside": {"tiers": BANDS, "starts": "2024-02-15", "accumulate": "month"},
    "by months": {"tiers": OF_QUOTA, "tiers_of": "quota", "starts": "2024-05-10"}
    | {"prorate_by": "months", "accumulate": "quarter"},
    "splits": {
        "tiers": BANDS,
        "splits": [
            {"to": "order", "share": "1/3"},
            {"to": "deal", "share": "1/3"},
            {"to": "customer", "share": "1/3"},
        ],
        "manager_rate": 0.01,
        "manager_rates": [0.005],
        "booking_share": 0.4,
    },
    "rules": {
        "tiers": BANDS,
        "rules": [
            {"name": "flat", "kind": ["renewal"], "rate": 0.03, "counts": False},
            {"name": "tier", "customer_tier": ["strategic"], "times": 1.5},
            {"name": "long", "least_months": 36, "points": 0.01},
            {"name": "big", "least_amount": 600, "product_line": ["Data"], "times": 1.1}
            | {"starts": "2024-02-01", "ends": "2024-04-30"},
            {"name": "large", "customer_type": ["large"], "channel": ["Web"], "times": 0.5},
        ],
        "modifier": [{"at": 0, "times": 0.9}, {"at": 0.55, "times": 1.1}],
    },
    "levels": {
        "tiers": [],
        "accumulate": "quarter",
        "ramp": [0.25, 0.5, 0.75],
        "ramp_first": "days",
        "quota_from": [{"starts": "2024-05-16", "quota": 9000, "reps": ["R2"]}],
        "relief": [
            {"rep": "R4", "starts": "2024-05-01", "ends": "2024-05-31", "reason": "illness"}
            | {"share": 0.5}
        ],
        "attainment": {
            "target_pay": 500,
            "levels": LEVELS,
            "between": "interpolated",
            "above": 2,
            "presence": "pro_rata",
        },
    },
    "measures": {
        "tiers": [],
        "accumulate": "quarter",
        "attainment": {
            "target_pay": 900,
            "levels": LEVELS,
            "measures": MEASURES,
            "presence": "at_end",
        },
    },
    "matrix": {
        "tiers": [],
        "accumulate": "quarter",
        "attainment": {
            "target_pay": 600,
            "measures": MEASURES[:1] + [MEASURES[1] | {"gate": None}],
            "matrix": {
                "rows": "sales",
                "columns": "margin",
                "rows_at": [0.5, 0.8, 1.0],
                "columns_at": [0.5, 1.0],
                "pays": [[0.2, 0.4], [0.5, 0.8], [0.9, 1.2]],
            },
        },
    },
    "gated": {
        "tiers": BANDS,
        "accumulate": "quarter",
        "gate": {"measure": "customers", "at": 0.5},
        "attainment": {
            "target_pay": 200,
            "levels": LEVELS,
            "measures": [
                {"name": "sales", "weight": 0.9},
                {"name": "customers", "of": "new_logos", "weight": 0.1, "quota": 2},
            ],
        },
    },
    "returned at the rate": {
        "tiers": BANDS,
        "refunds": {"rule": "original_rate", "window_days": 60},
        "leaving": {"pays": "within_days", "days": 30, "share": 0.5},
        "negative": {"rule": "carry"},
        "currency_rate": "payment",
    },
    "returned by time": {
        "tiers": BANDS,
        "mode": "whole",
        "refunds": {"rule": "by_time", "by": "days"},
        "leaving": {"pays": "booked"},
        "negative": {"rule": "instalments", "instalments": 3, "most_share": 0.2},
        "currency_rate": "plan",
    },
    "drawn": {
        "tiers": BANDS,
        "accumulate": "month",
        "draw": {
            "monthly": 180,
            "recovery_from": 3,
            "recovery_share": 0.5,
            "recovery_most": 60,
            "at_exit": "written_off",
        },
        "negative": {"rule": "carry"},
    },
    "drawn on top": {
        "tiers": BANDS,
        "accumulate": "quarter",
        "draw": {"monthly": 100, "recoverable": False, "months": 3, "adds": "on_top"},
    },
    "awards": {
        "tiers": BANDS,
        "awards": [
            {"name": "mentor", "event": "first_deal", "to": ["rep", "mentor"], "amount": 50}
            | {"within_days": 92},
            {"name": "referral", "event": "referral", "channel": "Referral", "amount": 20}
            | {"to": ["rep", "customer_owner"], "per_rep": 60},
            {"name": "research", "event": "best_research", "amount": 30, "at_least": 3},
            {"name": "quick", "event": "fastest_response", "amount": 25, "at_least": 2},
            {"name": "visits", "event": "most_visits", "amount": 15, "at_least": 4},
            {"name": "champion", "event": "by_hand", "amount": 20},
            {"name": "suite", "event": "order", "amount": 12, "product_line": ["Suite"]}
            | {"least_quantity": 3, "starts": "2024-02-01", "in_all": 100},
            {"name": "upgrade", "event": "order", "amount": 9, "kind": ["upgrade"]}
            | {"least_amount": 500, "every": "once", "ends": "2024-05-31"},
        ],
    },
}
BEGINS = {  # table → its day, and since when its rows are kept
    "orders": ("date", "2023-07-01"),
    "opportunities": ("created", "2023-07-01"),
    "leads": ("created", "2023-07-01"),
    "activities": ("date", "2023-09-01"),
}


@cache
def every_plan() -> Book:
    """The company since July 2023, with all plans; two are in force, one after the other."""
    kept = {}
    for name, frame in tables().items():
        day, since = BEGINS.get(name, ("", ""))
        kept[name] = frame[frame[day].astype(str) >= since] if day else frame
    used = ("customers", "orders", "opportunities", "leads", "reps", "targets", "activities")
    used = (*used, "awards", "rates", "deal_splits", "assignments")
    kept["orders"] = kept["orders"].drop(columns="opportunity_id")
    others = {"starts": "2024-01-01", "compare_only": True}
    plans = [others | {"name": name} | plan for name, plan in PLANS.items()]
    settings = {"book": SETTINGS["book"], "segments": SETTINGS["segments"]}
    settings |= {"commission_plans": plans}
    return Book.from_frames(
        month="2024-06", settings=settings, **{name: kept[name] for name in used}
    )
