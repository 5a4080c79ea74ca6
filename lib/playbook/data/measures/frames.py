"""From a lazy, grouped frame to a small pandas frame."""

from __future__ import annotations

from decimal import Decimal

import narwhals as nw
import pandas as pd


def collect(lazy: nw.LazyFrame, *, sort: list[str] | None = None, exact: bool = False, ordered: bool = False) -> pd.DataFrame:
    """The grouped rows as pandas, sorted so that the order of input rows never shows.

    Decimal columns become float64, or stay Decimal with ``exact`` (where money is allocated or paid).
    sort: columns to order by; default all grouping-like (non-decimal, non-float) columns from the left.
    ordered: the rows come sorted by a key without ties; millions of texts are sorted faster where they were grouped.
    """
    if isinstance(lazy, nw.LazyFrame):
        decimals = [] if exact else [name for name, kind in lazy.collect_schema().items() if isinstance(kind, nw.Decimal)]
        # numbers leave the engine as numbers: a column of Decimal objects takes ten times the memory
        frame = (lazy.with_columns(nw.col(decimals).cast(nw.Float64)) if decimals else lazy).collect().to_pandas()
    else:
        frame = lazy.to_pandas()
    for name in frame.columns:
        values = frame[name].dropna()
        if len(values) and isinstance(values.iloc[0], Decimal) and not exact:
            frame[name] = frame[name].astype(float)
    if ordered:
        return frame.reset_index(drop=True)
    keys = sort or [c for c in frame.columns if not pd.api.types.is_float_dtype(frame[c]) and not _decimals(frame[c])]
    return frame.sort_values(keys, kind="stable", na_position="last").reset_index(drop=True) if keys and len(frame) else frame


def _decimals(values: pd.Series) -> bool:
    first = values.dropna()
    return len(first) > 0 and isinstance(first.iloc[0], Decimal)
