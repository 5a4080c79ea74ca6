"""Contact data that stand in free text leave the book only when the settings allow it."""

from __future__ import annotations

import pytest

from toy import toy

TABLES = {
    "orders": "order_id,date,customer_id,amount,channel\n"
    "13912345678,2023-03-05,13800138000,5,web\n",
    "customers": "customer_id,name\n13800138000,Li 138-0013-8000\n",
    "activities": "activity_id,date,rep_id,kind,summary,next_action\n"
    "A1,2023-03-06,R1,call,asked for li@example.com,ring 010-62345678 on 2023-04-01\n",
}


@pytest.mark.parametrize("show", [False, True])
def test_free_text_is_masked_and_ids_are_not(show):
    book = toy(settings={"privacy": {"show_personal": show}}, **TABLES)
    order = book.relation("orders").project("order_id, customer_id, channel").fetchall()
    assert order == [("13912345678", "13800138000", "web")]
    name = book.relation("customers").project("customer_id, name").fetchall()
    assert name == [("13800138000", "Li 138-0013-8000" if show else "Li [phone]")]
    notes = book.relation("activities").project("summary, next_action").fetchall()
    assert notes == [
        ("asked for li@example.com", "ring 010-62345678 on 2023-04-01")
        if show
        else ("asked for [e-mail]", "ring [phone] on 2023-04-01")
    ]
