"""What became of every deal that entered a stage."""

from __future__ import annotations

from datetime import date

import narwhals as nw
import pandas as pd

from playbook.base import contracts as col
from playbook.base.contracts import Frame
from playbook.base.formats import Formats
from playbook.base.language import later, say
from playbook.data.measures.deals import (
    Deals,
    step_counts,
)
from playbook.data.measures.frames import collect
from playbook.page import Col, Table, table


class StageBalance(Frame):
    """One row per stage: what became of every deal that entered it, dated or not.

    entered = advanced + lost + open + moved_back.
    """

    stage = col.text(later("the stage"))
    entered = col.count(later("deals that entered"))
    advanced = col.count(later("reached a later stage, and were not moved back here"))
    lost = col.count(later("lost in the stage"))
    open = col.count(later("still there"))
    moved_back = col.count(
        later("moved back to an earlier stage, where they are open or were lost")
    )
    skipped = col.count(later("passed without an entry on record"))
    undated = col.count(later("entered on a day that is not known"))


def stage_balance(deals: Deals) -> pd.DataFrame:
    """Entered = advanced + lost + still there + moved back, stage by stage, all data, dated or not.

    A deal that was moved back is where its last entry put it.
    """
    back = collect(
        deals.rows.filter(nw.col("moved_back") == 1)
        .group_by("reached", "current", "outcome")
        .agg(n=nw.len()),
        sort=["reached", "current", "outcome"],
    )
    rows = []
    for k in range(deals.last):
        counts = step_counts(deals, k, k + 1, days=False)
        by = counts.groupby("status").n.sum().reindex(["advanced", "lost", "open"], fill_value=0)
        here, away = back[back.current == k], back[(back.current < k) & (back.reached >= k)]
        came = here[here.reached > k]  # counted as advanced so far
        left = away[away.reached == k]  # counted as lost or open here so far
        through = away[away.reached > k]  # passed on from here, then moved back before it
        row = {
            "stage": deals.stages[k],
            "entered": int(counts.n.sum()),
            "advanced": int(by.advanced - came.n.sum() - through.n.sum()),
            "moved_back": int(away.n.sum()),
            "skipped": int(counts.n[counts.seen == 0].sum()),
            "undated": int(counts.n[counts.month.isna()].sum()),
        }
        for status in ("lost", "open"):
            gained, gone = (part.n[part.outcome == status].sum() for part in (came, left))
            row[status] = int(by[status] + gained - gone)
        rows.append(row)
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
            Col("moved_back", "count", "Moved back"),
            Col("skipped", "count", "Passed unseen"),
            Col("undated", "count", "No entry day"),
        ],
        fmt,
        title=say("What became of every deal that entered"),
        note=(
            say(
                "Deals, all data; entered = advanced + lost there + still there +"
                " moved back to an earlier stage; as of {as_of}",
                as_of=fmt.text(as_of, "date"),
            )
        ),
    )
