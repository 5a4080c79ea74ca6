"""Millions of rows as one frame: read in pieces, texts of few different values as categories, and
sorted without copying what is not compared.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
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
    with nw.to_native(rows).to_arrow_reader(BATCH) as batches:
        gathered: dict[str, _Codes | _Parts] = {
            field.name: _Codes() if field.name in few else _Parts(field.type)
            for field in batches.schema
        }
        for batch in batches:
            for name, values in gathered.items():
                values.add(batch.column(name))
    columns = {name: gathered.pop(name).made() for name in list(gathered)}
    order = _order(columns, by)
    found = {name: _taken(columns.pop(name), order) for name in schema.names()}
    for name, kind in schema.items():
        if (kind == nw.Float64 or name in decimals) and found[name].notna().any():
            found[name] = steady(found[name])
    frame = pd.DataFrame(found, copy=False)
    give_back()
    return frame


@dataclass(frozen=True)
class _Nothing:
    """A column without any value."""

    type: Any
    rows: int


class _Parts:
    """A column gathered piece by piece; of pieces without any value only their length is held."""

    def __init__(self, kind: Any) -> None:
        self.kind = kind
        self.parts: list[pa.Array | int] = []

    def add(self, values: pa.Array) -> None:
        if values.null_count == len(values):
            self.parts.append(len(values))
        else:  # a copy, for the column of a batch holds all columns of the batch
            self.parts.append(pa.concat_arrays([values, values.slice(0, 0)]))

    def made(self) -> Any:
        if all(isinstance(part, int) for part in self.parts):
            return _Nothing(self.kind, sum(self.parts))
        filled = [pa.nulls(p, self.kind) if isinstance(p, int) else p for p in self.parts]
        self.parts.clear()
        return pa.chunked_array(filled, self.kind)


class _Codes:
    """Texts as numbers, gathered piece by piece."""

    def __init__(self) -> None:
        self.known: dict[str, int] = {}
        self.parts: list[np.ndarray] = []

    def add(self, values: pa.Array) -> None:
        if values.null_count == len(values):
            self.parts.append(np.full(len(values), -1, dtype=np.int8))
            return
        coded = values.dictionary_encode()
        to = [self.known.setdefault(v, len(self.known)) for v in coded.dictionary.to_pylist()]
        at = pc.fill_null(coded.indices, len(to)).to_numpy(zero_copy_only=False)
        self.parts.append(np.array([*to, -1], dtype=self._kind())[at])

    def _kind(self) -> type:
        """The smallest numbers that hold those of all texts known."""
        known = len(self.known)
        return np.int8 if known < 2**7 else np.int16 if known < 2**15 else np.int32

    def made(self) -> pd.Categorical:
        names = sorted(self.known)
        place = {name: number for number, name in enumerate(names)}
        to: np.ndarray = np.array([*(place[name] for name in self.known), -1], dtype=self._kind())
        codes = to[np.concatenate([np.zeros(0, dtype=np.int8), *self.parts])]
        self.parts.clear()
        return pd.Categorical.from_codes(codes, categories=pd.Index(names, dtype="str"))


def _taken(values: Any, order: np.ndarray) -> pd.Series:
    """A column in another order: categories, nullable whole numbers, days, texts."""
    if isinstance(values, pd.Categorical):
        return pd.Series(values.take(order))
    kind = values.type
    if isinstance(values, _Nothing):
        return pd.Series(_none(kind, values.rows), copy=False)
    if pa.types.is_integer(kind):
        missing = values.is_null().to_numpy()[order]
        whole = pc.fill_null(values, 0).to_numpy()[order]
        return pd.Series(pd.arrays.IntegerArray(whole.astype(np.int64), missing))
    if pa.types.is_temporal(kind):
        days = values.to_numpy()[order]
        return pd.Series(days.astype("datetime64[s]"))
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        return _texts(values).take(pa.array(order)).to_pandas()
    return pd.Series(values.to_numpy()[order])


def _texts(values: pa.ChunkedArray) -> pa.Array:
    """Texts in one piece; their places may be more than 32 bits hold."""
    return values.cast(pa.large_string()).combine_chunks()


def _none(kind: Any, rows: int) -> Any:
    """A column without any value, which takes no memory."""
    if pa.types.is_integer(kind):
        zero, missing = np.broadcast_to(np.int64(0), rows), np.broadcast_to(np.bool_(True), rows)
        return pd.arrays.IntegerArray(zero, missing)
    if pa.types.is_temporal(kind):
        return np.broadcast_to(np.datetime64("NaT", "s"), rows)
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        # zeros that nobody has written to are no memory yet
        bits, ends = np.zeros(rows // 8 + 1, dtype=np.uint8), np.zeros(rows + 1, dtype=np.int64)
        empty = [pa.py_buffer(bits), pa.py_buffer(ends), pa.py_buffer(b"")]
        return pa.Array.from_buffers(pa.large_string(), rows, empty).to_pandas()
    return np.broadcast_to(np.nan, rows)


def _order(columns: dict[str, Any], by: Sequence[str]) -> np.ndarray:
    """Positions of the rows in the order of ``by``."""
    day = _day_numbers(columns[by[0]])
    order = np.argsort(day, kind="stable").astype(np.int32 if len(day) < 2**31 else np.int64)
    day = day[order]
    changes = np.r_[True, day[1:] != day[:-1]][: len(day)]
    starts = np.flatnonzero(changes)
    ends = [*starts[1:], len(day)][: len(starts)]
    del day
    tied = np.zeros(len(order), dtype=bool)
    texts = _texts(columns[by[1]]) if len(order) else pa.nulls(0)
    for low, high in zip(starts, ends, strict=True):
        own = texts.take(pa.array(order[low:high]))
        inside = pc.sort_indices(own)
        order[low:high] = order[low:high][inside.to_numpy()]
        tied[low + 1 : high] = _alike(own.take(inside))
    for name in by[2:]:
        if not tied.any():
            break
        tied = _settled(order, tied, columns[name])
    return order


def _day_numbers(values: Any) -> np.ndarray:
    """Days as numbers in their order, of 16 bits where they fit, which are sorted by counting."""
    plain = not isinstance(values, _Nothing) and pa.types.is_date32(values.type)
    if plain and not values.null_count:
        numbers = values.cast(pa.int32()).to_numpy()
    else:
        numbers = _key(values)
    if not len(numbers):
        return numbers
    low, high = int(numbers.min()), int(numbers.max())
    return (numbers - low).astype(np.uint16) if high - low < 2**16 else numbers


def _alike(texts: pa.Array) -> np.ndarray:
    """Which texts but the first are as the one before them, two missing ones among them."""
    later, before = texts.slice(1), texts.slice(0, max(len(texts) - 1, 0))
    both = pc.and_(pc.is_null(later), pc.is_null(before))
    same = pc.fill_null(pc.or_kleene(pc.equal(later, before), both), False)
    return same.to_numpy(zero_copy_only=False)


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
    if isinstance(values, _Nothing):
        return np.zeros(values.rows if at is None else len(at), dtype=np.int64)
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
