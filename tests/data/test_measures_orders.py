"""An order is a distinct order_id; lines, refunds and reused numbers, by hand."""

from datetime import date

import pytest

from playbook.base.periods import Month
from playbook.data.measures import performance, sales
from playbook.data.measures.order_ids import keyed, orders_by_month, reused, several_lines
from toy import toy

LINES = """
    order_id date       customer_id amount product_line kind
    O1       2023-12-05 C1          100    A            .
    O1       2023-12-05 C1          101    B            .
    O2       2023-12-06 C2          150    A            .
    O2       2023-12-06 C2          51     A            .
    O3       2023-11-30 C3          100    A            .
    O3       2023-12-01 C3          101    B            .
    R1       2023-12-07 C1          -10    A            refund
"""


def test_orders_are_counted_not_lines_and_refunds_are_none():
    book = toy(month="2023-12", orders=LINES)
    assert several_lines(book) and reused(book).empty
    for frame in (sales.monthly(book), performance.sales_by_month(book)):
        assert frame.orders.tolist() == [1, 3]  # O3 has a line in either month
        assert [float(a) for a in frame.amount] == [100, 493]
    by_line = sales.monthly(book, ["product_line"]).set_index(["month", "product_line"]).orders
    assert by_line.to_dict() == {
        (Month(2023, 11), "A"): 1,
        (Month(2023, 12), "A"): 2,
        (Month(2023, 12), "B"): 2,  # O3 bought A in November and B in December
    }


def test_average_order_is_net_amount_by_orders():
    """Three orders of three lines each, 67 a line: 603 in the month, 201 an order."""
    rows = [
        {"order_id": f"O{i}", "date": date(2023, 12, 5 + i), "customer_id": "C", "amount": 67}
        for i in range(3)
        for _ in range(3)
    ]
    row = performance.sales_by_month(toy(month="2023-12", orders=rows)).iloc[0]
    assert (row.amount, row.orders, row.amount / row.orders) == (603, 3, 201)


def test_a_reused_number_is_an_order_of_each_customer_and_time():
    book = toy(
        month="2023-12",
        orders="""
            order_id date       customer_id amount
            1        2022-01-05 C1          100
            1        2023-12-05 C1          100
            1        2023-12-06 C2          150
            2        2023-12-06 C2          150
            2        2023-12-07 C2          20
        """,
    )
    assert reused(book).to_dict("records") == [{"order_id": "1", "customers": 2, "orders": 3}]
    assert sales.monthly(book).orders.tolist() == [1, 3]
    rows = keyed(book, sales.order_rows(book))
    assert sales.distinct_orders(rows)["orders"].iloc[0] == 4
    assert sales.distinct_orders(sales.order_rows(book))["orders"].iloc[0] == 2


@pytest.mark.parametrize("ids", [("O1", "O2", "O3"), ("O3", "O1", "O2")])
def test_unique_numbers_in_any_order_are_one_order_a_row(ids):
    text = "order_id,date,customer_id,amount\n" + "\n".join(
        f"{name},2023-12-0{i + 1},C1,{10 * i}" for i, name in enumerate(ids)
    )
    book = toy(month="2023-12", orders=text)
    assert not several_lines(book)
    assert sales.monthly(book).orders.tolist() == [3]  # a free order is an order
    assert performance.sales_by_month(book).orders.tolist() == [3]
    assert orders_by_month(book, sales.order_rows(book)).orders.tolist() == [3]
