"""Plans put together by lot of every feature of pay, over companies drawn by lot: every line, piece
and word of theirs stays as it was, as one checksum a plan.

Which features meet is nobody's choice, so that what one does at another's edge is held too; what is
right is shown elsewhere, by hand and against the reference in fractions. ``DRAWN_TEXTS`` names a
folder that the texts behind the checksums are written to.
"""

from __future__ import annotations

import os
import zlib
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import pandas as pd
import pytest
from pydantic import ValidationError

from drawn_company import STAGES, drawn_tables
from playbook.base.errors import PlaybookError
from playbook.base.settings.plans import CommissionPlan
from playbook.data.book import Book
from playbook.incentives.plans.statement_lines import statement_lines
from playbook.pay.history import history
from playbook.pay.total import total_pay
from reviewed import compare

PLANS, COMPANIES = 10, 6  # of each company
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
PAID_FROM = ("orders", "reps", "customers", "opportunities", "leads", "contracts", "activities")
PAID_FROM += ("awards", "rates", "assignments", "deal_splits", "payments", "pay_adjustments")


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


@cache
def company(number: int) -> dict[str, pd.DataFrame]:
    """Tables of the first companies drawn that have people, orders and what rates go by."""
    found, seed = [], 100
    while len(found) <= number:
        seed += 1
        tables = drawn_tables(Random(seed))
        if {"orders", "reps", "customers"} <= set(tables) and "rep_id" in tables["orders"]:
            kept = {name: rows for name, rows in tables.items() if name in PAID_FROM}
            found.append({n: t.drop(columns="segment", errors="ignore") for n, t in kept.items()})
    return found[number]


def book_of(number: int) -> Book:
    """A company with plans of which none is in force."""
    rng = Random(1000 + number)
    plans = [valid(rng) | {"name": f"plan {n}", "compare_only": True} for n in range(PLANS)]
    return Book.from_frames(
        month=rng.choice(["2023-09", "2023-08", "2023-06"]),
        settings={
            "book": {"name": "drawn", "currency": "EUR", "stages": STAGES},
            "commission_plans": plans,
        },
        **company(number),
    )


def told(book: Book, plan: str) -> str:
    """Totals a person and item, then every line of the year and how it came about."""
    try:
        past = history(book, plan)
        made = total_pay(past, past.chosen.current, dated=True)
    except PlaybookError as refused:
        return f"refused: {refused}"
    lines = made.lines.assign(month=made.lines["date"].dt.strftime("%Y-%m"))
    sums = lines.groupby(["rep_id", "item", "component", "month"], sort=True)
    found = [
        f"{' '.join(map(str, key))}: {len(part)}, {part['amount'].sum() / 10_000:g} →"
        f" {part['pay'].sum() / 100:g}, bound {sorted(set(part['bound'].astype(str)))}"
        for key, part in sums
    ]
    words = statement_lines(past, made, past.chosen.current, book.window("year_to_date"))
    found += [
        f"{row.rep_id} {row.date} {row.pay} {row.how} {row.pieces} {row.other} {row.quota}"
        for row in words.itertuples(index=False)
    ]
    return "\n".join([*found, *made.notes])


@pytest.mark.parametrize("number", range(COMPANIES))
def test_every_line_of_drawn_plans(request, number):
    book, found = book_of(number), []
    for plan in book.settings.commission_plans:
        text = told(book, plan.name)
        if folder := os.environ.get("DRAWN_TEXTS"):
            Path(folder).mkdir(parents=True, exist_ok=True)
            (Path(folder) / f"{number} {plan.name}.txt").write_text(text, encoding="utf-8")
        found.append(f"{zlib.crc32(text.encode()):08x} {plan.name}: {len(text.splitlines())} lines")
    compare("\n".join(found) + "\n", f"drawn/plans-{number}", request)


def paid(plan: dict[str, Any]) -> pd.DataFrame:
    """Lines of pay under a plan in the first company."""
    book = Book.from_frames(
        month="2023-09",
        settings={
            "book": {"name": "drawn", "currency": "EUR", "stages": STAGES},
            "commission_plans": [plan | {"name": "one"}],
        },
        **company(0),
    )
    past = history(book, "one")
    return total_pay(past, past.chosen.current, dated=True).lines


def test_a_plan_without_bands_has_no_rate_at_which_a_refund_is_taken_back():
    """All of it is pay for the quota, which is worked out anew whatever the rule."""
    plan = {"starts": "2022-01-01", "accumulate": "quarter", "quota": 900}
    plan |= {"attainment": {"target_pay": 90, "levels": LEVELS}}
    plain, at_rate = (paid(plan | {"refunds": {"rule": r}}) for r in ("recompute", "original_rate"))
    assert plain["pay"].sum() > 0 and (plain["amount"] < 0).any()
    pd.testing.assert_frame_equal(at_rate, plain)


def test_a_years_cap_of_a_plan_that_nothing_was_sold_under_yet():
    plan = {"starts": "2023-10-01", "tiers": BANDS, "cap_year": 300}
    assert paid(plan).empty
