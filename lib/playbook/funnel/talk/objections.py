"""How often deals meet an objection, and what becomes of them."""

from __future__ import annotations

import numpy as np
import pandas as pd

from playbook.base import contracts as col
from playbook.base.contracts import Frame
from playbook.base.language import later
from playbook.data.book import Book
from playbook.funnel.windows import SPANS, inside
from playbook.methods.intervals import wilson

from .wording import tidy

UNKNOWN = later("none on record")


class ObjectionRates(Frame):
    """One row per window."""

    window = col.text(later("which window: month, trailing_12m or all"))
    k = col.count(later("deals that met an objection"))
    n = col.count(later("deals that reached the stage"))


class ObjectionOutcomes(Frame):
    """One row per objection, the last 12 months, the most frequent first."""

    objection = col.text(later("the objection as written, or none on record"))
    n = col.count("deals")
    won = col.count(later("of these, won"))
    lost = col.count(later("of these, lost"))
    rate = col.share(later("won ÷ (won + lost)"), low="low", high="high")
    low = col.share(later("lower end of the Wilson 95 % interval"))
    high = col.share(later("upper end of the Wilson 95 % interval"))


def objection_rates(counts: pd.DataFrame | None, book: Book) -> pd.DataFrame:
    rows = []
    for window in SPANS if counts is not None else ():
        part = counts[inside(counts.month, book, window)]
        rows.append(
            {
                "window": window,
                "k": int(part.n[part.objection.notna()].sum()),
                "n": int(part.n.sum()),
            }
        )
    return ObjectionRates.make(rows)


def objections_met(counts: pd.DataFrame | None, book: Book) -> pd.DataFrame:
    if counts is None:
        return ObjectionOutcomes.make([])
    part = counts[inside(counts.month, book, "trailing_12m")]
    part = part.assign(
        objection=[tidy(o) if isinstance(o, str) else UNKNOWN for o in part.objection]
    )
    sums = part.groupby("objection")[["n", "won", "lost"]].sum().reset_index()
    low, high = (
        wilson(sums.won.to_numpy(), (sums.won + sums.lost).to_numpy()) if len(sums) else ([], [])
    )
    sums = sums.assign(
        rate=sums.won / (sums.won + sums.lost).where(sums.won + sums.lost > 0), low=low, high=high
    )
    if not counts.lost.sum():  # a win rate needs losses on record
        sums = sums.assign(rate=np.nan, low=np.nan, high=np.nan)
    return sums.sort_values(["n", "objection"], ascending=[False, True], kind="stable").reset_index(
        drop=True
    )
