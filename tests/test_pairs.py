"""One number, one meaning: what two chapters say of one thing agrees, for months of small books; no
month stops a section, empties one that is called ok or breaks the contract of a frame.

Small books are worked through in this process for their first month, their last and their own;
figures are drawn for their own.
`python -m bench.months` runs all months of all books.
"""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from chapter_checks import agreed, faults, kpis_of
from inprocess import book_results
from playbook.base.periods import Month, months_between
from playbook.data.book import Book
from playbook.data.report_month import data_span


def rows(columns: str, *values: tuple) -> pd.DataFrame:
    return pd.DataFrame(list(values), columns=columns.split())


BOOKS = {
    "orders and deals": lambda: Book.from_frames(
        orders=rows(
            "order_id date customer_id amount rep_id region channel kind cost",
            ("O1", "2022-03-02", "A", 100, "R1", "East", "Web", "new", 40),
            ("O1", "2022-03-02", "A", 50, "R1", "East", "Web", "new", 20),
            ("O2", "2023-02-11", "B", 200, "R2", "West", "Ads", "new", 90),
            ("O3", "2023-03-05", "A", 300, "R1", "East", "Web", "repurchase", 100),
            ("O4", "2023-03-07", "B", -20, "R2", "West", "Ads", "refund", None),
            ("O5", "2023-03-09", "C", 80, "R2", "West", "Ads", "new", None),
        ),
        opportunities=rows(
            "opportunity_id created closed outcome stage amount customer_id rep_id region channel",
            ("D1", "2022-02-01", "2022-03-02", "won", "won", 150, "A", "R1", "East", "Web"),
            ("D2", "2023-01-10", "2023-02-11", "won", "won", 200, "B", "R2", "West", "Ads"),
            ("D3", "2023-02-10", "2023-03-09", "won", "won", 80, "C", "R2", "West", "Ads"),
            ("D4", "2023-02-12", "2023-03-20", "lost", "lost", None, "D", "R1", "East", "Web"),
            ("D5", "2023-03-12", None, "open", "intent", 500, "E", "R1", "East", "Web"),
        ),
        targets=rows(
            "period metric target region",
            ("2023-03", "sales", 400, None),
            ("2023-03", "sales", 250, "East"),
            ("2023-03", "sales", 150, "West"),
        ),
        month="2023-03",
        settings={"book": {"stages": ["lead", "intent", "won"], "currency": "EUR"}},
    ),
    "deals only": lambda: Book.from_frames(
        opportunities=rows(
            "opportunity_id created closed outcome stage amount customer_id rep_id",
            *(
                (
                    f"D{i}",
                    f"2022-{1 + i % 9:02d}-03",
                    f"2022-{2 + i % 9:02d}-20" if i % 3 < 2 else None,
                    ("won", "lost", "open")[i % 3],
                    ("won", "lost", "intent")[i % 3],
                    100 + i,
                    f"C{i % 7}",
                    f"R{i % 2}",
                )
                for i in range(40)
            ),
        ),
        month="2022-09",
        settings={"book": {"stages": ["lead", "intent", "won"], "currency": "EUR"}},
    ),
}


@pytest.mark.parametrize("name", BOOKS)
def test_months_of_a_small_book_say_one_thing_once(name):
    book = BOOKS[name]()
    first, last = data_span(book.read)
    months = months_between(Month.of(first), Month.of(last))
    for month in sorted({months[0], months[-1], book.month}):
        results = book_results(book.at(month.end), drawn=month == book.month)
        kpis = kpis_of(results)
        assert not faults(results), month
        assert kpis and not agreed(kpis), month


def test_the_guard_sees_what_it_is_for():
    def kpi(name: str, value_: float, window: str = "month", **by: str) -> dict[str, Any]:
        return {
            "name": name,
            "window": window,
            "value": value_,
            "by": by or None,
            "numerator": None,
            "denominator": None,
        }

    assert agreed([kpi("sales", 5.0), kpi("sales", 6.0)])
    assert agreed([kpi("sales", 5.0), kpi("sales", 4.0, region="East")])
    assert agreed([kpi("sales", 5.0), kpi("target", 4.0), kpi("gap", 2.0)])
    assert not agreed([kpi("sales", 5.0), kpi("target", 4.0), kpi("gap", 1.0)])
