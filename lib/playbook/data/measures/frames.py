"""From a lazy, grouped frame to a small pandas frame."""

from __future__ import annotations

from decimal import Decimal

import narwhals as nw
import pandas as pd


def collect(lazy: nw.LazyFrame, *, sort: list[str] | None = None, exact: bool = False) -> pd.DataFrame:
    """The grouped rows as pandas, sorted so that the order of input rows never shows.

    Decimal columns become float64, or stay Decimal with ``exact`` (where money is allocated or paid).
    sort: columns to order by; default all grouping-like (non-decimal, non-float) columns from the left.
    """
    frame = lazy.collect().to_pandas() if isinstance(lazy, nw.LazyFrame) else lazy.to_pandas()
    for name in frame.columns:
        values = frame[name].dropna()
        if len(values) and isinstance(values.iloc[0], Decimal) and not exact:
            frame[name] = frame[name].astype(float)
    keys = sort or [c for c in frame.columns if not pd.api.types.is_float_dtype(frame[c]) and not _decimals(frame[c])]
    return frame.sort_values(keys, kind="stable", na_position="last").reset_index(drop=True) if keys and len(frame) else frame


def _decimals(values: pd.Series) -> bool:
    first = values.dropna()
    return len(first) > 0 and isinstance(first.iloc[0], Decimal)
