"""Whether the chances that a source gives come true."""

from __future__ import annotations

import numpy as np
import pandas as pd

from playbook.base import contracts as col
from playbook.base.contracts import Frame
from playbook.base.language import later, say
from playbook.data.book import Book
from playbook.data.measures.snapshots import first_chances
from playbook.methods.calibration import brier, calibration_bins
from playbook.methods.comparisons import holm
from playbook.methods.intervals import wilson

LEVEL = 0.05


TOO_MUCH, TOO_LITTLE, AS_PROMISED = (
    later("promised too much"),
    later("promised too little"),
    later("as promised"),
)


class ChanceBins(Frame):
    """One row per range of given chances."""

    low = col.share(later("chances above this …"))
    high = col.share(later("… up to this"))
    n = col.count(later("decided deals first given such a chance"))
    given = col.share(later("mean of the chances given"))
    won = col.count(later("of them, won"))
    rate = col.share(later("won ÷ n"), low="rate_low", high="rate_high")
    rate_low = col.share(later("lower end of the Wilson 95 % interval"))
    rate_high = col.share(later("upper end of the Wilson 95 % interval"))
    reading = col.text(later("as promised, promised too much or promised too little"))


def judged(
    book: Book, offered: bool
) -> tuple[pd.DataFrame, tuple[float, float] | None, int, int, str]:
    """Bins, Brier scores, decided deals, open ones, and why not."""
    none = ChanceBins.make([])
    if not book.has("snapshots", "probability"):
        why = (
            say(
                "Whether these chances come true cannot be told: the source keeps"
                " the newest alone (table snapshots keeps what was given on earlier"
                " days)."
            )
            if offered
            else ""
        )
        return none, None, 0, 0, why
    rows = first_chances(book)
    ended = rows[rows.outcome.isin(["won", "lost"])]
    waiting = len(rows) - len(ended)
    if ended.empty:
        return none, None, 0, waiting, say("No deal that was given a chance is decided yet.")
    won = (ended.outcome == "won").to_numpy()
    bins = calibration_bins(ended.given.astype(float), won)
    p = holm([b.p for b in bins])
    found = []
    for b, chance in zip(bins, p, strict=True):
        low, high = wilson(b.happened, b.n)
        off = TOO_MUCH if b.given > b.happened / b.n else TOO_LITTLE
        found.append(
            {
                "low": b.low,
                "high": b.high,
                "n": b.n,
                "given": b.given,
                "won": b.happened,
                "rate": b.happened / b.n,
                "rate_low": low,
                "rate_high": high,
                "reading": off if chance < LEVEL else AS_PROMISED,
            }
        )
    scores = brier(ended.given.astype(float), won), brier(np.full(len(won), won.mean()), won)
    return ChanceBins.make(found), scores, len(ended), waiting, ""
