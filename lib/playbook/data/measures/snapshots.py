"""Open deals as exports of their day showed them: amounts, planned days and chances that the deals
table, which keeps the newest alone, has forgotten.
"""

from __future__ import annotations

from datetime import date

import narwhals as nw
import pandas as pd

from playbook.base.language import say
from playbook.data.book import Book

from .frames import collect

FIELDS = ("amount", "expected_close", "probability", "forecast_category")


def newest_before(book: Book, day: date) -> nw.LazyFrame:
    """The newest snapshot of each deal up to a day, inclusive: opportunity_id, seen (its day) and
    seen_amount, seen_close, seen_probability, seen_category; no more than one row per deal.
    """
    rows = book.table("snapshots").filter(nw.col("snapshot_date").cast(nw.Date) <= day)
    last = rows.group_by("opportunity_id").agg(seen=nw.col("snapshot_date").max())
    return (
        rows.join(last, on="opportunity_id")
        .filter(nw.col("snapshot_date") == nw.col("seen"))
        .select(
            "opportunity_id",
            "seen",
            seen_amount=nw.col("amount"),
            seen_close=nw.col("expected_close"),
            seen_probability=nw.col("probability"),
            seen_category=nw.col("forecast_category"),
        )
    )


def deals_as_seen(book: Book) -> nw.LazyFrame:
    """The deals, with expected amount, planned day, chance and forecast category of the newest
    snapshot up to the as-of date where there is one; the deals as they are without snapshots.

    A deal is as its newest snapshot shows it also after its end: what was expected of it last.
    """
    rows = book.table("opportunities")
    if not book.has("snapshots"):
        return rows
    pairs = {
        "expected_amount": "seen_amount",
        "expected_close": "seen_close",
        "probability": "seen_probability",
        "forecast_category": "seen_category",
    }
    return (
        rows.join(newest_before(book, book.as_of), on="opportunity_id", how="left")
        .with_columns(**{own: nw.coalesce(seen, own) for own, seen in pairs.items()})
        .drop(["seen", *pairs.values()])
    )


def first_chances(book: Book) -> pd.DataFrame:
    """Each deal's chance of winning as first given in a snapshot, and what became of it by now:
    opportunity_id, day of the snapshot, given [share], outcome, in the order of ids.

    One row per deal, chosen without looking at how it ended. Raises NotAvailable without snapshots
    that give a chance.
    """
    book.need("snapshots", "probability", gives=say("whether the chances given to deals came true"))
    rows = book.table("snapshots").filter(~nw.col("probability").is_null())
    first = rows.group_by("opportunity_id").agg(day=nw.col("snapshot_date").min())
    rows = rows.join(first, on="opportunity_id").filter(nw.col("snapshot_date") == nw.col("day"))
    ends = book.table("opportunities").select("opportunity_id", "outcome")
    found = rows.select("opportunity_id", "day", given=nw.col("probability")).join(
        ends, on="opportunity_id"
    )
    return collect(found, sort=["opportunity_id"])


def postponed(book: Book) -> pd.DataFrame:
    """How often and by how much the planned day of each deal moved: opportunity_id, moves (times it
    moved later), days (in all, later less earlier).

    From the logged changes of ``expected_close`` where the book has any, else from one snapshot to
    the next. Raises NotAvailable with neither.
    """
    if book.has("changes", "field", "from", "to"):
        named = book.table("changes").filter(nw.col("field") == "expected_close")
        rows = collect(
            named.select("opportunity_id", "from", "to", "changed_at"),
            sort=["opportunity_id", "changed_at", "from", "to"],
        )
        old, new = (pd.to_datetime(rows[end], errors="coerce") for end in ("from", "to"))
        step = (new - old).dt.days.fillna(0).astype(int)
    else:
        book.need("snapshots", "expected_close", gives=say("how often planned days were moved"))
        rows = collect(
            book.table("snapshots")
            .filter(~nw.col("expected_close").is_null())
            .select("opportunity_id", "snapshot_date", "expected_close"),
            sort=["opportunity_id", "snapshot_date"],
        )
        days = pd.to_datetime(rows.expected_close)
        same = rows.opportunity_id.eq(rows.opportunity_id.shift())
        step = (days - days.shift()).dt.days.where(same, 0).fillna(0).astype(int)
    sums = pd.DataFrame(
        {"opportunity_id": rows.opportunity_id, "moves": (step > 0).astype(int), "days": step}
    )
    return sums.groupby("opportunity_id", as_index=False).sum()
