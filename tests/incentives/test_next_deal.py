"""What one more deal pays, by the engine: bands, caps, quotas and plans of others, by hand."""

from __future__ import annotations

from decimal import Decimal

import pandas as pd
import pytest

from playbook.incentives.plans.next_deal import next_deals
from playbook.pay.history import history
from playbook.pay.total import total_pay
from toy import toy

TIERS = [{"lower": 0, "upper": 1000, "rate": 0.1}, {"lower": 1000, "rate": 0.2}]
ORDERS = [
    {"order_id": "O1", "date": "2023-03-10", "customer_id": "C", "rep_id": "A", "amount": 900},
    {"order_id": "O2", "date": "2023-03-31", "customer_id": "C", "rep_id": "B", "amount": 100},
]


def paid(**plan) -> dict[str, Decimal]:
    plans = [{"name": "p", "starts": "2023-01-01", "tiers": TIERS, **plan}]
    book = toy(month="2023-03", orders=pd.DataFrame(ORDERS), settings={"commission_plans": plans})
    past = history(book)
    current = past.chosen.current
    made = total_pay(past, current, dated=True)
    return next_deals(past, current, made.payrolls, ["A", "B"], Decimal(400))


@pytest.mark.parametrize(
    ("plan", "wanted"),
    [
        ({}, {"A": 70, "B": 40}),  # A: 100 at 10 %, 300 at 20 %
        ({"mode": "whole"}, {"A": 170, "B": 40}),  # 1,300 at 20 % less 90: the re-rate is pay too
        ({"cap": 100}, {"A": 10, "B": 40}),
        ({"basis": "cash"}, {"A": 40, "B": 40}),  # nothing was paid for yet
        ({"reps": ["A"]}, {"A": 70, "B": 0}),
        (
            {
                "quota": 1000,
                "attainment": {"target_pay": 50, "levels": [{"at": 1, "pays": 1}]},
            },
            {"A": 120, "B": 40},
        ),
    ],
)
def test_one_more_deal_pays_what_the_engine_would(plan, wanted):
    assert paid(**plan) == wanted


def test_without_a_deal_or_people_nothing_is_tried():
    assert next_deals(None, None, (), [], Decimal(1)) == {}  # type: ignore[arg-type]
    assert next_deals(None, None, (), ["A"], Decimal(0)) == {}  # type: ignore[arg-type]


def test_a_manager_without_quota_and_sales_is_asked_for_no_next_deal():
    """B reaches 500 of 1,000 with the deal: at 5 % of 400. The manager earns on it without one."""
    tiers = [{"lower": 0, "upper": 1.0, "rate": 0.05}, {"lower": 1.0, "rate": 0.1}]
    one = {
        "name": "p",
        "starts": "2023-01-01",
        "tiers_of": "quota",
        "tiers": tiers,
        "quotas": {"A": 1000, "B": 1000},
        "manager_rate": 0.01,
    }
    people = [{"rep_id": "M"}, {"rep_id": "A", "manager_id": "M"}, {"rep_id": "B"}]
    book = toy(month="2023-03", orders=ORDERS, reps=people, settings={"commission_plans": [one]})
    past = history(book)
    made = total_pay(past, past.chosen.current, dated=True)
    found = next_deals(past, past.chosen.current, made.payrolls, ["A", "B", "M"], Decimal(400))
    assert found == {"A": Decimal(35), "B": Decimal(20)}  # A: 100 at 5 %, 300 at 10 %
    assert next_deals(past, past.chosen.current, made.payrolls, ["M"], Decimal(400)) == {}
