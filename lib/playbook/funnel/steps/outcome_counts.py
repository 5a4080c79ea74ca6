"""Deals opened and decided in a window, and the two win rates."""

from __future__ import annotations

import pandas as pd

from playbook.base import contracts as col
from playbook.base.contracts import Frame
from playbook.base.language import later
from playbook.data.book import Book
from playbook.funnel.windows import inside
from playbook.methods.intervals import Rate


class OutcomeCounts(Frame):
    """One row per window: deals opened and decided."""

    window = col.text(later("which window: month, trailing_12m or all"))
    created = col.count(later("deals created in the window"))
    won = col.count(later("deals won, by closing date"))
    lost = col.count(later("deals lost, by closing date"))
    open = col.count(later("of the created, still open"))
    won_of_created = col.count(later("of the created, won by now"))
    won_amount = col.money(later("amount of the won deals; unknown when none carries one"))
    pipeline_amount = col.money(later("expected amount of the open ones"))
    priced = col.count(later("open ones that carry an expected amount"))
    narrow = col.share(later("won ÷ (won + lost)"), low="narrow_low", high="narrow_high")
    narrow_low = col.share(later("lower end of the Wilson 95 % interval"))
    narrow_high = col.share(later("upper end of the Wilson 95 % interval"))
    broad = col.share(later("won_of_created ÷ created"), low="broad_low", high="broad_high")
    broad_low = col.share(later("lower end of the Wilson 95 % interval"))
    broad_high = col.share(later("upper end of the Wilson 95 % interval"))


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
