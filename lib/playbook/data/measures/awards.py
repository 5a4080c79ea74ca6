"""Awards given by hand, and how often contacts moved a deal on."""

from __future__ import annotations

import narwhals as nw
import pandas as pd

from playbook.data.book import Book

from .frames import collect
from .touches import customer_contacts


def given(book: Book) -> pd.DataFrame:
    """Rows of the awards table: date, rep_id, award, amount (Decimal or missing), note; empty when
    there are none.
    """
    if not book.has("awards"):
        return pd.DataFrame(
            {
                "date": pd.Series(dtype="datetime64[s]"),
                "rep_id": [],
                "award": [],
                "amount": pd.Series(dtype=object),
                "note": [],
            }
        )
    return collect(
        book.table("awards").select("date", "rep_id", "award", "amount", "note"),
        sort=["date", "rep_id", "award"],
        exact=True,
    )


def progress(activities: nw.LazyFrame) -> pd.DataFrame:
    """Contacts that say whether they moved the deal on, per rep and month: month, rep_id,
    progressed [count], known [count].
    """
    rows = activities.filter(~nw.col("progressed").is_null()).with_columns(_month("date"))
    counted = rows.group_by("month", "rep_id").agg(
        nw.col("progressed").cast(nw.Int64).sum().alias("progressed"), nw.len().alias("known")
    )
    return collect(counted, sort=["month", "rep_id"])


def researched(book: Book) -> pd.DataFrame:
    """Leads and customers whose needs were scored, per month and person: month, rep_id (who scored,
    else the lead's or customer's rep), subject_id,
    needs [count], moved (True where a contact moved the subject on in that month, missing where no
    contact with it says).
    """
    scores = (
        book.table("fit_scores")
        .filter(~nw.col("scored_at").is_null())
        .with_columns(_month("scored_at"))
    )
    for table, key in (("leads", "lead_id"), ("customers", "customer_id")):
        if book.has(table, "rep_id"):
            scores = scores.join(
                book.table(table).select(
                    nw.col(key).alias("subject_id"), nw.col("rep_id").alias(f"{table}_rep")
                ),
                on="subject_id",
                how="left",
            )
        else:
            scores = scores.with_columns(nw.lit(None, dtype=nw.String).alias(f"{table}_rep"))
    scores = scores.with_columns(
        nw.coalesce("scored_by", "leads_rep", "customers_rep").alias("rep_id")
    ).filter(~nw.col("rep_id").is_null())
    frame = collect(
        scores.group_by("month", "rep_id", "subject_id").agg(
            nw.col("need").n_unique().alias("needs")
        ),
        sort=["month", "rep_id", "subject_id"],
    )
    return (
        frame.merge(_moved(book), on=["month", "subject_id"], how="left")
        if len(frame)
        else frame.assign(moved=pd.Series(dtype=object))
    )


def _moved(book: Book) -> pd.DataFrame:
    """Whether some contact of a month moved its lead or customer on, of contacts that say: month,
    subject_id, moved.
    """
    if not book.has("activities", "progressed"):
        return pd.DataFrame(
            {
                "month": pd.Series(dtype="datetime64[us]"),
                "subject_id": pd.Series(dtype="str"),
                "moved": pd.Series(dtype=object),
            }
        )
    said = (
        customer_contacts(book).filter(~nw.col("progressed").is_null()).with_columns(_month("date"))
    )
    parts = [
        collect(
            said.filter(~nw.col(key).is_null())
            .group_by("month", key)
            .agg(nw.col("progressed").cast(nw.Int64).max().alias("moved"))
            .rename({key: "subject_id"})
        )
        for key in ("lead_id", "customer_id")
    ]
    return (
        pd.concat(parts)
        .groupby(["month", "subject_id"], as_index=False)["moved"]
        .max()
        .assign(moved=lambda f: f["moved"].astype(bool).astype(object))
    )


def _month(column: str) -> nw.Expr:
    return nw.col(column).cast(nw.Date).dt.truncate("1mo").alias("month")
