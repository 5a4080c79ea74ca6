"""The few single deals a page lists: chosen, cut to the largest, and only then collected."""

from __future__ import annotations

import narwhals as nw
import pandas as pd

from .days import month_in
from .deals import Deals, deal_value
from .frames import collect


def stopped_deals(
    deals: Deals, k: int, to: int, by: dict[str, str], since: int, most: int
) -> pd.DataFrame:
    """The ``most`` largest deals of a place that entered stage ``k`` from month number ``since`` on
    and have not reached stage ``to``.

    Returns opportunity_id, customer_id, lead_id, rep_id, outcome, expected [currency], reason (of
    the loss, if given), largest first.
    """
    rows = deals.rows.filter(
        (nw.col("reached") >= k) & (nw.col("reached") < to) & (month_in(nw.col(f"r{k}")) >= since)
    )
    for column, member in by.items():
        rows = rows.filter(nw.col(column) == member)
    return _largest(
        rows.select(
            "opportunity_id",
            "customer_id",
            "lead_id",
            "rep_id",
            "outcome",
            expected=deal_value(),
            reason=nw.coalesce("lost_reason", "objection"),
        ),
        most,
    )


def _largest(rows: nw.LazyFrame, most: int) -> pd.DataFrame:
    """The largest by expected, ties by id."""
    rows = rows.with_columns(size=nw.coalesce(nw.col("expected").cast(nw.Float64), nw.lit(0.0)))
    frame = collect(
        rows.sort("size", "opportunity_id", descending=[True, False]).head(most),
        sort=["opportunity_id"],
    )
    return (
        frame.sort_values(["size", "opportunity_id"], ascending=[False, True], kind="stable")
        .drop(columns="size")
        .reset_index(drop=True)
    )
