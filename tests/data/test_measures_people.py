"""Top sellers, new hires and leavers of a window, by hand."""

from datetime import date

import pytest

from playbook.base.periods import Window
from playbook.data.measures.people import leavers, names, new_hires, reps, top_sellers
from toy import toy

ORDERS = """
    order_id date       customer_id amount rep_id
    O1       2023-01-05 C1          500    R1
    O2       2023-02-05 C1          -450   R1
    O3       2023-02-10 C2          300    R2
    O4       2023-02-11 C2          300    R3
    O5       2023-03-10 C2          900    R4
    O6       2023-03-11 C2          50     .
"""
REPS = """
    rep_id name hired      left
    R1     Ann  2020-01-01 .
    R2     Bo   2021-01-01 2023-02-20
    R3     Cy   2022-12-01 2023-03-31
    R4     Di   2023-03-01 .
"""
EARLY = Window("", date(2023, 1, 1), date(2023, 2, 28))


@pytest.fixture
def book():
    return toy(month="2023-03", orders=ORDERS, reps=REPS)


def test_top_sellers_by_net_sales_of_the_window_ties_at_the_edge_all_count(book):
    assert top_sellers(book, EARLY, most=1) == ["R2", "R3"]
    assert top_sellers(book, EARLY, most=3) == ["R2", "R3", "R1"]  # a refund takes 450 off R1
    assert top_sellers(book, EARLY) == ["R2", "R3"]  # a fifth of three is one
    assert top_sellers(book, book.window("all"), most=1) == ["R4"]
    assert top_sellers(book, EARLY, most=0) == []


def test_top_sellers_who_were_on_board_on_a_day(book):
    assert top_sellers(book, EARLY, most=1, aboard=date(2023, 3, 1)) == ["R3"]
    assert top_sellers(book, book.window("all"), most=1, aboard=date(2023, 3, 1)) == ["R3"]


def test_no_sale_no_top_seller(book):
    assert top_sellers(book, Window("", date(2022, 1, 1), date(2022, 2, 1))) == []


def test_new_hires_and_leavers_of_a_window_both_days_inclusive(book):
    march = Window("", date(2023, 3, 1), date(2023, 3, 31))
    assert new_hires(book, march).rep_id.tolist() == ["R4"]
    assert leavers(book, march).rep_id.tolist() == ["R3"]
    assert leavers(book, Window("", date(2023, 3, 1), date(2023, 3, 30))).empty
    assert new_hires(book, Window("all", None, date(2021, 12, 31))).rep_id.tolist() == ["R1", "R2"]


def test_a_rep_with_sales_long_before_the_day_of_hiring_keeps_the_name_and_is_no_new_hire():
    book = toy(
        month="2023-03",
        orders=ORDERS,
        reps=REPS.replace("R1     Ann  2020-01-01", "R1     Ann  2023-03-20"),
    )
    assert names(reps(book))["R1"] == "Ann"
    assert new_hires(book, Window("all", None, date(2023, 3, 31))).rep_id.tolist() == [
        "R2",
        "R3",
        "R4",
    ]
