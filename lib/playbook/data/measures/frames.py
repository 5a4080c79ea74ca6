"""From a lazy, grouped frame to a small pandas frame."""

from __future__ import annotations

from decimal import Decimal

import narwhals as nw
import numpy as np
import pandas as pd

from playbook.engines.limits import collected


def collect(
    lazy: nw.LazyFrame, *, sort: list[str] | None = None, exact: bool = False, ordered: bool = False
) -> pd.DataFrame:
    """The grouped rows as pandas, sorted so that the order of input rows never shows.

    Decimal columns become float64, or stay Decimal with ``exact`` (where money is allocated or
    paid); sums of floats keep 13 digits.
    sort: columns to order by; default all grouping-like (non-decimal, non-float) columns from the
    left.
    ordered: the rows come sorted by a key without ties; millions of texts are sorted faster where
    they were grouped.
    """
    if isinstance(lazy, nw.LazyFrame):
        schema = lazy.collect_schema()
        decimals = (
            [] if exact else [name for name, kind in schema.items() if isinstance(kind, nw.Decimal)]
        )
        # numbers leave the engine as numbers: a column of Decimal objects takes ten times the
        # memory
        rows = lazy.with_columns(nw.col(decimals).cast(nw.Float64)) if decimals else lazy
        frame = collected(rows).to_pandas()
        for name in [name for name, kind in schema.items() if kind == nw.Float64]:
            frame[name] = steady(frame[name])
    else:
        frame = lazy.to_pandas()
    objects = [name for name, kind in frame.dtypes.items() if kind == np.dtype(object)]
    decimal = {name for name in objects if _decimals(frame[name])}
    if not exact:
        for name in decimal:
            frame[name] = frame[name].astype(float)
        decimal = set()
    if ordered:
        return frame.reset_index(drop=True)
    keys = sort or [c for c, kind in frame.dtypes.items() if kind.kind != "f" and c not in decimal]
    return (
        frame.sort_values(keys, kind="stable", na_position="last").reset_index(drop=True)
        if keys and len(frame)
        else frame
    )


def steady(values: pd.Series) -> pd.Series:
    """Floats to 13 significant digits: what is left of them does not tell in which order the engine
    added them up.
    """
    x = values.to_numpy(float, na_value=np.nan)
    with np.errstate(all="ignore"):
        scale = 10.0 ** (12 - np.floor(np.log10(np.abs(x))))
        rounded = np.round(x * scale) / scale
    return pd.Series(
        np.where(np.isfinite(rounded), rounded, x), index=values.index, name=values.name
    )


def _decimals(values: pd.Series) -> bool:
    first = values.dropna()
    return len(first) > 0 and isinstance(first.iloc[0], Decimal)
