"""TODO."""

from __future__ import annotations

import pandas as pd

from playbook.data.book import Book
from playbook.data.measures.deals import Deals
from playbook.methods.survival import kaplan_meier, median_time, quantile

from .cohorts import steps_of


def stage_times(deals: Deals, book: Book) -> pd.DataFrame:
    """Time in each dated stage (Kaplan-Meier on leaving it) and the limit after which a deal is
    stuck.
    """
    rows = []
    for step in steps_of(deals, book):
        timed = step.counts[(step.counts.days >= 0)]
        gone = timed.status != "open"
        median, low, high = median_time(kaplan_meier(timed.days, gone, timed.n))
        done = timed[timed.status == "advanced"]
        rows.append(
            {
                "stage": step.start,
                "entered": int(timed.n.sum()),
                "left": int(timed.n[gone].sum()),
                "median": median,
                "low": low,
                "high": high,
                "advance_median": quantile(done.days, done.n, 0.5),
                "limit": quantile(done.days, done.n, book.settings.funnel.stuck_percentile),
            }
        )
    columns = ["stage", "entered", "left", "median", "low", "high", "advance_median", "limit"]
    return pd.DataFrame(rows, columns=columns).astype({c: float for c in columns[3:]})
