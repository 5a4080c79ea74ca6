"""Customers of a small book as arrays, one row per customer and day of buying: what a channel's
customers buy and whether they stay is asked for every month of a year.

The same sums as ``channels`` gets from the engine, which is asked where there are more rows.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import narwhals as nw
import numpy as np
import pandas as pd

from .days import PACK
from .frames import collect, steady

MOST = 300_000  # customer-days held as arrays


@dataclass(frozen=True)
class FewBuyers:
    """customer (code), at (packed day), profit and bought (positive sales) per customer and day;
    channel (code, in the order of the alphabet, missing last) per customer; the channels' names.
    """

    customer: np.ndarray
    at: np.ndarray
    profit: np.ndarray
    bought: np.ndarray
    channel: np.ndarray
    names: pd.Series


def few(orders: nw.LazyFrame, channel_of: Callable[[], nw.LazyFrame]) -> FewBuyers | None:
    """The buyers as arrays; None where there are many, or they lie in a lake.

    orders: customer_id, at, profit, bought. channel_of: customer_id and channel.
    """
    if not orders.implementation.is_duckdb():
        return None
    days = orders.group_by("customer_id", "at").agg(
        profit=nw.col("profit").sum(), bought=nw.col("bought").max()
    )
    if int(orders.select(nw.len()).collect().item()) > MOST:
        return None
    rows = collect(
        days.join(channel_of(), on="customer_id", how="left"), sort=["customer_id", "at"]
    )
    customer, known = pd.factorize(rows["customer_id"], use_na_sentinel=False)
    channel, names = pd.factorize(rows["channel"], sort=True, use_na_sentinel=False)
    of_customer = np.zeros(len(known), dtype=np.int64)
    of_customer[customer] = channel
    return FewBuyers(
        customer,
        rows["at"].to_numpy(float, na_value=np.nan),
        rows["profit"].to_numpy(float, na_value=0.0),
        rows["bought"].fillna(value=False).to_numpy(bool),
        of_customer,
        pd.Series(names, dtype="str"),
    )


def by_channel(some: FewBuyers, lo: float, hi: float, before: float) -> pd.DataFrame:
    """``channels.customers_by_channel`` from arrays; the days packed."""
    there = some.at <= hi
    customer, at, bought = some.customer[there], some.at[there], some.bought[there]
    size, inside = len(some.channel), at >= lo
    profit = np.bincount(customer, np.where(inside, some.profit[there], 0.0), size)
    now = np.bincount(customer, bought & inside, size) > 0
    earlier = np.bincount(customer, bought & (at >= before) & ~inside, size) > 0
    first = np.full(size, np.inf)
    np.minimum.at(first, customer[bought], at[bought])
    whole = np.floor((hi + 0.5) / PACK) - np.floor((np.where(now, first, 0) + 0.5) / PACK) + 1
    months = np.where(now, np.minimum(12.0, whole), 0.0)
    parts = {
        "buyers": now,
        "months": months,
        "profit": profit,
        "profit2": profit * profit,
        "both": profit * months,
        "months2": months * months,
        "before": earlier,
        "stayed": now & earlier,
    }
    seen = np.bincount(some.channel[np.unique(customer)], minlength=len(some.names)) > 0
    sums = {
        name: steady(pd.Series(np.bincount(some.channel, values, len(some.names))[seen])).to_numpy()
        for name, values in parts.items()
    }
    return pd.DataFrame({"channel": some.names[seen].reset_index(drop=True), **sums})
