"""What people sell by how long they are on board."""

from __future__ import annotations

import numpy as np
import pandas as pd

from playbook.base import contracts as c
from playbook.base.contracts import Frame
from playbook.base.language import later, say
from playbook.base.months import month_numbers
from playbook.data.measures.credits import TICKS
from playbook.methods.means import clustered_mean
from playbook.pay.history import History

BANDS = (
    (0, 3, later("first 3 months", context="on board")),
    (3, 6, later("months 4-6", context="on board")),
    (6, 12, later("months 7-12", context="on board")),
    (12, 24, later("second year", context="on board")),
    (24, None, later("later", context="on board")),
)


def band_said(band: str) -> str:
    """A span on board in the language spoken."""
    return say(band, context="on board")


class TenureSales(Frame):
    """One row per span on board: credit of the trailing twelve months."""

    band = c.text("how long on board")
    reps = c.count("reps with a month in the span")
    months = c.count("rep-months")
    per_month = c.money("mean credited a month", low="low", high="high")
    low = c.money("lower end of the 95 % interval, months of one rep taken together")
    high = c.money("upper end of the 95 % interval")
    relative = c.share("per_month ÷ that of the longest-serving")


def by_tenure(past: History) -> pd.DataFrame:
    """Credit a month in the trailing twelve months by time on board (``TenureSales``).

    Only months in which a rep was on board from the first day to the last count.
    """
    known = past.people[past.people["hired"].notna() & past.people["rep_id"].isin(past.sellers)]
    months = pd.period_range(end=pd.Period(past.book.as_of, freq="M"), periods=12, freq="M")
    grid = known.assign(key=1).merge(pd.DataFrame({"month": months, "key": 1}), on="key")
    start, end = grid["month"].dt.start_time, grid["month"].dt.end_time
    grid = grid[
        (grid["hired"] <= start) & (grid["left"].isna() | (grid["left"] >= end.dt.normalize()))
    ]
    if not len(grid):
        return TenureSales.make([])
    credit = (
        past.orders.assign(month=past.orders["date"].dt.to_period("M"))
        .groupby(["rep_id", "month"])["amount"]
        .sum()
        / TICKS
    )
    grid["amount"] = [
        float(credit.get(key, 0.0)) for key in zip(grid["rep_id"], grid["month"], strict=True)
    ]
    on_board = month_numbers(grid["month"].dt.start_time) - month_numbers(grid["hired"])
    rows = []
    for low, high, name in BANDS:
        part = grid[(on_board >= low) & ((on_board < high) if high else True)]
        if len(part):
            rows.append(
                {
                    "band": name,
                    "reps": part["rep_id"].nunique(),
                    "months": len(part),
                    **dict(
                        zip(
                            ("per_month", "low", "high"),
                            clustered_mean(part["amount"], part["rep_id"]),
                            strict=True,
                        )
                    ),
                }
            )
    frame = pd.DataFrame(rows)
    best = frame["per_month"].iloc[-1]
    return frame.assign(relative=frame["per_month"] / best if best > 0 else np.nan)
