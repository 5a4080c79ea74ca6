"""Customers that bought again after a time without: when they had left and when they came back."""

from __future__ import annotations

from datetime import date

import narwhals as nw
import pandas as pd

from .customers import is_order
from .frames import collect


def comebacks(orders: nw.LazyFrame, start: date, end: date) -> pd.DataFrame:
    """Customers with orders before ``start`` and from it to ``end``: customer_id, left (the last
    order before) and back (the first one since), sorted by customer_id; refunds are no orders.
    """
    day = nw.col("date").cast(nw.Date)
    rows = orders.filter(is_order(), ~nw.col("customer_id").is_null()).select(
        "customer_id", day=day
    )
    early = rows.filter(nw.col("day") < start).group_by("customer_id")
    late = rows.filter((nw.col("day") >= start) & (nw.col("day") <= end)).group_by("customer_id")
    found = late.agg(back=nw.col("day").min()).join(
        early.agg(left=nw.col("day").max()), on="customer_id", how="inner"
    )
    frame = collect(found, sort=["customer_id"])[["customer_id", "left", "back"]]
    return frame.assign(left=pd.to_datetime(frame["left"]), back=pd.to_datetime(frame["back"]))
