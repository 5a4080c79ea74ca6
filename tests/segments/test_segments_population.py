"""Customers as known on earlier days."""

from datetime import date

import pandas as pd
import pytest
from small_books import book, order

from playbook import segments
from playbook.data.measures import customer_list, customers
from playbook.data.measures.order_ids import several_lines
from playbook.segments.population import population


def test_one_pass_knows_each_earlier_day_as_a_book_of_that_day_would():
    # c bought after the earlier day, d only sent something back by then, e ordered on its last day;
    # an order lies outside the earlier window
    rows = [
        order("a", "2021-05-31", 5, 1),
        order("a", "2023-06-24", 7, 2),
        order("b", "2022-06-15", 9, 3),
        order("c", "2023-06-10", 11, 4),
        order("d", "2023-05-20", -3, 5, kind="refund"),
        order("d", "2023-06-12", 30, 6),
        order("e", "2023-05-31", 13, 7),
    ]
    here = book("2023-06", orders=rows)
    today = population(here).frame
    for day in (date(2023, 5, 31), date(2023, 6, 23)):
        shared, alone = (
            population(here.at(day)).frame,
            population(book("2023-06", orders=rows).at(day)).frame,
        )
        pd.testing.assert_frame_equal(shared, alone)
        assert len(shared) < len(today) or day.month == 6
    assert population(here.at(date(2023, 5, 31))).frame.set_index("customer_id").loc[
        "d", ["state", "net"]
    ].tolist() == ["dormant", -3.0]
    assert (
        segments.retention(here.at(date(2023, 5, 31))).status == "ok"
    )  # asks for the year before, which the shared pass left out


@pytest.mark.parametrize("known", [True, False])
def test_orders_are_asked_who_sold_last_only_where_a_customer_has_no_rep(known, monkeypatch):
    rows = [order("a", "2023-05-02", 9, 1, rep_id="r"), order("b", "2023-06-02", 9, 2, rep_id="q")]
    people = [{"customer_id": "a", "rep_id": "r"}, {"customer_id": "b", "rep_id": "s" * known}]
    asked, look = [], customer_list.last_rep
    monkeypatch.setattr(customer_list, "last_rep", lambda rows: asked.append(1) or look(rows))
    found = population(book("2023-06", orders=rows, customers=people)).frame
    assert found["owner_id"].tolist() == ["r", "s" if known else "q"] and asked == [1] * (not known)


def test_orders_known_to_have_one_line_each_are_not_looked_through_again(monkeypatch):
    made = book("2023-06", orders=[order("a", f"2023-0{m}-02", 9, m) for m in (3, 4, 5)])
    assert not several_lines(made)
    monkeypatch.setattr(customers, "_falls", None)
    assert population(made).frame["orders"].tolist() == [3]
    assert segments.sizes(made).status == "ok"
