"""Relationship plan: visits promised and made."""

from datetime import date

import pytest
from small_books import book, order

from playbook import segments


def test_relationship_plan_compares_promise_and_visits():
    rows = [
        order("vip", "2023-01-05", 600_000, 1),
        order("key", "2023-01-05", 200_000, 2),
        order("vip", "2022-01-05", 600_000, 3),
        order("lost", "2022-01-05", 600_000, 4),
    ]
    log = [
        {
            "activity_id": "v",
            "date": "2023-06-20",
            "rep_id": "r",
            "kind": "visit",
            "customer_id": "vip",
        }
    ]
    care = [{"customer_id": "vip", "action": "survey", "satisfaction": 90}]
    covers = "[book]\nname = 'toy'\ncovers.orders = [2021-07-01]\n"
    result = segments.relationship(
        book("2023-06", toml=covers, orders=rows, activities=log, care_plan=care)
    )
    plan = result.plan.set_index("customer_id")
    assert plan.loc["vip", ["promised", "made"]].tolist() == [4, 1] and plan.loc[
        "vip", "next"
    ] == date(2023, 9, 19)
    assert plan.loc["key", "next"] < date(2023, 7, 10)
    tiers = result.table.set_index("tier")
    assert (
        tiers.loc["VIP", "repurchase"] == 0.5
        and tiers.loc["VIP", "satisfaction"] == 90
        and plan.loc["vip", ["respond", "solve"]].tolist() == [2, 24]
    )
    assert tiers.loc[
        "VIP", ["repurchase_gap", "satisfaction_gap", "visited"]
    ].tolist() == pytest.approx([-0.4, -5, 0])


def test_relationship_plan_without_a_single_visit():
    rows = [order("vip", "2023-01-05", 600_000, 1)]
    log = [
        {
            "activity_id": "c",
            "date": "2023-06-20",
            "rep_id": "r",
            "kind": "call",
            "customer_id": "vip",
        }
    ]
    plan = segments.relationship(book("2023-06", orders=rows, activities=log)).plan.set_index(
        "customer_id"
    )
    assert (
        plan.loc["vip", ["promised", "made"]].tolist() == [4, 0] and plan["last_visit"].isna().all()
    )
