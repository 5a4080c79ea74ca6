"""Won deals stand in for orders in a book that has none, worked by hand."""

from datetime import date
from decimal import Decimal

import pandas as pd

from playbook.data.book import Book
from playbook.data.measures import sales

DEALS = pd.DataFrame(
    {
        "opportunity_id": ["D1", "D2", "D3", "D4", "D5"],
        "created": ["2023-01-02"] * 5,
        "closed": ["2023-01-20", "2023-02-03", "2023-02-10", None, "2023-02-11"],
        "outcome": ["won", "won", "lost", "open", "won"],
        "stage": ["won", "won", "lost", "lead", "won"],
        "amount": [100, 250, None, None, None],
        "customer_id": ["A", "B", "A", "B", "C"],
        "rep_id": ["R1", "R2", "R1", "R1", "R2"],
        "region": ["East", "West", "East", "East", "West"],
    }
)


def test_a_won_deal_with_amount_and_day_is_one_order():
    book = Book.from_frames(opportunities=DEALS, month="2023-02")
    rows = book.table("orders").collect().to_pandas().sort_values("order_id")
    assert list(rows.order_id) == ["D1", "D2"]  # lost, open and without an amount: no sale
    assert list(rows.date) == [date(2023, 1, 20), date(2023, 2, 3)]
    assert list(rows.amount) == [Decimal("100.0000"), Decimal("250.0000")]
    assert list(rows.customer_id) == ["A", "B"] and list(rows.rep_id) == ["R1", "R2"]
    assert [float(x) for x in sales.monthly(book).amount] == [100.0, 250.0]


def test_an_earlier_day_knows_only_what_was_won_by_then():
    book = Book.from_frames(opportunities=DEALS, month="2023-01")
    assert list(book.table("orders").collect().to_pandas().order_id) == ["D1"]


def test_the_page_says_so_and_the_table_is_not_listed_as_given():
    book = Book.from_frames(opportunities=DEALS, month="2023-02")
    found = [warning.found for warning in book.warnings if warning.table == "orders"]
    assert found == ["no orders: won deals with an amount and a closing day stand in for them"]
    assert [table.name for table in book.facts().tables] == ["opportunities"]
    assert "orders" in book.facts().missing


def test_orders_that_are_given_stay_what_they_are():
    orders = pd.DataFrame(
        {"order_id": ["O1"], "date": ["2023-02-01"], "customer_id": ["Z"], "amount": [7]}
    )
    book = Book.from_frames(opportunities=DEALS, orders=orders, month="2023-02")
    assert list(book.table("orders").collect().to_pandas().order_id) == ["O1"]


def test_deals_without_any_amount_make_no_orders():
    book = Book.from_frames(opportunities=DEALS.drop(columns="amount"), month="2023-02")
    assert not book.has("orders")
