"""Who the customers are, and who looks after them."""

from __future__ import annotations

import narwhals as nw
import pandas as pd

from .customers import is_order
from .frames import collect


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
    newest = named.group_by("customer_id").agg(nw.col("date").max().alias("newest"))
    last = named.join(newest, on="customer_id").filter(nw.col("date") == nw.col("newest"))
    ids = last.group_by("customer_id").agg(nw.col("order_id").max().alias("order_id"))
    return collect(
        last.join(ids, on=["customer_id", "order_id"])
        .group_by("customer_id")
        .agg(nw.col("rep_id").max()),
        sort=["customer_id"],
    )


def rep_names(reps: nw.LazyFrame) -> pd.DataFrame:
    """rep_id, name, team and the day the rep left; sorted by rep_id."""
    return collect(reps.select("rep_id", "name", "team", "left"), sort=["rep_id"])
