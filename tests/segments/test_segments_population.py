"""Customers as known on earlier days."""

from datetime import date

import pandas as pd
from small_books import book, order

from playbook import segments
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
