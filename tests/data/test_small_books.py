"""A small book's tables are written down once they are asked again: the rows are the same."""

import pandas as pd

from playbook.data.book import Book
from playbook.data.measures import sales
from playbook.data.tables import TABLES
from shared import REPO

FOLDER = REPO / "tests" / "books" / "sixteen_deals"


def rows(lazy) -> pd.DataFrame:
    frame = lazy.collect().to_pandas()
    return frame.sort_values(list(frame.columns), key=lambda c: c.astype(str), ignore_index=True)


def test_tables_and_joined_orders_are_those_of_a_book_asked_anew_each_time():
    small, large = Book.open(FOLDER), Book.open(FOLDER)
    vars(large.read)["small"] = False
    assert small.read.small
    for name in TABLES:
        if name in small.read.given:
            first, again = rows(small.table(name)), rows(small.table(name))
            pd.testing.assert_frame_equal(first, again)
            pd.testing.assert_frame_equal(again, rows(large.table(name)))
    assert len(vars(small.read)["_settled"]) == len(small.read.given)
    assert not vars(large.read)["_settled"]
    joined = rows(sales.order_rows(small))
    pd.testing.assert_frame_equal(joined, rows(sales.order_rows(large)))
    assert small.facts() is small.facts() and small.facts() == large.facts()


def test_an_earlier_day_has_rows_of_its_own():
    book = Book.open(FOLDER)
    day = book.window("month").start
    now = [len(rows(book.table("orders"))) for _ in range(3)]
    then = [len(rows(book.at(day).table("orders"))) for _ in range(3)]
    assert len(set(now)) == len(set(then)) == 1 and then[0] < now[0]
