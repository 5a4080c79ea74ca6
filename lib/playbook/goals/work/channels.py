"""Leads needed by channel: deals split by where they were won, at each channel's own rate."""

from __future__ import annotations

import pandas as pd

from playbook.base.contracts import (
    Frame,
    count,
    number,
    share,
    text,
)
from playbook.base.formats import Formats
from playbook.data.book import Book
from playbook.data.measures import sales, work
from playbook.methods.apportionment import split
from playbook.methods.intervals import Rate
from playbook.methods.planning import needed, needed_for
from playbook.page import Col, Table, table

from .capacity import (
    Capacity,
    per_week,
    per_week_columns,
    tone_of_cover,
)
from .rates import leads_wait


class LeadsByChannel(Frame):
    """One row per channel: the deals it is to bring and the leads they take, a month."""

    channel = text("the channel's key")
    deals = count("deals, split by where they were won (largest remainder)")
    rate = share("lead to deal, of leads old enough to have had their time", low="low", high="high")
    low = share("lower end of the Wilson 95 % interval of the rate")
    high = share("upper end of the Wilson 95 % interval of the rate")
    n = count("leads the rate is learnt from")
    expected = count("leads needed in expectation; missing where no lead was won")
    sure = count("leads that are enough with the probability asked for")
    there = number("leads created a month, trailing 12 months")
    covered = share("there ÷ sure")
    week = number("sure a week")
    day = number("sure a working day of the next month")
    rep = number("sure a rep and week; missing where the number of reps is not known")


def channels(book: Book, deals: int, probability: float, capacity: Capacity) -> pd.DataFrame:
    """Leads needed and brought by channel, most deals first; no rows where the book does not know
    channels or no lead has been won.
    """
    if not book.has("leads", "created", "channel") or not book.has("opportunities", "outcome"):
        return LeadsByChannel.make([])
    leads, lag = work.leads_by_month(book, ("channel",)), leads_wait(book)
    old = (
        sales.within(leads, book.month - lag - 11, book.month - lag)
        .groupby("channel", sort=True)[["leads", "won"]]
        .sum()
    )
    now = sales.in_window(leads, book.window("trailing_12m")).groupby("channel")["leads"].sum() / 12
    if not old["won"].sum():
        return LeadsByChannel.make([])
    rows = []
    for (channel, row), part in zip(old.iterrows(), split(deals, old["won"]), strict=True):
        rate, there = Rate(int(row["won"]), int(row["leads"])), float(now.get(channel, 0.0))
        known = (
            (needed(int(part), rate.value), needed_for(int(part), rate.value, probability))
            if rate.value
            else (None, None)
        )
        low, high = rate.interval
        rows.append(
            {
                "channel": channel,
                "deals": int(part),
                "rate": rate.value,
                "low": low,
                "high": high,
                "n": rate.n,
                "expected": known[0],
                "sure": known[1],
                "there": there,
                "covered": there / known[1] if known[1] else None,
            }
        )
    made = LeadsByChannel.make(dict(per_week(pd.DataFrame(rows), capacity).items()))
    return made.sort_values(
        ["deals", "channel"], ascending=[False, True], kind="stable", ignore_index=True
    )


def channel_tables(
    channels: pd.DataFrame, probability: float, capacity: Capacity, wait: int, fmt: Formats
) -> list[Table]:
    """Leads needed by channel; no table without channels.

    channels: ``LeadsByChannel``; wait: whole months a lead is given before its cohort counts.
    """
    if channels.empty:
        return []
    columns = [
        Col("channel"),
        Col("deals", "count", "Deals"),
        Col("rate", "share", "Lead to deal", low="low", high="high"),
        Col("n", "count", "n"),
        Col("expected", "count", "Expected"),
        Col("sure", "count", f"For {fmt.share(probability, decimals=0)}"),
        *per_week_columns(capacity),
        Col("there", "number", "There a month", decimals=1),
        Col("covered", "share", "Covered", decimals=0, tone=tone_of_cover),
    ]
    return [
        table(
            channels,
            columns,
            fmt,
            title="Leads needed by channel",
            limit=15,
            note=(
                "leads a month; deals split by where they were won (largest remainder) · rate:"
                f" leads {wait} to {wait + 11} months old that became a deal · there: leads created"
                " a month, trailing 12 months · – : no lead of the channel won yet"
            ),
        )
    ]
