"""What a gap of an indicator stands for in money."""

from __future__ import annotations

from datetime import timedelta

import pandas as pd

from playbook.case.course.indicators import CaseIndicators
from playbook.data.book import Book
from playbook.data.measures import renewal


def worth_of(book: Book, key: str, gap: float, course: CaseIndicators) -> float | None:
    """Money a quarter: yearly value due in the next 92 days × gap; or matching leads the gap stands
    for × won amount per matching lead.
    """
    if key in ("renewal", "churn") and book.has("contracts", "annual_value", "end"):
        due = _due_soon(book, large=key == "renewal")
        return float(due * gap)
    if key == "match" and book.has("opportunities", "amount"):
        judged = course.course.quarterly[(course.course.quarterly.indicator == "match")].tail(4)
        year = course.course.quarterly[(course.course.quarterly.indicator == "sales")].tail(4)
        back = course.course.quarterly[(course.course.quarterly.indicator == "returning")].tail(4)
        if judged.k.sum() and len(year) and len(back):
            fresh = float(year.value.sum() - back.k.sum())
            return gap * float(judged.n.iloc[-1]) * max(fresh, 0.0) / float(judged.k.sum())
    return None


def _due_soon(book: Book, *, large: bool) -> float:
    rows = renewal.contracts(book)
    if book.has("customers", "customer_type"):
        from playbook.data.measures.frames import collect

        kinds = collect(
            book.table("customers").select("customer_id", "customer_type"), sort=["customer_id"]
        ).set_index("customer_id")["customer_type"]
        rows = rows[(rows["customer_id"].map(kinds) == "large") == large]
    soon = rows[
        (rows["end"] > pd.Timestamp(book.as_of))
        & (rows["end"] <= pd.Timestamp(book.as_of) + timedelta(days=92))
    ]
    return float(soon["annual_value"].sum())
