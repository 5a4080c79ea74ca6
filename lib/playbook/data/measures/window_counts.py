"""Orders, buyers and returning buyers of several windows in one pass over the rows."""

from __future__ import annotations

from collections.abc import Mapping

import narwhals as nw

from playbook.base.periods import Window

from . import sales
from .frames import collect

Counts = dict[str, dict[str, int]]


def window_counts(rows: nw.LazyFrame, windows: Mapping[str, Window], *, unique: bool) -> Counts:
    """Per window: orders (distinct numbers, refunds not counted), customers (who bought in it) and
    returning (those of them who had ordered on an earlier day, whenever).

    rows: order rows. unique: whether no order number repeats, so that rows are counted. Sales
    without a customer are orders of nobody.
    """
    bought = rows.filter(~nw.col("refund"))
    for name, window in windows.items():
        day = nw.col("date")
        inside = day <= window.end
        inside = inside if window.start is None else inside & (day >= window.start)
        bought = bought.with_columns(nw.when(inside).then(day).alias(f"day_{name}"))
    each = bought.group_by("customer_id").agg(
        nw.col("date").min().alias("first"),
        *(nw.col(f"day_{name}").count().alias(f"rows_{name}") for name in windows),
        *(nw.col(f"day_{name}").max().alias(f"last_{name}") for name in windows),
    )
    known = ~nw.col("customer_id").is_null()
    parts = []
    for name in windows:
        last = nw.col(f"last_{name}")
        parts += [
            nw.col(f"rows_{name}").sum().alias(f"orders_{name}"),
            (known & ~last.is_null()).cast(nw.Int64).sum().alias(f"customers_{name}"),
            (known & (last > nw.col("first"))).cast(nw.Int64).sum().alias(f"returning_{name}"),
        ]
    sums = collect(each.select(*parts)).fillna(0).iloc[0]
    found = {
        name: {part: int(sums[f"{part}_{name}"]) for part in ("orders", "customers", "returning")}
        for name in windows
    }
    if not unique:
        for name, window in windows.items():
            mine = sales.between(rows, window.start, window.end)
            found[name]["orders"] = int(sales.distinct_orders(mine)["orders"].iloc[0])
    return found
