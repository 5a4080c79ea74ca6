"""Why deals are lost."""

from __future__ import annotations

import numpy as np
import pandas as pd

from playbook.base import contracts as col
from playbook.base.contracts import Frame
from playbook.data.book import Book
from playbook.funnel.windows import bounds
from playbook.methods.intervals import wilson

from .wording import tidy


class LossReasons(Frame):
    """One row per reason, deals closed in the last 12 months, the most frequent first."""

    reason = col.text("the reason as written, blanks and capitals aside")
    n = col.count("lost deals")
    share = col.share("of all lost deals", low="low", high="high")
    low = col.share("lower end of the Wilson 95 % interval")
    high = col.share("upper end of the Wilson 95 % interval")
    amount = col.money("their expected amount")
    before = col.share("share of the year before")


def loss_reasons(counts: pd.DataFrame, book: Book) -> pd.DataFrame:
    counts = counts.assign(reason=[tidy(r) for r in counts.reason])
    first, last = bounds(book, "trailing_12m")
    now, then = (
        counts[counts.month.between(first, last)],
        counts[counts.month.between(first - 12, first - 1)],
    )
    sums, old = now.groupby("reason")[["n", "expected"]].sum(), then.groupby("reason").n.sum()
    low, high = (
        wilson(sums.n.to_numpy(), np.full(len(sums), sums.n.sum())) if len(sums) else ([], [])
    )
    frame = pd.DataFrame(
        {
            "reason": sums.index,
            "n": sums.n.to_numpy(int),
            "share": (sums.n / sums.n.sum()).to_numpy(),
            "low": low,
            "high": high,
            "amount": sums.expected.to_numpy(),
            "before": (
                (old.reindex(sums.index).fillna(0) / old.sum()).to_numpy() if old.sum() else np.nan
            ),
        }
    )
    return frame.sort_values(["n", "reason"], ascending=[False, True], kind="stable").reset_index(
        drop=True
    )
