"""Customers from orders: one grouped row per customer, all windows in one pass."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import duckdb
import narwhals as nw
import numpy as np
import pandas as pd

from playbook.base.periods import Window

from .frames import collect


def is_order() -> nw.Expr:
    """Whether a row of orders is an order (a line of one): refunds and other negative rows only
    count as money.
    """
    return (nw.col("amount") >= 0) & ~(nw.col("kind") == "refund").fill_null(False)


def has_lines(orders: nw.LazyFrame) -> bool:
    """Whether an order_id repeats among orders (refunds aside), so that orders must be counted by
    id.

    An export is mostly in the order of its ids: then one look along the file proves them distinct,
    where counting distinct ids would
    hold them all. A look along the file cannot be said in narwhals, so it is SQL on DuckDB; any
    other file or engine counts.
    """
    return not _all_rising(orders) and _repeats(orders)


def _repeats(orders: nw.LazyFrame) -> bool:
    """The same, where the ids of all rows together do not rise: those of the orders may, or else
    they are counted.
    """
    counted = orders.with_columns(is_order().alias("is_order")).filter(nw.col("is_order"))
    if _all_rising(counted):
        return False
    counts = collect(
        counted.select(nw.len().alias("rows"), nw.col("order_id").n_unique().alias("ids"))
    )
    return int(counts["rows"].iloc[0]) > int(counts["ids"].iloc[0] or 0)


def _falls(rows: Any) -> duckdb.DuckDBPyRelation | None:
    """One row: ``falls`` = 1 if some order_id does not come after the one before it, in whatever
    order the rows are read; None where nobody can tell.
    """
    if not isinstance(rows, duckdb.DuckDBPyRelation):
        return None
    before = rows.project("CAST(order_id AS VARCHAR) AS order_id").project(
        "order_id, lag(order_id, 1, '') OVER () AS before"
    )
    return before.filter("(order_id > before) IS NOT TRUE").limit(1).aggregate("count(*) AS falls")


def _all_rising(rows: nw.LazyFrame) -> bool:
    falls = _falls(nw.to_native(rows))
    return falls is not None and falls.fetchall() == [(0,)]


def _beside(grouped: nw.LazyFrame, falls: duckdb.DuckDBPyRelation) -> nw.LazyFrame:
    """The groups and one row more, that carries ``falls``: the look along the ids keeps one core
    busy, so it runs beside the grouping, not before it.
    """
    groups = grouped.to_native()
    empty = ", ".join(
        f"CAST(NULL AS {kind}) AS {name}"
        for name, kind in zip(groups.columns, groups.types, strict=True)
    )
    first = falls.project(
        f"{empty}, falls"
    )  # started first, or both cores would group until nothing is left to do beside it
    return nw.from_native(first.union(groups.project("*, CAST(NULL AS BIGINT) AS falls")))


def totals(
    orders: nw.LazyFrame,
    spans: Mapping[str, Window],
    *,
    lines: bool | None = None,
    last: Collection[str] | None = None,
    ever: bool = True,
) -> pd.DataFrame:
    """Orders and net amount per customer in several windows, in one pass over the orders (two where
    order_id repeats).

    Parameters
    ----------
    orders : lazy frame of the orders table, one row per order or order line
    spans : name → window; all end on or before the newest order known
    lines : whether order_id repeats; None = looked up (costs one pass over the ids)
    last : spans whose last day is asked for; None = all
    ever : whether ``first`` and ``seen`` are asked for; without them only rows inside a span are
    looked at, and only their customers are told

    Returns
    -------
    One row per customer_id (None = orders that name no customer), sorted: ``first`` order ever and
    ``seen``, the first row of any kind [days], and per span
    ``orders_<span>`` [distinct orders], ``net_<span>`` [currency, refunds netted], ``last_<span>``
    [day of the last order].
    """
    every = None if ever else _around(spans.values())
    orders = orders.filter(*_inside(every)) if every else orders
    whole = ["first", "seen"] if ever else []
    dated = [name for name in spans if last is None or name in last]
    rows = orders.with_columns(is_order().alias("is_order")).select(
        "customer_id",
        "order_id",
        "is_order",
        nw.col("date").alias("seen"),
        nw.when(nw.col("is_order")).then(nw.col("date")).alias("first"),
        *(part for name, span in spans.items() for part in _parts(name, span, every)),
    )
    grouped = rows.group_by("customer_id").agg(
        *(nw.col(name).min() for name in whole),
        *(
            part
            for name in spans
            for part in (nw.col(f"orders_{name}").count(), nw.col(f"net_{name}").sum())
        ),
        *(nw.col(f"last_{name}").max() for name in dated),
    )
    days = nw.col(*whole, *(f"last_{name}" for name in dated))
    grouped = grouped.with_columns(days.cast(nw.Datetime("us")))
    falls = _falls(nw.to_native(orders)) if lines is None else None
    frame = collect(
        (grouped if falls is None else _beside(grouped, falls)).sort(
            "customer_id", nulls_last=True
        ),
        ordered=True,
    )
    if falls is not None:
        told = frame["falls"].notna()
        lines = bool(frame.loc[told, "falls"].iloc[0]) and _repeats(orders)
        frame = frame[~told].drop(columns="falls").reset_index(drop=True)
    if lines if lines is not None else has_lines(orders):
        frame = frame.assign(**_distinct(rows, list(spans), frame["customer_id"]))
    return frame.astype({f"orders_{name}": "int64" for name in spans})


def _around(spans: Collection[Window]) -> Window:
    """The span of days that holds all of them."""
    starts = [span.start for span in spans if span.start]
    return Window(
        "all spans",
        min(starts) if len(starts) == len(spans) else None,
        max(span.end for span in spans),
    )


def _inside(span: Window, within: Window | None = None) -> list[nw.Expr]:
    """What a row must meet to lie in a span, less what all rows meet that lie within another."""
    late = [] if within and span.end >= within.end else [nw.col("date") <= span.end]
    return (
        late
        if span.start is None or (within and within.start and span.start <= within.start)
        else [*late, nw.col("date") >= span.start]
    )


def _parts(name: str, span: Window, within: Window | None) -> list[nw.Expr]:
    """What a row of orders (that lies within a span known already) adds to one window."""
    inside = _inside(span, within)
    order = nw.all_horizontal(*inside, nw.col("is_order"), ignore_nulls=False)
    net = nw.when(*inside).then(nw.col("amount")) if inside else nw.col("amount")
    return [
        nw.when(order).then(nw.lit(1)).alias(f"orders_{name}"),
        net.alias(f"net_{name}"),
        nw.when(order).then(nw.col("date")).alias(f"last_{name}"),
    ]


def _distinct(rows: nw.LazyFrame, names: list[str], customers: pd.Series) -> dict[str, np.ndarray]:
    """Distinct orders per customer and window: an order counts once in each window in which it has
    a line.

    Only ids and flags go through the large grouping; money and days were summed without it.
    """
    flags = [nw.col(f"orders_{name}").max() for name in names]
    by_order = rows.filter(nw.col("is_order")).group_by("customer_id", "order_id").agg(*flags)
    counts = (
        by_order.group_by("customer_id")
        .agg(*(nw.col(f"orders_{name}").count() for name in names))
        .sort("customer_id", nulls_last=True)
    )
    found = collect(counts, ordered=True)
    place = pd.Index(customers).get_indexer(pd.Index(found["customer_id"]))
    out = {}
    for name in names:
        out[f"orders_{name}"] = np.zeros(len(customers), dtype=np.int64)
        out[f"orders_{name}"][place] = found[f"orders_{name}"].to_numpy()
    return out
