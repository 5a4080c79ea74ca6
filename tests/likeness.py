"""Answers of two engines compared: the same rows, the same types of cells, the same numbers."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import narwhals as nw
import numpy as np
import pandas as pd

from playbook.data.book import Book
from playbook.data.measures.frames import collect

NEAR = 1e-12  # relative: floats may be added up in another order


def plain(answer: Any) -> Any:
    """An answer as numbers, texts, days, lists and dicts; rows sorted."""
    if isinstance(answer, nw.LazyFrame):
        names = sorted(answer.collect_schema().names())
        answer = collect(answer.select(*names), sort=names)
        return sorted(([_cell(v) for v in row] for row in answer.to_numpy().tolist()), key=repr)
    if isinstance(answer, pd.DataFrame):
        cells = [[_cell(v) for v in row] for row in answer.astype(object).to_numpy().tolist()]
        return {"columns": list(map(str, answer.columns)), "rows": cells}
    if isinstance(answer, pd.Series):
        return [[_cell(k), _cell(v)] for k, v in answer.items()]
    if is_dataclass(answer) and not isinstance(answer, type):
        return {f.name: plain(getattr(answer, f.name)) for f in fields(answer) if f.name != "book"}
    if type(answer).__module__.startswith("playbook.data.measures."):  # an object of the measures
        held = {
            k: v for k, v in vars(answer).items() if not isinstance(v, Book) and not callable(v)
        }
        return {k: plain(v) for k, v in sorted(held.items())}
    if isinstance(answer, dict):
        return {repr(_cell(k)): plain(v) for k, v in sorted(answer.items(), key=repr)}
    if isinstance(answer, set | frozenset):
        return sorted(map(plain, answer), key=repr)
    if isinstance(answer, list | tuple):
        return [plain(v) for v in answer]
    return _cell(answer)


def _cell(value: Any) -> Any:
    if isinstance(value, np.generic):
        value = value.item()
    if value is None or value is pd.NaT or value is pd.NA:
        return None
    if isinstance(value, float):
        return None if np.isnan(value) else value
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, datetime):
        return value.replace(tzinfo=None).isoformat()
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day).isoformat()
    return value if isinstance(value, int | str | bool) else repr(value)


def difference(one: Any, other: Any, at: str = "") -> str:
    """Where two plain answers first part; empty where they do not."""
    if isinstance(one, dict) and isinstance(other, dict):
        if list(one) != list(other):
            return f"{at}: {list(one)} and {list(other)}"
        return next(filter(None, (difference(one[k], other[k], f"{at}.{k}") for k in one)), "")
    if isinstance(one, list) and isinstance(other, list):
        if len(one) != len(other):
            return f"{at}: {len(one)} and {len(other)} rows"
        pairs = enumerate(zip(one, other, strict=True))
        return next(filter(None, (difference(a, b, f"{at}[{i}]") for i, (a, b) in pairs)), "")
    number = (int, float)
    if isinstance(one, number) and isinstance(other, number) and not isinstance(one, bool):
        near = abs(one - other) <= NEAR * max(abs(one), abs(other), 1e-300)
        return "" if near else f"{at}: {one!r} and {other!r}"
    return "" if one == other and type(one) is type(other) else f"{at}: {one!r} and {other!r}"
