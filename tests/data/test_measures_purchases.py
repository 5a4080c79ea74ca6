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


def active_months(book, customer):
    orders = on_first_day(book).filter(nw.col("customer_id") == customer)
    found = purchases.cohort_counts(orders, book.as_of, "1mo")
    return [str(m)[:7] for m in found["period"]]


def test_such_an_order_makes_its_customer_active_in_one_month():
    assert active_months(toy(orders=LINES, month="2023-03"), "C1") == ["2023-01", "2023-03"]


def test_a_number_used_by_two_customers_is_two_purchases():
    assert len(active_months(toy(orders=LINES, month="2023-03"), "C2")) == 1


def test_who_was_a_customer_a_month_before_the_first_order_here_is_no_newcomer():
    since = ["2023-01-28", "2023-01-29", "2023-03-20", "2024-01-01", None]
    ids = [f"C{n}" for n in range(len(since))]
    made = toy(
        orders=[
            {"order_id": f"S{c}", "customer_id": c, "date": "2023-03-20", "amount": 10} for c in ids
        ],
        customers=[{"customer_id": c, "since": day} for c, day in zip(ids, since, strict=True)],
        month="2023-03",
    )
    listed = made.table("customers")
    found = nw.to_native(purchases.newcomers(made.table("orders"), made.as_of, listed)).df()
    # 31 days before 1 March; whose day is not known may be new
    assert sorted(found["customer_id"]) == ["C1", "C2", "C3", "C4"]
    month = purchases.first_month(made.table("orders"), made.as_of, listed)
    assert month == pd.Timestamp("2023-03-01")


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
