"""Objections on deals, and contacts that show a script was used against them."""

from __future__ import annotations

import narwhals as nw
import pandas as pd

from playbook.base.language import say
from playbook.data.book import Book

from .days import month_in
from .deals import Deals
from .frames import collect


def objected_deals(deals: Deals, stage: int, since: int) -> pd.DataFrame:
    """Deals with an objection that reached ``stage`` from month number ``since`` on:
    opportunity_id, objection as written, outcome; in the order of ids.
    """
    rows = deals.rows.filter(
        (nw.col("reached") >= stage)
        & (month_in(nw.col(f"r{stage}")) >= since)
        & ~nw.col("objection").is_null()
    ).select("opportunity_id", "objection", "outcome")
    return collect(rows, sort=["opportunity_id"])


def words_of_contacts(book: Book, deals: list[str]) -> dict[str, str]:
    """opportunity_id → what was written about its contacts (summary and next action, in lower case,
    joined), for the deals asked for; deals without a contact are not in it.

    Raises NotAvailable without activities that name deals.
    """
    book.need("activities", "opportunity_id", gives=say("how often the script library is used"))
    have = [c for c in ("summary", "next_action") if book.has("activities", c)]
    if not deals or not have:
        return {}
    rows = book.table("activities").filter(nw.col("opportunity_id").is_in(deals))
    frame = collect(rows.select("opportunity_id", *have).unique(), sort=["opportunity_id", *have])
    if frame.empty:  # joining the columns of no row would give a frame back
        return {}
    text = frame[have].fillna("").agg(" | ".join, axis=1).str.lower()
    return dict(text.groupby(frame.opportunity_id).agg(" | ".join))
