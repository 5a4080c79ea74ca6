"""Each person's sales in the months before and after a course."""

from __future__ import annotations

import pandas as pd

from playbook.data.measures.credits import TICKS
from playbook.pay.history import History

AROUND = 91  # days before and after a course in which results are compared


def sales_change(past: History, part: pd.DataFrame) -> pd.DataFrame:
    """Change of monthly credited sales around the course per person: rep_id, control, change; only
    people on board, and days known, on both sides.
    """
    span, end = pd.Timedelta(days=AROUND), pd.Timestamp(past.book.as_of)
    who = part.merge(past.people[["rep_id", "hired", "left"]], on="rep_id", how="left")
    able = (
        (who["date"] + span <= end)
        & (who["date"] - span >= past.orders["date"].min())
        & ~(who["hired"] > who["date"] - span)
        & ~(who["left"] < who["date"] + span)
    )
    rows = []
    for r in who[able].itertuples(index=False):
        mine = past.orders[past.orders["rep_id"] == r.rep_id]
        before = mine.loc[(mine["date"] >= r.date - span) & (mine["date"] < r.date), "amount"].sum()
        after = mine.loc[(mine["date"] > r.date) & (mine["date"] <= r.date + span), "amount"].sum()
        rows.append((r.rep_id, bool(r.control), float(after - before) / TICKS / (AROUND / 30.44)))
    return pd.DataFrame(rows, columns=["rep_id", "control", "change"]).astype({"control": bool})
