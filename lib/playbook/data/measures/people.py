"""Small frames about people: who they are, their quotas, courses and tasks."""

from __future__ import annotations

import narwhals as nw
import pandas as pd

from playbook.data.book import Book

from .frames import collect

REP_COLUMNS = ("rep_id", "name", "team", "region", "role", "manager_id", "mentor_id", "hired", "left", "base_pay")


def reps(book: Book) -> pd.DataFrame:
    """One row per rep: ``REP_COLUMNS``, days as datetime64[s]; empty when the book has no reps."""
    if not book.has("reps"):
        return pd.DataFrame({column: pd.Series(dtype="datetime64[s]" if column in ("hired", "left") else "object") for column in REP_COLUMNS})
    frame = collect(book.table("reps").select(*REP_COLUMNS), sort=["rep_id"])
    for day in ("hired", "left"):
        frame[day] = pd.to_datetime(frame[day]).astype("datetime64[s]")
    return frame


def rep_targets(book: Book, metric: str = "sales") -> pd.DataFrame:
    """Targets of single reps: rep_id, period (text), target [currency]; targets cut further by region or product are left out."""
    if not book.has("targets", "rep_id"):
        return pd.DataFrame({"rep_id": [], "period": [], "target": []})
    rows = book.table("targets").filter(nw.col("metric") == metric, ~nw.col("rep_id").is_null(), nw.col("region").is_null(),
                                        nw.col("product_line").is_null(), nw.col("customer_type").is_null())
    return collect(rows.select("rep_id", "period", "target"), sort=["rep_id", "period"])


def names(people: pd.DataFrame) -> dict[str, str]:
    """Rep id → the name a page prints; the id where no name is known."""
    return {r.rep_id: r.name if isinstance(r.name, str) and r.name else r.rep_id for r in people[["rep_id", "name"]].itertuples(index=False)}
