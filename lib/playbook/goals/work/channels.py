"""Leads needed by channel: the leads that the deals take, split by today's mix of leads."""

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
from playbook.base.language import say
from playbook.data.book import Book
from playbook.data.measures import lead_counts
from playbook.data.measures.stage_rates import lead_rates
from playbook.methods.apportionment import split
from playbook.methods.intervals import Rate
from playbook.page import Col, Table, table

from .capacity import (
    Capacity,
    monthly_mean,
    per_week,
    per_week_columns,
    tone_of_cover,
)


class LeadsByChannel(Frame):
    """One row per channel: the deals it is to bring and the leads they take, a month."""

    channel = text("the channel's key")
    deals = count("deals, split by where they were won (largest remainder)")
    rate = share("lead to deal, of leads old enough to have had their time", low="low", high="high")
    low = share("lower end of the Wilson 95 % interval of the rate")
    high = share("upper end of the Wilson 95 % interval of the rate")
    n = count("leads the rate is learnt from")
    expected = count("leads needed in expectation; the channels sum to the page's number of leads")
    sure = count("leads that are enough with the probability asked for; sum as well")
    there = number("leads created a month, trailing 12 months")
    covered = share("there ÷ sure; missing where none are needed")
    week = number("sure a week")
    day = number("sure a working day of the next month")
    rep = number("sure a rep and week; missing where the number of reps is not known")


def channels(book: Book, deals: int, leads: pd.DataFrame, capacity: Capacity) -> pd.DataFrame:
    """Leads needed and there by channel, most deals first; no rows where the book does not know
    channels or no lead has been won.

    leads: ``StageNeeds`` of the leads. Deals are split by where they were won, leads by where they
    came from: each channel keeps its own rate, and the parts sum to the totals.
    """
    if leads.empty or not book.has("leads", "channel"):
        return LeadsByChannel.make([])
    old = lead_rates(book)
    there = monthly_mean(
        book, "leads", lead_counts.leads_by_month(book, ("channel",)), "leads", "channel"
    )
    total = leads.iloc[0]
    frame = pd.DataFrame(
        {
            "channel": list(old.index),
            "deals": split(deals, old["won"]),
            "n": old["leads"].to_numpy(),
            "expected": split(int(total["expected"]), old["leads"]),
            "sure": split(int(total["sure"]), old["leads"]),
        }
    )
    rates = [Rate(int(row["won"]), int(row["leads"])) for row in old.to_dict("records")]
    frame["rate"] = [rate.value for rate in rates]
    frame["low"], frame["high"] = zip(*(rate.interval for rate in rates), strict=True)
    frame["there"] = [float(there.get(channel, 0.0)) for channel in frame["channel"]]
    frame["covered"] = [
        have / sure if sure else None
        for have, sure in zip(frame["there"], frame["sure"], strict=True)
    ]
    made = LeadsByChannel.make(dict(per_week(frame, capacity).items()))
    return made.sort_values(
        ["deals", "channel"], ascending=[False, True], kind="stable", ignore_index=True
    )


def channel_tables(
    channels: pd.DataFrame, probability: float, capacity: Capacity, source: str, fmt: Formats
) -> list[Table]:
    """Leads needed by channel; no table without channels.

    channels: ``LeadsByChannel``; source: which leads the rates are learnt from.
    """
    if channels.empty:
        return []
    columns = [
        Col("channel", "name"),
        Col("deals", "count", "Deals"),
        Col("rate", "share", "Lead to deal", low="low", high="high"),
        Col("n", "count", "n"),
        Col("expected", "count", "Expected"),
        Col(
            "sure",
            "count",
            say("For {probability}", probability=fmt.share(probability, decimals=0)),
        ),
        *per_week_columns(capacity),
        Col("there", "number", "There a month", decimals=1),
        Col("covered", "share", "Covered", decimals=0, tone=tone_of_cover),
    ]
    return [
        table(
            channels,
            columns,
            fmt,
            title=say("Leads needed by channel"),
            limit=15,
            total={
                "channel": "All",
                **{k: int(channels[k].sum()) for k in ("deals", "n", "expected", "sure")},
                "there": float(channels["there"].sum()),
            },
            note=(
                say(
                    "leads a month · deals split by where they were won, leads by where"
                    " they came from (largest remainder), so that they sum to the leads"
                    " above · rate: {source} that became a deal · there: leads created a"
                    " month, trailing 12 months",
                    source=source,
                )
            ),
        )
    ]
