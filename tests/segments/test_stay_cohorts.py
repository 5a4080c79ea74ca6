"""The retention triangle."""

import pandas as pd
from small_books import book, order

from playbook import segments
from playbook.data.measures import purchases
from playbook.segments.stay.cohorts import triangle_of


def counts(unit, *pairs):
    rows = [order(customer, f"{month}-07", 1, n) for n, (customer, month) in enumerate(pairs)]
    made = book("2023-06", orders=rows)
    return purchases.cohort_counts(made.table("orders"), made.as_of, unit)


def test_triangle_worked_by_hand():
    table = triangle_of(
        counts(
            "1mo",
            ("a", "2023-01"),
            ("a", "2023-02"),
            ("b", "2023-01"),
            ("b", "2023-03"),
            ("c", "2023-02"),
        ),
        "M",
        pd.Timestamp("2023-03-31").date(),
    )
    found = {
        (c, age): (k, n)
        for c, age, n, k in table[["cohort", "age", "customers", "back"]].itertuples(index=False)
    }
    assert found == {
        ("2023-01", 0): (2, 2),
        ("2023-01", 1): (1, 2),
        ("2023-01", 2): (1, 2),
        ("2023-02", 0): (1, 1),
        ("2023-02", 1): (0, 1),
    }


def test_a_running_quarter_is_left_out():
    table = triangle_of(
        counts("1q", ("a", "2023-01"), ("a", "2023-04")), "Q", pd.Timestamp("2023-05-31").date()
    )
    assert table["age"].max() == 0


def test_customers_known_before_their_first_order_are_in_no_cohort():
    rows = [
        order("new", "2022-02-05", 1, 1),
        order("new", "2023-02-05", 1, 2),
        order("old", "2022-02-05", 1, 3),
    ]
    people = [
        {"customer_id": "new", "since": "2022-02-01"},
        {"customer_id": "old", "since": "2019-02-01"},
    ]
    result = segments.cohorts(book("2023-06", orders=rows, customers=people))
    assert result.sizes.sum() == 1
