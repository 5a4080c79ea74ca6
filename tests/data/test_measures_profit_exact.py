"""Margins by hand: measured where every order has a cost, filled where one has none, assumed where
nothing was sold on balance.
"""

import pytest

from playbook.data.measures.profit import margins
from toy import toy


def book(*rows: str):
    head = "order_id,date,customer_id,amount,cost,channel\n"
    return toy(orders=head + "\n".join(rows), month="2023-03", settings={"funnel": {"margin": 0.4}})


def test_margins_are_measured_where_every_order_has_a_cost():
    found = margins(book("O1,2023-03-01,A,100,60,Web", "O2,2023-03-02,B,300,240,Fair"))
    assert found.basis == "measured"
    assert found.book == pytest.approx(1 - 300 / 400)
    assert found.channel == pytest.approx({"Web": 0.4, "Fair": 0.2})


def test_one_order_without_a_cost_takes_the_margin_of_the_others():
    found = margins(book("O1,2023-03-01,A,100,60,Web", "O2,2023-03-02,B,300,,Fair"))
    assert found.basis == "filled"
    assert found.book == pytest.approx(0.4)
    assert found.channel == pytest.approx({"Web": 0.4})


def test_where_refunds_take_everything_back_the_margin_is_the_assumed_one():
    rows = ["O1,2023-03-01,A,100,60,Web", "O2,2023-03-02,A,-100,-60,Web"]
    assert margins(book(*rows)).basis == "assumed" and margins(book(*rows)).book == 0.4
    found = margins(book(rows[0], "O2,2023-03-02,A,-99.5,-60,Web"))
    assert found.basis == "measured" and found.book == pytest.approx(1.0), "0.50 net at no cost"
