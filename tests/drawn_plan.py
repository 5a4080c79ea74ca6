"""Plans of pay put together by lot of every feature there is."""

from __future__ import annotations

from random import Random
from typing import Any

from pydantic import ValidationError

from playbook.base.settings.plans import CommissionPlan

BANDS = [
    {"lower": 0, "upper": 500, "rate": 0.05},
    {"lower": 500, "upper": 1500, "rate": 0.08},
    {"lower": 1500, "rate": 0.12},
]
OF_QUOTA = [
    {"lower": 0, "upper": 0.5, "rate": 0.04},
    {"lower": 0.5, "upper": 1.0, "rate": 0.06, "retroactive": True},
    {"lower": 1.0, "rate": 0.1},
]
PAID = [{"lower": 0, "upper": 1000, "pays": 60}, {"lower": 1000, "rate": 0.09}]
LEVELS = [{"at": 0.5, "pays": 0.4}, {"at": 0.8, "pays": 0.7}, {"at": 1.0, "pays": 1.0}]
SALES = {"name": "sales", "weight": 0.5}
MARGIN = {"name": "margin", "of": "gross_margin", "weight": 0.3, "quota": 400}
LOGOS = {"name": "customers", "of": "new_logos", "weight": 0.2, "quota": 2}
MATRIX = {
    "rows": "sales",
    "columns": "margin",
    "rows_at": [0.5, 0.8, 1.0],
    "columns_at": [0.5, 1.0],
    "pays": [[0.2, 0.4], [0.5, 0.8], [0.9, 1.2]],
}
LEAVE = {"rep": "R4", "starts": "2023-05-01", "ends": "2023-05-31", "reason": "leave"}
# One of each list is drawn, or none where a list has an empty one; {} is drawn as often as the rest
# together.
FEATURES: list[list[dict[str, Any]]] = [
    [{"accumulate": "month"}, {"accumulate": "quarter"}, {"accumulate": "year"}],
    [{}, {}, {"accumulate": "deal", "deal_cap": 60, "deal_floor": 6}],
    [{}, {"mode": "whole"}],
    [{}, {"basis": "cash"}, {"booking_share": 0.4}],
    [{}, {"cap": 120}, {"cap": 100, "excess": "later"}, {"cap_year": 300}],
    [{}, {}, {"floor": 40}, {"threshold": 0.4}, {"threshold": 0.5, "threshold_from": "excess"}],
    [{}, {"starts": "2023-02-15"}, {"starts": "2023-05-10", "prorate_by": "months"}]
    + [{"starts": "2023-02-15", "change": "carry"}, {"prorate": False, "starts": "2023-08-20"}],
    [
        {},
        {"splits": [{"to": "order", "share": 0.7}, {"to": "customer", "share": 0.3}]},
        {"splits": [{"to": who, "share": "1/3"} for who in ("order", "deal", "lead")]},
    ],
    [{}, {"manager_rate": 0.01}, {"manager_rate": 0.02, "manager_rates": [0.01]}],
    [
        {},
        {"rules": [{"name": "again", "kind": ["renewal"], "rate": 0.03, "counts": False}]},
        {"rules": [{"name": "large", "customer_type": ["large"], "times": 1.5}]},
        {"rules": [{"name": "big", "least_amount": 800, "points": 0.01}]},
        {"rules": [{"name": "web", "channel": ["Web"], "times": 0.5, "starts": "2023-03-01"}]},
    ],
    [{}, {"modifier": [{"at": 0, "times": 0.9}, {"at": 0.6, "times": 1.1}]}],
    [
        {},
        {},
        {"refunds": {"rule": "original_rate", "window_days": 30}},
        {"refunds": {"rule": "by_time", "by": "days"}},
        {"refunds": {"rule": "by_time", "by": "months"}},
    ],
    [{}, {"leaving": {"pays": "booked"}}]
    + [{"leaving": {"pays": "within_days", "days": 30, "share": 0.5}}],
    [
        {},
        {"negative": {"rule": "carry"}},
        {"negative": {"rule": "instalments", "instalments": 3, "most_share": 0.2}},
    ],
    [
        {},
        {},
        {"draw": {"monthly": 40, "recovery_from": 2, "recovery_share": 0.5}},
        {"draw": {"monthly": 30, "recovery_most": 10, "at_exit": "written_off"}},
        {"draw": {"monthly": 25, "recoverable": False, "months": 6, "adds": "on_top"}},
    ],
    [
        {},
        {},
        {"attainment": {"target_pay": 90, "levels": LEVELS, "between": "interpolated", "above": 2}},
        {"attainment": {"target_pay": 90, "levels": LEVELS, "presence": "pro_rata"}},
        {
            "attainment": {
                "target_pay": 100,
                "levels": LEVELS,
                "presence": "at_end",
                "measures": [SALES, MARGIN | {"gate": {"measure": "sales", "at": 0.5}}, LOGOS],
            }
        },
        {
            "attainment": {
                "target_pay": 80,
                "measures": [SALES | {"weight": 0.6}, MARGIN | {"weight": 0.4}],
                "matrix": MATRIX,
            }
        },
    ],
    [{}, {"ramp": [0.25, 0.5]}, {"ramp": [0.5, 0.75, 1.0], "ramp_first": "days"}],
    [{}, {"quota_from": [{"starts": "2023-04-16", "quota": 1400, "reps": ["R2"]}]}]
    + [{"relief": [LEAVE]}],
    [
        {},
        {},
        {"awards": [{"name": "1st", "event": "first_deal", "to": ["rep", "mentor"], "amount": 5}]},
        {
            "awards": [
                {"name": "suite", "event": "order", "amount": 7, "product_line": ["Suite"]}
                | {"per_rep": 17, "in_all": 60},
                {"name": "large", "event": "order", "amount": 9, "least_amount": 1000}
                | {"every": "once", "starts": "2022-03-01", "ends": "2023-06-30"},
            ]
        },
        {
            "awards": [
                {"name": "referral", "event": "referral", "channel": "Referral", "amount": 4}
                | {"to": ["rep", "customer_owner"], "per_rep": 9},
                {"name": "visits", "event": "most_visits", "amount": 6, "at_least": 1},
                {"name": "quick", "event": "fastest_response", "amount": 3, "at_least": 1},
            ]
        },
    ],
]  # fmt: skip

OF_PERIODS = ("quota", "threshold", "threshold_from", "attainment", "tiers_of", "excess", "mode")
OF_PERIODS += ("quota_from", "relief", "ramp", "ramp_first")


def drawn_plan(rng: Random) -> dict[str, Any]:
    made: dict[str, Any] = {"name": "drawn", "starts": "2022-01-01", "quota": 1200}
    made["tiers"] = rng.choice([BANDS, BANDS, PAID])
    if rng.random() < 0.3:
        made |= {"tiers": OF_QUOTA, "tiers_of": "quota"}
    for choices in FEATURES:
        made |= rng.choice(choices)
    if made["accumulate"] == "deal":  # which knows no quota, no later period and no reaching back
        made = {name: value for name, value in made.items() if name not in OF_PERIODS}
        made["tiers"] = BANDS
    elif made.get("attainment") and rng.random() < 0.5:
        made["tiers"] = []
    if made.get("tiers_of") == "quota":
        made.pop("change", None)
    return made


def valid(rng: Random) -> dict[str, Any]:
    """The next plan drawn that is none of those which contradict themselves."""
    while True:
        made = drawn_plan(rng)
        try:
            CommissionPlan.model_validate(made)
        except ValidationError:
            continue
        return made
