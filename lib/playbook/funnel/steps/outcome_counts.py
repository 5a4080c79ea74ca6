"""Deals opened and decided in a window, and the two win rates."""

from __future__ import annotations

import pandas as pd

from playbook.base import contracts as col
from playbook.base.contracts import Frame
from playbook.data.book import Book
from playbook.funnel.windows import inside
from playbook.methods.intervals import Rate


class OutcomeCounts(Frame):
    """One row per window: deals opened and decided."""

    window = col.text("which window: month, trailing_12m or all")
    created = col.count("deals created in the window")
    won = col.count("deals won, by closing date")
    lost = col.count("deals lost, by closing date")
    open = col.count("of the created, still open")
    won_of_created = col.count("of the created, won by now")
    won_amount = col.money("amount of the won deals; unknown when none carries one")
    pipeline_amount = col.money("expected amount of the open ones")
    priced = col.count("open ones that carry an expected amount")
    narrow = col.share("won ÷ (won + lost)", low="narrow_low", high="narrow_high")
    narrow_low = col.share("lower end of the Wilson 95 % interval")
    narrow_high = col.share("upper end of the Wilson 95 % interval")
    broad = col.share("won_of_created ÷ created", low="broad_low", high="broad_high")
    broad_low = col.share("lower end of the Wilson 95 % interval")
    broad_high = col.share("upper end of the Wilson 95 % interval")


def outcomes_in(counts: pd.DataFrame, book: Book, window: str, losses: bool = True) -> dict:
    """One window's counts, amounts and rates. losses: whether lost deals are recorded; without
    them won ÷ decided is not known.
    """
    closed, created = (
        counts[inside(counts.closed, book, window)],
        counts[inside(counts.created, book, window)],
    )
    won, lost, still = (
        closed[closed.outcome == "won"],
        closed[closed.outcome == "lost"],
        created[created.outcome == "open"],
    )
    row: dict = {
        "window": window,
        "created": int(created.n.sum()),
        "won": int(won.n.sum()),
        "lost": int(lost.n.sum()),
        "open": int(still.n.sum()),
        "won_of_created": int(created.n[created.outcome == "won"].sum()),
        "won_amount": float(won.amount.sum()) if won.amounts.sum() or won.empty else None,
        "pipeline_amount": float(still.expected.sum()),
        "priced": int(still.expecteds.sum()),
    }
    for kind, rate in (
        ("narrow", Rate(row["won"], row["won"] + row["lost"]) if losses else Rate(0, 0)),
        ("broad", Rate(row["won_of_created"], row["created"])),
    ):
        row[kind], (row[f"{kind}_low"], row[f"{kind}_high"]) = rate.value, rate.interval
    return row
