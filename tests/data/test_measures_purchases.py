"""Purchases count orders, not lines."""

from __future__ import annotations

from playbook.data.measures import purchases
from playbook.data.measures.order_ids import on_first_day
from toy import toy

LINES = """
    order_id date       customer_id amount
    O1       2023-01-30 C1          100
    O1       2023-02-02 C1          50
    O2       2023-03-10 C1          80
    O2       2023-03-10 C2          40
    O3       2023-03-31 C3          10
"""


def test_an_order_delivered_in_two_parts_is_one_purchase_on_its_first_day():
    book = toy(orders=LINES, month="2023-03")
    found = purchases.purchases(on_first_day(book), book.as_of).set_index("customer_id")
    assert found["days"].to_dict() == {"C1": 2, "C2": 1, "C3": 1}
    assert found.loc["C1", "value"] == 230 and found.loc["C1", "first_value"] == 150
    assert str(found.loc["C1", "first"].date()) == "2023-01-30"


def test_such_an_order_makes_its_customer_active_in_one_month():
    book = toy(orders=LINES, month="2023-03")
    months = purchases.monthly(on_first_day(book), book.as_of)
    active = months[(months["customer_id"] == "C1") & (months["rows"] > 0)]
    assert [str(m)[:7] for m in active["month"]] == ["2023-01", "2023-03"]


def test_a_number_used_by_two_customers_is_two_purchases():
    book = toy(orders=LINES, month="2023-03")
    months = purchases.monthly(on_first_day(book), book.as_of)
    assert len(months[(months["customer_id"] == "C2") & (months["rows"] > 0)]) == 1
