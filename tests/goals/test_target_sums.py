"""Targets given by region and product line only: the company's, each region's and each line's are
their sums, by hand.
"""

import pytest
from toy_books import toy

from playbook import funnel, goals

ORDERS = """order_id,date,customer_id,amount,region,product_line
    1,2022-01-10,a,50,East,Core
    2,2023-01-10,a,60,East,Core
    3,2023-01-11,b,30,West,Core
    4,2023-01-12,c,25,West,Cloud"""
CELLS = """period,metric,target,region,product_line
    2023-01,sales,50,East,Core
    2023-01,sales,10,East,Cloud
    2023-01,sales,40,West,Core
    2023-01,sales,20,West,Cloud
    2023-01,new_customers,3,East,Core
    2023-01,win_rate.narrow,0.3,East,Core
    2023-01,win_rate.narrow,0.5,West,Core"""
BY_HAND = {(): 120, ("East",): 60, ("West",): 60, ("Core",): 90, ("Cloud",): 30}
ACTUAL = {(): 115, ("East",): 60, ("West",): 55, ("Core",): 90, ("Cloud",): 25}


@pytest.fixture
def book():
    return toy("2023-01", orders=ORDERS, targets=CELLS)


def values(result, name):
    return {
        tuple((k.by or {}).values()): k.value
        for k in result.kpis()
        if k.name == name
        and k.window == "month"
        and len(k.by or {}) < 2
        and "metric" not in (k.by or {})
    }


def test_the_company_and_its_parts_are_tracked_against_the_sums(book):
    tracking = goals.tracking(book)
    assert values(tracking, "target") == BY_HAND
    assert values(tracking, "completion") == {
        who: pytest.approx(ACTUAL[who] / BY_HAND[who]) for who in BY_HAND
    }


def test_rates_and_new_customers_are_never_summed(book):
    summed = [
        dict(k.by or {})
        for k in goals.tracking(book).kpis()
        if k.name == "target" and "metric" in (k.by or {}) and len(k.by) < 3
    ]
    assert summed == []


def test_the_gap_is_that_of_the_sums(book):
    gap = funnel.gap(book)
    assert gap.size == -5
    assert {who: value for who, value in values(gap, "gap").items() if who in BY_HAND} == {
        who: ACTUAL[who] - BY_HAND[who] for who in BY_HAND
    }


def test_a_target_of_the_company_is_left_as_it_is():
    book = toy("2023-01", orders=ORDERS, targets=CELLS + "\n    2023-01,sales,200,,")
    assert values(goals.tracking(book), "target") == BY_HAND | {(): 200}
    assert funnel.gap(book).size == -85


def test_a_year_that_is_over_says_so_and_not_that_targets_are_missing():
    orders = "order_id,date,customer_id,amount\n" + "\n".join(
        f"{m},2023-{m:02d}-10,a,100" for m in range(1, 13)
    )
    over = goals.adjustment(
        toy("2023-12", orders=orders, targets="period,metric,target\n2023,sales,1000")
    )
    assert over.reason == "the fiscal year is over; 2024 has not begun"
    none = goals.adjustment(
        toy("2023-06", orders=orders, targets="period,metric,target\n2023,orders,10")
    )
    assert "targets hold no sales target for the whole of 2023" in none.reason
