"""Orders in one file, their lines in another: lines are read with what the orders say of each."""

from __future__ import annotations

import tomllib
from datetime import date

import pandas as pd
import pytest

from playbook.data.book import Book
from playbook.intake.proposal import propose

N = 12
HEADS = pd.DataFrame(
    {
        "Order ID": [f"A{i:02d}" for i in range(N)],
        "Order Date": [f"2023-01-{i + 5:02d}" for i in range(N)],
        "Customer": [f"C{i % 4}" for i in range(N)],
        "Salesperson": [f"P{i % 3}" for i in range(N)],
        "Amount": [100 + i for i in range(N)],
    }
)
LINES = pd.DataFrame(
    {
        "Order ID": [f"A{i // 2:02d}" for i in range(2 * N)],
        "Product": ["Mug", "Shirt"] * N,
        "Quantity": [1, 2] * N,
        "Line Total": [60 if i % 2 == 0 else 40 + i // 2 for i in range(2 * N)],
    }
)


def proposed(folder, heads=HEADS, lines=LINES):
    heads.to_csv(folder / "orders.csv", index=False)
    lines.to_csv(folder / "order items.csv", index=False)
    proposal = propose([folder], folder)
    (folder / "playbook.toml").write_text(proposal.text, encoding="utf-8")
    return tomllib.loads(proposal.text)


def test_lines_are_read_with_the_day_and_the_customer_of_their_order(tmp_path):
    read = proposed(tmp_path)
    columns = read["tables"]["orders"]["columns"]
    assert columns["amount"] == "Line Total" and columns["product_line"] == "Product"
    looked_up = {"look_up": "orders_file", "by": "Order ID", "key": "Order ID"}
    assert columns["date"] == {**looked_up, "give": "Order Date"}
    assert set(read["sources"]) == {"orders_file", "order_items"}
    orders = Book.open(tmp_path).at(date(2023, 1, 31)).relation("orders").df()
    assert len(orders) == 24 and orders.order_id.nunique() == N
    assert orders.amount.sum() == sum(range(100, 112))
    first = orders[orders.order_id == "A03"]
    assert set(first.customer_id) == {"C3"} and str(first.date.iloc[0])[:10] == "2023-01-08"
    assert orders.groupby("product_line").amount.sum().to_dict() == {"Mug": 720, "Shirt": 546}


@pytest.mark.parametrize(
    "lines",
    [
        LINES.assign(**{"Line Total": 1}),  # they do not add up to their orders
        LINES.assign(**{"Order ID": [f"B{i // 2:02d}" for i in range(2 * N)]}),  # of other orders
        LINES.drop(columns=["Line Total"]),  # no worth of their own
        LINES.iloc[: 2 * N // 2],  # half of the orders have no lines
    ],
)
def test_other_lines_leave_the_orders_as_they_are(tmp_path, lines):
    columns = proposed(tmp_path, lines=lines)["tables"]["orders"]["columns"]
    assert columns["amount"] == "Amount" and columns["date"] == "Order Date"
