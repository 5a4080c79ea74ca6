"""Days and amounts far from all others are said, and never move the report month in silence."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from folders import check, only, says

from playbook.data.book import Book
from playbook.data.coverage import sales_coverage

HEAD = "order_id,date,customer_id,amount\n"
DAILY = [date(2022, 1, 1) + timedelta(days=3 * i) for i in range(200)]  # to 2023-08-21


def orders(*extra: str, days=DAILY) -> str:
    rows = [f"O{i},{day},C{i % 5},{90 + i % 20}" for i, day in enumerate(days)]
    return HEAD + "\n".join([*rows, *extra]) + "\n"


def test_a_day_a_year_ahead_is_said_and_does_not_move_the_report_month(tmp_path):
    report = check(tmp_path, orders=orders("X,2024-08-20,C1,95"))
    says(
        only(report, "warning"),
        "1 row dated 365 days or more after all others, which end on 2023-08-21: the report month"
        " does not follow",
        "days among those of the other rows",
        "--month 2024-08",
        rows=1,
        place="orders.date in orders.csv",
    )
    assert report.month == "2023-07" and report.tables[0].last == date(2023, 8, 21)
    assert Book.open(tmp_path).as_of == date(2023, 7, 31)


def test_a_day_decades_early_is_said(tmp_path):
    report = check(tmp_path, orders=orders("X,2003-01-05,C1,95"))
    says(
        only(report, "warning"),
        "1 row dated 6,936 days or more before all others, which begin on 2022-01-01",
        try_="correct the year",
        rows=1,
    )
    assert report.tables[0].first == date(2022, 1, 1)


@pytest.mark.parametrize(
    "extra",
    [
        ("X,2023-12-20,C1,95",),  # four months later: a quiet autumn
        tuple(f"X{i},2024-08-{i + 1:02d},C1,95" for i in range(6)),  # six rows are no slip
    ],
)
def test_rows_that_may_be_right_move_the_data(tmp_path, extra):
    report = check(tmp_path, orders=orders(*extra))
    assert report.ok and not report.warnings and report.tables[0].last > date(2023, 8, 21)


def test_sparse_histories_have_no_slips(tmp_path):
    yearly = [date(2000 + i, 6, 1) for i in range(24)]
    assert not check(tmp_path, orders=orders(days=yearly)).problems


def test_closing_days_of_deals_are_looked_at_too(tmp_path):
    head = "opportunity_id,created,closed,outcome,stage,amount\n"
    deals = [f"D{i},{day},{day + timedelta(days=9)},won,won,50" for i, day in enumerate(DAILY)]
    content = head + "\n".join([*deals, "X,2023-08-01,2024-08-30,won,won,50"]) + "\n"
    report = check(tmp_path, opportunities=content)
    warning = next(p for p in report.warnings if "report month" in p.found)
    assert warning.column == "closed" and report.month == "2023-07"


def test_an_amount_a_thousand_times_the_usual_is_said(tmp_path):
    report = check(tmp_path, orders=orders("X,2023-08-20,C1,99500"))
    says(
        only(report, "warning"),
        "1 row with amount more than 300 times the usual 100.00",
        "amounts in one unit",
        "decimal mark",
        rows=1,
    )
    assert "amount '99500.0000'" in only(report, "warning").rows[0]


@pytest.mark.parametrize("amount", ["29000", "5000", "-99"])
def test_smaller_amounts_are_not(tmp_path, amount):
    assert not check(tmp_path, orders=orders(f"X,2023-08-20,C1,{amount}")).warnings


def test_a_long_tail_is_no_slip(tmp_path):
    """Deals of all sizes: the largest is no ten times the next."""
    tail = [f"T{i},2023-08-20,C1,{20_000 * 2**i}" for i in range(4)]
    assert not check(tmp_path, orders=orders(*tail)).warnings


def test_coverage_does_not_begin_with_a_slip(tmp_path):
    content = orders("X,2003-01-05,C1,95")
    check(tmp_path, orders=content)
    assert sales_coverage(Book.open(tmp_path)).first == date(2022, 1, 1)
