"""What the team did, month by month, and the follow-up of what meetings agreed."""

from __future__ import annotations

import narwhals as nw
import pandas as pd

from playbook.data.book import Book

from .deals import month_in, packed
from .frames import collect


def by_month(book: Book, table: str, column: str, where: nw.Expr | None = None) -> pd.Series:
    """Rows of a table per month number of one of its days."""
    rows = book.table(table) if where is None else book.table(table).filter(where)
    counts = collect(rows.select(month=month_in(packed(column))).group_by("month").agg(n=nw.len()), sort=["month"]).dropna()
    return counts.set_index("month").n


def agreed(book: Book) -> pd.DataFrame:
    """Actions agreed in meetings up to the as-of date: meeting_date, topic, action, owner, due, done_on, decision; newest meeting first."""
    columns = ["meeting_date", "topic", "action", "owner", "due", "done_on", "decision"]
    rows = collect(book.table("meetings").select(*columns), sort=["meeting_date", "due", "owner", "action"])
    for column in ("meeting_date", "due", "done_on"):
        rows[column] = pd.to_datetime(rows[column])
    return rows.sort_values("meeting_date", ascending=False, kind="stable").reset_index(drop=True)


def managers(book: Book) -> dict[str, str]:
    """region → name of the person who manages most of its reps (ties by name); empty where the book does not say."""
    if not book.has("reps", "manager_id", "region"):
        return {}
    reps = collect(book.table("reps").select("rep_id", "name", "region", "manager_id"), sort=["rep_id"])
    names = dict(zip(reps.rep_id, reps.name.fillna(reps.rep_id), strict=True))
    counts = reps.dropna(subset=["manager_id", "region"]).groupby(["region", "manager_id"]).size().reset_index(name="n")
    counts = counts.sort_values(["region", "n", "manager_id"], ascending=[True, False, True]).drop_duplicates("region")
    return {row.region: names.get(row.manager_id, row.manager_id) for row in counts.itertuples()}
