"""Leads by month: how many, how many valid, and what came of them."""

from __future__ import annotations

from collections.abc import Sequence

import narwhals as nw
import pandas as pd

from playbook.base.language import say
from playbook.base.periods import Month
from playbook.data.book import Book

from .frames import collect
from .sales import NOT_GIVEN


def leads_by_month(book: Book, by: Sequence[str] = ()) -> pd.DataFrame:
    """Leads by month of creation and member (channel, region, rep): month [Month], *by, leads, won
    (those whose deal is won by now).
    """
    book.need("leads", "created", gives=say("leads needed by channel"))
    rows = book.table("leads").with_columns(
        rep=nw.col("rep_id"), month=nw.col("created").cast(nw.Date).dt.truncate("1mo")
    )
    won = nw.lit(0)
    if book.has("opportunities", "outcome"):
        deals = book.table("opportunities").filter(nw.col("outcome") == "won")
        if book.has("leads", "converted_opportunity_id"):
            key, other = (
                "converted_opportunity_id",
                deals.select(converted_opportunity_id=nw.col("opportunity_id")).unique(),
            )
        else:
            key, other = (
                "lead_id",
                deals.filter(~nw.col("lead_id").is_null()).select("lead_id").unique(),
            )
        rows = rows.join(other.with_columns(hit=nw.lit(1)), on=key, how="left")
        won = nw.coalesce(nw.col("hit"), nw.lit(0))
    rows = rows.with_columns(**{d: nw.coalesce(nw.col(d), nw.lit(NOT_GIVEN)) for d in by}, won=won)
    frame = collect(
        rows.group_by("month", *by).agg(leads=nw.len(), won=nw.col("won").sum()),
        sort=["month", *by],
    )
    frame["month"] = [Month.of(day) for day in frame["month"]]
    return frame


def lead_flow(book: Book) -> pd.DataFrame:
    """Leads by month of creation: month [Month], leads, valid (purchase plan, budget and decision
    maker all known), opened (valid ones a deal came from), won (valid ones whose deal is won).
    """
    valid = (
        ~nw.col("expected_purchase").is_null()
        & (nw.coalesce(nw.col("budget").cast(nw.Float64), nw.lit(0.0)) > 0)
        & nw.coalesce(nw.col("decision_maker"), nw.lit(False))
    )
    rows = book.table("leads").with_columns(
        month=nw.col("created").cast(nw.Date).dt.truncate("1mo"),
        valid=nw.when(valid).then(nw.lit(1)).otherwise(nw.lit(0)),
    )
    by_lead = not book.has("leads", "converted_opportunity_id")
    key = "lead_id" if by_lead else "converted_opportunity_id"
    deals = book.table("opportunities").with_columns(
        hit=nw.when(nw.col("outcome") == "won").then(nw.lit(1)).otherwise(nw.lit(0))
    )
    deals = deals.select(
        **{key: nw.col("lead_id" if by_lead else "opportunity_id")}, hit=nw.col("hit")
    ).filter(~nw.col(key).is_null())
    rows = rows.join(
        deals.group_by(key).agg(hit=nw.col("hit").max()), on=key, how="left"
    ).with_columns(
        opened=nw.when(nw.col("hit").is_null()).then(nw.lit(0)).otherwise(nw.col("valid")),
        won=nw.coalesce(nw.col("hit"), nw.lit(0)) * nw.col("valid"),
    )
    frame = collect(
        rows.group_by("month").agg(
            leads=nw.len(),
            valid=nw.col("valid").sum(),
            opened=nw.col("opened").sum(),
            won=nw.col("won").sum(),
        ),
        sort=["month"],
    )
    return frame.assign(month=[Month.of(day) for day in frame["month"]])


def waiting_leads(book: Book) -> int:
    """Leads that no deal has come from yet."""
    rows = book.table("leads").filter(nw.col("converted_opportunity_id").is_null())
    return int(collect(rows.select(n=nw.len()))["n"].iloc[0])
