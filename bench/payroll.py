"""Closing a month of 500 reps, and their statements as PDF: ``python bench/payroll.py``.

An invented company of 500 reps and 60,000 orders over a year; the month before is closed first, so
that the close compares with what is frozen.
"""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd

from playbook.data.book import Book
from playbook.payroll.approval_page import NAME, approval_pdf
from playbook.payroll.close import close_month
from playbook.payroll.frozen import closed_months
from playbook.payroll.months_of_pay import month_of_pay
from playbook.payroll.statements import write_statements

REPS, ORDERS = 500, 60_000
PLAN = {
    "name": "tiers",
    "starts": "2023-01-01",
    "tiers": [
        {"lower": 0, "upper": 100000, "rate": 0.08},
        {"lower": 100000, "upper": 200000, "rate": 0.10},
        {"lower": 200000, "rate": 0.12},
    ],
}


def company() -> dict[str, pd.DataFrame]:
    """Orders and reps."""
    rng = np.random.default_rng(1)
    days = pd.Timestamp("2023-01-01") + pd.to_timedelta(rng.integers(0, 365, ORDERS), "D")
    orders = pd.DataFrame(
        {
            "order_id": [f"O{i}" for i in range(ORDERS)],
            "date": days.strftime("%Y-%m-%d"),
            "customer_id": [f"C{i}" for i in rng.integers(0, 5000, ORDERS)],
            "rep_id": [f"R{i}" for i in rng.integers(0, REPS, ORDERS)],
            "amount": rng.integers(500, 20_000, ORDERS),
        }
    )
    reps = pd.DataFrame(
        {
            "rep_id": [f"R{i}" for i in range(REPS)],
            "name": [f"Person {i}" for i in range(REPS)],
            "hired": "2022-01-01",
        }
    )
    return {"orders": orders, "reps": reps}


def main() -> None:
    tables, settings = company(), {"commission_plans": [PLAN]}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "payroll"
        close_month(Book.from_frames(month="2023-10", settings=settings, **tables), folder)
        start = time.perf_counter()
        book = Book.from_frames(month="2023-11", settings=settings, **tables)
        close_month(book, folder, pages=lambda found: {NAME: approval_pdf(found)})
        closed = time.perf_counter()
        pay = month_of_pay(closed_months(folder), book.month, book.settings)
        made = write_statements(pay, Path(name) / "statements")
        print(
            f"a month of {REPS} reps closed in {closed - start:.1f} s;"
            f" {len(made)} statements in {time.perf_counter() - closed:.1f} s;"
            f" together {time.perf_counter() - start:.1f} s"
        )


if __name__ == "__main__":
    main()
