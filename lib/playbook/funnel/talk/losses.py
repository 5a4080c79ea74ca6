"""Why deals are lost."""

from __future__ import annotations

import numpy as np
import pandas as pd

from playbook.base import contracts as col
from playbook.base.contracts import Frame
from playbook.base.language import later
from playbook.data.book import Book
from playbook.data.coverage import coverage
from playbook.funnel.windows import bounds
from playbook.methods.intervals import wilson

from .wording import NONE, tidy


class LossReasons(Frame):
    """One row per reason, deals closed in the last 12 months, the most frequent first; deals
    without a reason come last and are in no share.
    """

    reason = col.text(later("the reason as written, blanks and capitals aside"))
    n = col.count(later("lost deals"))
    share = col.share(later("of the lost deals with a reason"), low="low", high="high")
    low = col.share(later("lower end of the Wilson 95 % interval"))
    high = col.share(later("upper end of the Wilson 95 % interval"))
    amount = col.money(later("their expected amount, of those that have one"))
    before = col.share(later("share of the year before; empty where it is not covered"))


def loss_reasons(counts: pd.DataFrame, book: Book) -> pd.DataFrame:
    """LossReasons from the counts of lost deals by closing month and reason."""
    counts = counts.assign(reason=[tidy(r) for r in counts.reason])
    first, last = bounds(book, "trailing_12m")
    now, then = (
        counts[counts.month.between(first, last)],
        counts[counts.month.between(first - 12, first - 1)],
    )
    sums = now.groupby("reason")[["n", "expected"]].sum(min_count=1)
    old = then[then.reason != NONE].groupby("reason").n.sum()
    year = book.window("trailing_12m").year_before()
    known = old.sum() and not coverage(book, "opportunities", "closed").window_gap(year)
    given = sums.index != NONE
    total = float(sums.n[given].sum())
    told = sums.n.to_numpy(float) * given  # the deals without a reason are no part of the total
    low, high = wilson(told, np.full(len(sums), total)) if total else (np.nan,) * 2
    frame = pd.DataFrame(
        {
            "reason": sums.index,
            "n": sums.n.to_numpy(int),
            "share": told / total if total else np.nan,
            "low": low,
            "high": high,
            "amount": sums.expected.to_numpy(float),
            "before": (old.reindex(sums.index).fillna(0) / old.sum()).to_numpy()
            if known
            else np.nan,
        }
    )
    frame.loc[~given, ["share", "low", "high", "before"]] = np.nan
    return (
        frame.assign(last=~given)
        .sort_values(["last", "n", "reason"], ascending=[True, False, True], kind="stable")
        .drop(columns="last")
        .reset_index(drop=True)
    )
