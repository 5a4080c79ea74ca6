"""Win rate by closing month."""

from __future__ import annotations

import pandas as pd

from playbook.base import contracts as col
from playbook.base.contracts import Frame
from playbook.base.language import later
from playbook.data.book import Book
from playbook.funnel.windows import label
from playbook.methods.intervals import Rate


class MonthlyWinRates(Frame):
    """One row per closing month, months without a decision included; 24 at most."""

    month = col.month(later("closing month"))
    won = col.count("deals won")
    lost = col.count(later("deals lost"))
    narrow = col.share(later("won ÷ (won + lost)"), low="low", high="high")
    low = col.share(later("lower end of the Wilson 95 % interval"))
    high = col.share(later("upper end of the Wilson 95 % interval"))


def monthly_win_rates(decided: pd.DataFrame, book: Book, most: int = 24) -> pd.DataFrame:
    """Won ÷ decided by closing month, the last ``most`` months; a month without data has none
    decided.
    """
    known = decided.dropna(subset=["closed"])
    if known.empty:
        return MonthlyWinRates.make([])
    counts = known.pivot_table(
        index="closed", columns="outcome", values="n", aggfunc="sum", fill_value=0
    ).reindex(columns=["won", "lost"], fill_value=0)
    end = book.month.number
    counts = counts.reindex(
        range(max(int(counts.index.min()), end - most + 1), end + 1), fill_value=0
    )
    rates = [Rate(w, w + lost) for w, lost in zip(counts.won, counts.lost, strict=True)]
    return pd.DataFrame(
        {
            "month": [label(m) for m in counts.index],
            "won": counts.won.to_numpy(int),
            "lost": counts.lost.to_numpy(int),
            "narrow": (
                pd.array([r.value for r in rates], dtype="Float64").to_numpy(
                    float, na_value=float("nan")
                )
            ),
            "low": [r.interval[0] for r in rates],
            "high": [r.interval[1] for r in rates],
        }
    )
