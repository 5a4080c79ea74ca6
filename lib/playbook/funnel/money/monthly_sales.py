"""Sales month by month beside target and last year, and the target as it was first set."""

from __future__ import annotations

import pandas as pd

from playbook.base import contracts as col
from playbook.base.contracts import Frame
from playbook.base.language import later
from playbook.base.periods import Month, months_between
from playbook.data.book import Book
from playbook.data.coverage import sales_coverage
from playbook.data.measures import performance as measure
from playbook.data.measures.plan_frames import month_targets, sales_targets


class MonthlySales(Frame):
    """One row per month of the last 13."""

    month = col.month(later("the month"))
    actual = col.money(later("sales, net of refunds"))
    target = col.money(later("target of the month"))
    last_year = col.money(later("sales of the same month a year before"))


def original_target(book: Book, window: str) -> float | None:
    """The company's target of a window as the table of targets has it; None where a month has
    none.
    """
    frame, span = month_targets(book), book.window(window)
    before = dict(zip(frame.month, frame.original, strict=True))
    months = months_between(Month.of(span.start), Month.of(span.end)) if span.start else []
    amounts = [before.get(month) for month in months]
    if not amounts or any(a is None or a != a for a in amounts):
        return None
    return float(sum(amounts))


def monthly_sales(book: Book) -> pd.DataFrame:
    """The last 13 months: actual, target, same month last year."""
    sums = measure.sales_by_month(book).set_index("month").amount
    goal = sales_targets(book).get(None, {})
    covered = sales_coverage(book)
    months = [
        m for m in months_between(book.month - 12, book.month) if len(sums) and m >= min(sums.index)
    ]
    return pd.DataFrame(
        [
            {
                "month": str(m),
                "actual": float(sums.get(m, 0.0)),
                "target": goal.get(m),
                "last_year": (
                    float(sums.get(m - 12, 0.0)) if covered.state(m - 12) == "whole" else None
                ),
            }
            for m in months
        ],
        columns=MonthlySales.names(),
    ).astype({"target": float, "last_year": float})
