"""A plan that has always held pays the same as if it had: one result serves both."""

from __future__ import annotations

import pandas as pd
import pytest

from playbook.data.book import Book
from playbook.pay import total
from playbook.pay.history import history

ORDERS = pd.DataFrame(
    [
        ("O1", "2023-01-31", "C1", "R1", "900"),
        ("O2", "2023-02-10", "C2", "R1", "300"),
        ("O2", "2023-02-28", "C2", "R1", "-300"),
        ("O1", "2023-04-30", "C1", "R1", "-100"),
        ("O3", "2023-04-30", "C2", "R2", "50.05"),
    ],
    columns=["order_id", "date", "customer_id", "rep_id", "amount"],
)
TIERS = [{"lower": 0, "upper": 1000, "rate": 0.1}, {"lower": 1000, "rate": 0.2}]


def past_of(**plan):
    given = {"name": "tiers", "accumulate": "quarter", "tiers": TIERS, **plan}
    return history(Book.from_frames(orders=ORDERS, settings={"commission_plans": [given]}))


def test_one_result_serves_both_ways_and_is_what_each_gives_alone():
    past = past_of(starts="2023-01-01")
    plan = past.chosen.current
    assert total._all_along(past, plan)
    dated = total._total_pay(past, plan, True)
    undated = total._total_pay(past, plan, False)
    assert dated.lines.equals(undated.lines) and dated.notes == undated.notes
    assert dated.lines["pay"].sum() == 8_000 + 500
    assert total.total_pay(past, plan, dated=True) is total.total_pay(past, plan)


@pytest.mark.parametrize(
    "plan",
    [
        {"starts": "2023-01-02"},  # within the first quarter
        {"starts": "2023-01-01", "ends": "2023-12-31"},
        {"starts": "2023-01-01", "accumulate": "deal"},
        {"starts": "2023-01-01", "floor": 10},
        {"starts": "2023-01-01", "roles": ["sales"]},
    ],
)
def test_a_plan_whose_days_may_decide_something_is_paid_both_ways(plan):
    past = past_of(**plan)
    assert not total._all_along(past, past.chosen.current)
