"""Awards given by hand, and how often contacts moved a deal on."""

from __future__ import annotations

import narwhals as nw
import pandas as pd

from playbook.data.book import Book

from .frames import collect


def given(book: Book) -> pd.DataFrame:
    """Rows of the awards table: date, rep_id, award, amount (Decimal or missing), note; empty when there are none."""
    if not book.has("awards"):
        return pd.DataFrame({"date": pd.Series(dtype="datetime64[s]"), "rep_id": [], "award": [], "amount": pd.Series(dtype=object), "note": []})
    return collect(book.table("awards").select("date", "rep_id", "award", "amount", "note"), sort=["date", "rep_id", "award"], exact=True)


def progress(activities: nw.LazyFrame) -> pd.DataFrame:
    """Contacts that say whether they moved the deal on, per rep and month: month, rep_id, progressed [count], known [count]."""
    rows = activities.filter(~nw.col("progressed").is_null()).with_columns(nw.col("date").cast(nw.Date).dt.truncate("1mo").alias("month"))
    counted = rows.group_by("month", "rep_id").agg(nw.col("progressed").cast(nw.Int64).sum().alias("progressed"), nw.len().alias("known"))
    return collect(counted, sort=["month", "rep_id"])
