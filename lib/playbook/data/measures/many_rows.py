"""Millions of rows as one frame: read in pieces, texts of few different values as categories, and
sorted without copying what is not compared.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import narwhals as nw
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from playbook.data.memory import give_back

from .frames import steady

MANY = 2_000_000  # rows of a book from which its lines are read this way
BATCH = 250_000  # [rows] held at once beside what was read


def read_many(lazy: nw.LazyFrame, few: Collection[str], by: Sequence[str]) -> pd.DataFrame:
    """The rows of a lazy frame on DuckDB, sorted by ``by`` with missing values last.

    few: columns of texts with few different values; they come as categories in the order of the
    texts. The first of ``by`` is a column of days and the second of texts.
    """
    schema = lazy.collect_schema()
    decimals = [name for name, kind in schema.items() if isinstance(kind, nw.Decimal)]
    rows = lazy.with_columns(nw.col(decimals).cast(nw.Float64)) if decimals else lazy
    codes: dict[str, _Codes] = {name: _Codes() for name in few}
    rest: list[pa.RecordBatch] = []
    with nw.to_native(rows).to_arrow_reader(BATCH) as batches:
        names = [name for name in batches.schema.names if name not in codes]
        for batch in batches:
            for name, values in codes.items():
                values.add(batch.column(name))
            rest.append(batch.select(names))
        table = pa.Table.from_batches(rest, batches.schema.empty_table().select(names).schema)
    rest.clear()
    columns: dict[str, Any] = {name: one.made() for name, one in codes.items()}
    columns |= {name: table.column(name) for name in names}
    order = _order(columns, by)
    del table
    found = {name: _taken(columns.pop(name), order) for name in schema.names()}
    for name, kind in schema.items():
        if (kind == nw.Float64 or name in decimals) and found[name].notna().any():
            found[name] = steady(found[name])
    frame = pd.DataFrame(found, copy=False)
    give_back()
    return frame


class _Codes:
    """Texts as numbers, gathered piece by piece."""

    def __init__(self) -> None:
        self.known: dict[str, int] = {}
        self.parts: list[np.ndarray] = []

    def add(self, values: pa.Array) -> None:
        coded = values.dictionary_encode()
        to = [self.known.setdefault(v, len(self.known)) for v in coded.dictionary.to_pylist()]
        at = pc.fill_null(coded.indices, len(to)).to_numpy(zero_copy_only=False)
        kind = np.int16 if len(self.known) < 2**15 else np.int32
        self.parts.append(np.array([*to, -1], dtype=kind)[at])

    def made(self) -> pd.Categorical:
        names = sorted(self.known)
        place = {name: number for number, name in enumerate(names)}
        to = np.array([*(place[name] for name in self.known), -1], dtype=np.int32)
        codes = to[np.concatenate([np.zeros(0, dtype=np.int16), *self.parts])]
        self.parts.clear()
        return pd.Categorical.from_codes(codes, categories=pd.Index(names, dtype="str"))


def _taken(values: Any, order: np.ndarray) -> pd.Series:
    """A column in another order: categories, nullable whole numbers, days, texts."""
    if isinstance(values, pd.Categorical):
        return pd.Series(values.take(order))
    kind = values.type
    if len(values) and values.null_count == len(values) and (none := _none(kind, len(values))):
        return pd.Series(none[0], copy=False)
    if pa.types.is_integer(kind):
        missing = values.is_null().to_numpy()[order]
        whole = pc.fill_null(values, 0).to_numpy()[order]
        return pd.Series(pd.arrays.IntegerArray(whole.astype(np.int64), missing))
    if pa.types.is_temporal(kind):
        days = values.to_numpy()[order]
        return pd.Series(days.astype("datetime64[s]"))
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        text = values.cast(pa.large_string()).combine_chunks()
        return pd.Series(text.take(pa.array(order)).to_pandas())
    return pd.Series(values.to_numpy()[order])


def _none(kind: Any, rows: int) -> list[Any]:
    """A column without any value that takes no memory, in a list; empty for kinds of which there
    is none.
    """
    if pa.types.is_integer(kind):
        zero, missing = np.broadcast_to(np.int64(0), rows), np.broadcast_to(np.bool_(True), rows)
        return [pd.arrays.IntegerArray(zero, missing)]
    if pa.types.is_temporal(kind):
        return [np.broadcast_to(np.datetime64("NaT", "s"), rows)]
    return [np.broadcast_to(np.nan, rows)] if pa.types.is_floating(kind) else []


def _order(columns: dict[str, Any], by: Sequence[str]) -> np.ndarray:
    """Positions of the rows in the order of ``by``."""
    day = _key(columns[by[0]])
    narrow = day - day.min(initial=0)
    fits = narrow.max(initial=0) < 2**16  # numbers of 16 bits are sorted by counting
    order = np.argsort(narrow.astype(np.uint16) if fits else narrow, kind="stable")
    texts = columns[by[1]].cast(pa.large_string()).combine_chunks()
    sorted_day = day[order]
    starts = np.flatnonzero(np.r_[True, sorted_day[1:] != sorted_day[:-1]]) if len(day) else []
    ends = [*starts[1:], len(day)]
    own = texts.take(pa.array(order))
    for low, high in zip(starts, ends, strict=True):
        inside = pc.sort_indices(own.slice(low, high - low)).to_numpy()
        order[low:high] = order[low:high][inside]
    own = texts.take(pa.array(order))
    same = pc.equal(own.slice(1), own.slice(0, max(len(own) - 1, 0)))
    both = pc.and_(pc.is_null(own.slice(1)), pc.is_null(own.slice(0, max(len(own) - 1, 0))))
    alike = pc.fill_null(pc.or_kleene(same, both), False).to_numpy(zero_copy_only=False)
    tied = np.r_[False, alike & (sorted_day[1:] == sorted_day[:-1])]
    for name in by[2:]:
        if not tied.any():
            break
        tied = _settled(order, tied, columns[name])
    return order


def _settled(order: np.ndarray, tied: np.ndarray, values: Any) -> np.ndarray:
    """Sort rows that are tied by one more column, in place; which rows are tied still. tied: rows
    like the one before them.
    """
    some = np.flatnonzero(tied | np.r_[tied[1:], False])
    group = np.cumsum(~tied[some])
    key = _key(values, order[some])
    inside = np.lexsort([key, group])
    order[some] = order[some][inside]
    key = key[inside]
    still = np.zeros(len(order), dtype=bool)
    still[some[1:]] = (group[1:] == group[:-1]) & (key[1:] == key[:-1])
    return still


def _key(values: Any, at: np.ndarray | None = None) -> np.ndarray:
    """Numbers in the order of the values, missing ones last."""
    if isinstance(values, pd.Categorical):
        codes = values.codes.astype(np.int64) if at is None else values.codes[at].astype(np.int64)
        return np.where(codes < 0, len(values.categories), codes)
    column = values if at is None else values.combine_chunks().take(pa.array(at))
    kind = column.type
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        codes = pd.factorize(column.to_pandas(), sort=True)[0].astype(np.int64)
        return np.where(codes < 0, len(codes), codes)
    missing = column.is_null().to_numpy(zero_copy_only=False)
    if pa.types.is_temporal(kind):
        column = column.cast(pa.timestamp("s")).cast(pa.int64())
    elif pa.types.is_boolean(kind):
        column = column.cast(pa.int64())
    numbers = pc.fill_null(column, 0).to_numpy(zero_copy_only=False)
    return np.where(missing, np.iinfo(np.int64).max, numbers) if missing.any() else numbers
