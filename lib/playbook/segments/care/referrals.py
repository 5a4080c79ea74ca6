"""Referrals: what the plan asks of customers, and what comes by the referral channels."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd

from playbook.base import contracts as column
from playbook.base.formats import Formats
from playbook.base.language import say
from playbook.data.book import Book
from playbook.data.measures import contacts, purchases
from playbook.methods.intervals import wilson
from playbook.page import Col, Table, table

from .lead_grades import deal_outcomes


class ReferralChannels(column.Frame):
    """Two rows: the referral channels, and all others for comparison."""

    what = column.text("By referral, or By other channels")
    asked = column.number("referrals a year the plan asks all customers for; missing for others")
    leads = column.count("leads created in the trailing 12 months")
    decided = column.count("of them with a deal won or lost")
    won = column.count("of them won")
    win_rate = column.share("won of decided", low="low", high="high")
    low = column.share("lower end of the Wilson 95 % interval")
    high = column.share("upper end")
    revenue = column.money("net amount of orders by referral; missing without channels of orders")


def referrals(book: Book, rows: pd.DataFrame) -> pd.DataFrame | None:
    """A frame of ``ReferralChannels``; None where leads have no channel.

    rows: customers with referrals [a year, asked of each].
    """
    if not book.has("leads", "created", "channel"):
        return None
    window, names = (
        book.window("trailing_12m"),
        {name.casefold() for name in book.settings.segments.referral_channels},
    )
    leads = contacts.leads(book.table("leads"))
    leads = leads[(leads["created"] >= pd.Timestamp(window.start)) & leads["channel"].notna()]
    referred = leads["channel"].str.strip().str.casefold().isin(names)
    outcome = leads["lead_id"].map(deal_outcomes(book))
    revenue = (
        purchases.channel_sales(book.table("orders"), window, names)[0]
        if book.has("orders", "channel")
        else None
    )
    return ReferralChannels.make(
        [
            {
                "what": say("By referral"),
                "asked": rows["referrals"].sum(),
                **_outcomes(outcome[referred]),
                "revenue": revenue,
            },
            {
                "what": say("By other channels"),
                "asked": None,
                **_outcomes(outcome[~referred]),
                "revenue": None,
            },
        ]
    )


def _outcomes(outcome: pd.Series) -> dict[str, Any]:
    k, n = int((outcome == "won").sum()), int(outcome.isin(["won", "lost"]).sum())
    low, high = wilson(k, n)
    return {
        "leads": len(outcome),
        "decided": n,
        "won": k,
        "win_rate": k / n if n else None,
        "low": low,
        "high": high,
    }


def referral_table(found: pd.DataFrame, as_of: date, fmt: Formats) -> Table:
    """Referrals asked and come. found: a frame of ``ReferralChannels``."""
    columns = [
        Col("what", "term", label="Referrals", weight=2),
        Col("asked", "count", "Asked of customers"),
        Col("leads", "count", "Leads come"),
        Col("decided", "count", "Decided deals"),
        Col("won", "count"),
        Col("win_rate", "share", "Win rate", low="low", high="high"),
        Col("revenue", "money", "Revenue by this channel"),
    ]
    return table(
        found,
        columns,
        fmt,
        title=say("Referrals asked and come"),
        note=(
            say(
                "leads created and net amount of orders in the trailing 12 months ·"
                " Wilson 95 % · as of {as_of}",
                as_of=fmt.text(as_of, "date"),
            )
        ),
    )
