"""Purchases count orders, not lines."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

import duckdb
import narwhals as nw
import pandas as pd
import pytest

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


DAYS = [date(2023, 3, 31), date(2023, 3, 10), date(2023, 1, 31), date(2023, 1, 29)]


def test_histories_to_several_days_are_those_of_each_day_alone():
    orders = on_first_day(toy(orders=LINES, month="2023-03"))
    found = purchases.histories(orders, DAYS)
    assert list(found) == DAYS and [len(found[day]) for day in DAYS] == [3, 2, 1, 0]
    for day in DAYS:
        pd.testing.assert_frame_equal(found[day], purchases.purchases(orders, day))
    assert found[DAYS[1]].set_index("customer_id").loc["C1", "value"] == 230
    assert purchases.first_purchase(orders, DAYS[0]) == date(2023, 1, 30)
    assert purchases.first_purchase(orders, DAYS[3]) is None


@pytest.mark.parametrize("joined", [False, True])
def test_the_first_days_amount_is_the_same_where_an_engine_has_to_join_for_it(joined, monkeypatch):
    orders = on_first_day(toy(orders=LINES, month="2023-03"))
    if joined:
        monkeypatch.setattr(purchases, "duckdb", SimpleNamespace(DuckDBPyRelation=int))
        monkeypatch.setattr(nw.Expr, "first", None)
    else:
        monkeypatch.setattr(duckdb.DuckDBPyRelation, "join", None)
    found = purchases.purchases(orders, DAYS[0]).set_index("customer_id")
    assert found["first_value"].to_dict() == {"C1": 150, "C2": 40, "C3": 10}
    assert found["squares"].to_dict() == {"C1": 150**2 + 80**2, "C2": 40**2, "C3": 10**2}
