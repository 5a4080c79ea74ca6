"""Orders and buyers of several windows in one pass are those of each window alone."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest

from playbook.base.periods import Window
from playbook.data.book import Book
from playbook.data.measures import sales
from playbook.data.measures.window_counts import window_counts

WINDOWS = {
    "march": Window("march", dt.date(2023, 3, 1), dt.date(2023, 3, 31)),
    "quarter": Window("quarter", dt.date(2023, 1, 1), dt.date(2023, 3, 31)),
    "all": Window("all", None, dt.date(2023, 3, 31)),
    "none": Window("none", dt.date(2020, 1, 1), dt.date(2020, 1, 31)),
}
ROWS = [
    ("O1", "2022-12-05", "C1", 10),
    ("O2", "2023-01-31", "C2", 20),
    ("O3", "2023-03-01", "C1", 30),
    ("O4", "2023-03-01", "C3", 40),
    ("O5", "2023-03-31", "C3", 50),
    ("O6", "2023-03-31", None, 60),
    ("O7", "2023-03-31", "C4", -5),
]


def rows_of(rows):
    frame = pd.DataFrame(rows, columns=["order_id", "date", "customer_id", "amount"])
    return sales.order_rows(Book.from_frames(orders=frame))


def test_counts_by_hand():
    assert window_counts(rows_of(ROWS), WINDOWS, unique=True) == {
        "march": {"orders": 4, "customers": 2, "returning": 2},
        "quarter": {"orders": 5, "customers": 3, "returning": 2},
        "all": {"orders": 6, "customers": 3, "returning": 2},
        "none": {"orders": 0, "customers": 0, "returning": 0},
    }


@pytest.mark.parametrize("unique", [True, False])
def test_each_window_alone_counts_the_same(unique):
    rows = rows_of(ROWS if unique else [*ROWS, ("O3", "2023-03-02", "C1", 7)])
    found = window_counts(rows, WINDOWS, unique=unique)
    for name, window in WINDOWS.items():
        again = sales.returning(rows, window.start or dt.date(1, 1, 1), window.end).iloc[0]
        orders = sales.distinct_orders(sales.between(rows, window.start, window.end))
        assert found[name]["orders"] == orders["orders"].iloc[0]
        assert found[name]["customers"] == again["customers"]
        assert found[name]["returning"] == int(again["returning"] or 0)
