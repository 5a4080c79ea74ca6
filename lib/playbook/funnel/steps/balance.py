"""What became of every deal that entered a stage."""

from __future__ import annotations

from datetime import date

import pandas as pd

from playbook.base import contracts as col
from playbook.base.contracts import Frame
from playbook.base.formats import Formats
from playbook.data.measures.deals import (
    Deals,
    step_counts,
)
from playbook.page import Col, Table, table


class StageBalance(Frame):
    """One row per stage: what became of every deal that entered it, dated or not."""

    stage = col.text("the stage")
    entered = col.count("deals that entered: advanced + lost + open")
    advanced = col.count("reached a later stage")
    lost = col.count("lost in the stage")
    open = col.count("still there")
    skipped = col.count("passed without an entry on record")
    undated = col.count("entered on a day that is not known")


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
    return StageBalance.make(rows)


def balance_table(balance: pd.DataFrame, fmt: Formats, as_of: date) -> Table:
    """The balance of the stages, for the page."""
    return table(
        balance,
        [
            Col("stage"),
            Col("entered", "count"),
            Col("advanced", "count"),
            Col("lost", "count", "Lost there"),
            Col("open", "count", "Still there"),
            Col("skipped", "count", "Passed unseen"),
            Col("undated", "count", "No entry day"),
        ],
        fmt,
        title="What became of every deal that entered",
        note=(
            "Deals, all data; entered = advanced + lost + still there; as of"
            f" {fmt.text(as_of, 'date')}"
        ),
    )
