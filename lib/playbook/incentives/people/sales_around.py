"""Each person's sales in the months before and after a course."""

from __future__ import annotations

import numpy as np
import pandas as pd

from playbook.data.measures.credits import TICKS
from playbook.pay.history import History

AROUND = 91  # days before and after a course in which results are compared
NOTHING = np.empty(0, dtype=np.int64)


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
    days, amounts = past.orders["date"].to_numpy(), past.orders["amount"].to_numpy()
    places = past.orders.groupby("rep_id").indices
    rows = []
    for r in who[able].itertuples(index=False):
        mine = places.get(r.rep_id, NOTHING)
        sold, day = amounts[mine], days[mine]
        low, at, high = (d.to_datetime64() for d in (r.date - span, r.date, r.date + span))
        change = sold[(day > at) & (day <= high)].sum() - sold[(day >= low) & (day < at)].sum()
        rows.append((r.rep_id, bool(r.control), float(change) / TICKS / (AROUND / 30.44)))
    return pd.DataFrame(rows, columns=["rep_id", "control", "change"]).astype({"control": bool})
