"""Who the customers are, and who looks after them."""

from __future__ import annotations

import narwhals as nw
import pandas as pd

from .customers import is_order
from .frames import collect

BETWEEN = "\x01"  # sorts before every character of an id


def who(customers: nw.LazyFrame) -> pd.DataFrame:
    """Customers by name, owner and kind; sorted by customer_id. No personal contact data."""
    return collect(
        customers.select(
            "customer_id",
            "name",
            "industry",
            "region",
            "customer_type",
            "rep_id",
            "strategic",
            "since",
        ),
        sort=["customer_id"],
    )


def last_rep(orders: nw.LazyFrame) -> pd.DataFrame:
    """customer_id, rep_id of the customer's newest order that names one (largest order_id among the
    same day).
    """
    named = orders.filter(~nw.col("rep_id").is_null(), is_order())
    # one pass: of day, order and rep written one behind the other the largest is the newest
    day = nw.col("date").cast(nw.Date).cast(nw.String)
    newest = nw.concat_str([day, nw.col("order_id"), nw.col("rep_id")], separator=BETWEEN).max()
    rows = named.filter(~nw.col("customer_id").is_null()).group_by("customer_id")
    found = collect(rows.agg(newest.alias("newest")), sort=["customer_id"]).dropna()
    return pd.DataFrame(
        {
            "customer_id": found["customer_id"],
            "rep_id": found["newest"].str.rsplit(BETWEEN, n=1).str[-1],
        }
    ).reset_index(drop=True)


def rep_names(reps: nw.LazyFrame) -> pd.DataFrame:
    """rep_id, name, team and the day the rep left; sorted by rep_id."""
    return collect(reps.select("rep_id", "name", "team", "left"), sort=["rep_id"])
