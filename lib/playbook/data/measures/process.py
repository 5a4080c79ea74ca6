"""What the team did, month by month, and the follow-up of what meetings agreed."""

from __future__ import annotations

import narwhals as nw
import pandas as pd

from playbook.data.book import Book

from .days import month_in, packed
from .frames import collect


def by_month(book: Book, table: str, column: str, where: nw.Expr | None = None) -> pd.Series:
    """Rows of a table per month number of one of its days."""
    rows = book.table(table) if where is None else book.table(table).filter(where)
    counts = collect(
        rows.select(month=month_in(packed(column))).group_by("month").agg(n=nw.len()),
        sort=["month"],
    ).dropna()
    return counts.set_index("month").n


def agreed(book: Book) -> pd.DataFrame:
    """Actions agreed in meetings up to the as-of date: meeting_date, topic, action, owner, due,
    done_on, decision; newest meeting first.
    """
    columns = ["meeting_date", "topic", "action", "owner", "due", "done_on", "decision"]
    rows = collect(
        book.table("meetings").select(*columns), sort=["meeting_date", "due", "owner", "action"]
    )
    for column in ("meeting_date", "due", "done_on"):
        rows[column] = pd.to_datetime(rows[column])
    return rows.sort_values("meeting_date", ascending=False, kind="stable").reset_index(drop=True)


def managers(book: Book) -> dict[str, str]:
    """Who answers for each region: region → name.

    The person who manages most of its reps still there (ties by id); where nobody is named as
    manager, one whose role says so, else the only rep; "head of …" where the book names nobody.
    """
    if not book.has("reps", "region"):
        return {}
    reps = collect(
        book.table("reps").select("rep_id", "name", "region", "manager_id", "role", "left"),
        sort=["rep_id"],
    )
    names = dict(zip(reps.rep_id, reps.name.fillna(reps.rep_id), strict=True))
    here = reps[reps.left.isna() & reps.region.notna()]
    return {
        region: _head(rows, names) or f"head of {region}" for region, rows in here.groupby("region")
    }


def _head(rows: pd.DataFrame, names: dict[str, str]) -> str | None:
    named = rows.manager_id.dropna()
    if len(named):
        sizes = named.value_counts()
        first = sorted(sizes[sizes == sizes.max()].index)[0]
        return names.get(first, first)
    leads = rows[
        rows.role.fillna("").str.contains("manager|head|director|经理|主管|总监", case=False)
    ]
    one = leads if len(leads) else rows
    return names[one.rep_id.iloc[0]] if len(one) == 1 or len(leads) else None


def manager_of(book: Book, rep: str) -> str | None:
    """Name of a rep's manager; the rep's own name where nobody is named."""
    if not book.has("reps", "rep_id"):
        return None
    reps = collect(
        book.table("reps").select("rep_id", "name", "manager_id"), sort=["rep_id"]
    ).set_index("rep_id")
    if rep not in reps.index:
        return None
    boss = reps.manager_id[rep]
    who = boss if isinstance(boss, str) else rep
    return (
        str(reps.name[who]) if who in reps.index and isinstance(reps.name[who], str) else str(who)
    )
