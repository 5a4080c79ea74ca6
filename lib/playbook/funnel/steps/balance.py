"""TODO."""

from __future__ import annotations

import pandas as pd

from playbook.data.measures.deals import (
    Deals,
    step_counts,
)


def stage_balance(deals: Deals) -> pd.DataFrame:
    """Entered = advanced + lost + still there, stage by stage, all data, dated or not."""
    rows = []
    for k in range(deals.last):
        counts = step_counts(deals, k, k + 1, days=False)
        by = counts.groupby("status").n.sum().reindex(["advanced", "lost", "open"], fill_value=0)
        rows.append(
            {
                "stage": deals.stages[k],
                "entered": int(counts.n.sum()),
                "advanced": int(by.advanced),
                "lost": int(by.lost),
                "open": int(by.open),
                "skipped": int(counts.n[counts.seen == 0].sum()),
                "undated": int(counts.n[counts.month.isna()].sum()),
            }
        )
    return pd.DataFrame(rows)
