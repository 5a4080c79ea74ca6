"""Open deals that stand too long, are past their day or due soon."""

from __future__ import annotations

import narwhals as nw
import pandas as pd

from .days import day_in, day_number, flag, packed
from .deals import Deals, deal_value, whole_day
from .frames import collect


def open_deals(
    deals: Deals, limits: dict[int, float], most: int, soon: int = 0
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Open deals past their stage's limit [days], past their expected closing day, or expected
    within ``soon`` days.

    Returns
    -------
    counts per stage the deals are in (current, stuck, overdue, soon, n) over all of them, and the
    ``most`` largest: opportunity_id, customer_id, lead_id, rep_id, moved_back, expected_close,
    current, expected, days (in the current stage), stuck, overdue, soon.
    """
    today = day_number(deals.as_of)
    limit = nw.lit(None, dtype=nw.Float64)
    for i, days in limits.items():
        limit = nw.when(nw.col("current") == i).then(nw.lit(float(days))).otherwise(limit)
    rows = deals.rows.filter(nw.col("outcome") == "open").select(
        "opportunity_id",
        "customer_id",
        "lead_id",
        "rep_id",
        "moved_back",
        "expected_close",
        current=nw.col("current").cast(nw.Int64),
        expected=deal_value(),
        days=nw.lit(today) - whole_day("since"),
        limit=limit,
        late=nw.lit(today) - _day_from("expected_close"),
    )
    rows = rows.with_columns(
        stuck=flag(nw.col("days") > nw.col("limit")),
        overdue=flag(nw.col("late") >= 0),
        soon=flag((nw.col("late") < 0) & (nw.col("late") >= -soon)),
    )
    flags = ["current", "stuck", "overdue", "soon"]
    counts = collect(rows.group_by(*flags).agg(n=nw.len()), sort=flags)
    chosen = rows.filter((nw.col("stuck") == 1) | (nw.col("overdue") == 1) | (nw.col("soon") == 1))
    chosen = chosen.with_columns(
        size=nw.coalesce(nw.col("expected").cast(nw.Float64), nw.lit(0.0)),
        age=nw.coalesce(nw.col("days"), nw.lit(0)),
    )
    chosen = chosen.sort("size", "age", "opportunity_id", descending=[True, True, False]).head(most)
    return counts, collect(chosen.drop("limit"), sort=["opportunity_id"])


def _day_from(column: str) -> nw.Expr:
    return day_in(packed(column))
