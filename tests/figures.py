"""Every figure and sentence of a chapter as lines of text, to be compared with reviewed ones.

A frame is one line per column: its values where they are few, else how many, their sum and their
sum weighted by row; a table is the checksum of its cells. Enough to notice any changed number, and
short enough to be read.
"""

from __future__ import annotations

import dataclasses
import json
import math
import zlib
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any

import numpy as np
import pandas as pd

from inprocess import Shown
from playbook.page import Missing, Result

DIGITS = 6
FEW = 12  # values of a column that are written out


def figures(shown: Iterable[Shown]) -> str:
    """Lines of every result, in the order of the page."""
    return "\n".join(line for one in shown for line in _result(one)) + "\n"


def _result(one: Shown) -> Iterator[str]:
    yield f"## {one.result.section}"
    for data in one.told:
        yield from _block(data)
    if isinstance(one.result, Result) and not isinstance(one.result, Missing):
        yield f"headline: {one.result.headline()}"
        for field in dataclasses.fields(one.result):
            yield from _value(field.name, getattr(one.result, field.name))


def _block(data: dict[str, Any]) -> Iterator[str]:
    kind = data.get("type")
    if kind == "text":
        yield f"{data['role']}: {data.get('title', '')} {data['text']}"
    elif kind == "figure":
        yield f"figure: {data['title']}. {data['alt']} {data['note']}"
    elif kind == "record":
        for kpi in data["kpis"]:
            by = ", ".join(f"{k} {v}" for k, v in sorted((kpi["by"] or {}).items()))
            yield (
                f"number: {kpi['name']} {kpi['window']} {by} = {_number(kpi['value'])}"
                f" [{_number(kpi.get('low'))}, {_number(kpi.get('high'))}]"
            )
        for name in ("worksheets", "changes", "director"):
            if data.get(name):
                yield f"{name}: {_sum_of_words(data[name])}"
    elif kind == "table":
        yield f"table: {data.get('title')}, {len(data['rows'])} rows {_sum_of_words(data)}"
    else:
        yield f"{kind}: {_sum_of_words(data)}"


def _value(name: str, value: Any) -> Iterator[str]:
    if isinstance(value, pd.DataFrame):
        for column in value.columns:
            yield f"{name}.{column}: {_column(value[column])}"
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _value(f"{name}.{key}", inner)
    elif isinstance(value, np.ndarray) and value.dtype.kind in "fiub":
        yield f"{name}: {_column(pd.Series(value.ravel()))}"
    elif isinstance(value, (bool, int, float, str, date)):
        yield f"{name}: {_number(value)}"


def _column(values: pd.Series) -> str:
    if len(values) <= FEW:
        return " | ".join(_plain(value) for value in values)
    if values.dtype == object:
        kinds = {type(v) for v in values if v is not None}
        if not kinds <= {int, float, bool, np.float64, np.int64, np.bool_}:
            return f"{len(values)} values {_sum_of_words([_plain(v) for v in values])}"
    elif values.dtype.kind not in "fiub":
        return f"{len(values)} values {_sum_of_words([_plain(v) for v in values])}"
    numbers = pd.to_numeric(values).to_numpy(float, na_value=np.nan)
    known = np.isfinite(numbers)
    kept = np.where(known, numbers, 0.0)
    weighted = kept * np.arange(1, len(kept) + 1)
    return f"{int(known.sum())} of {len(kept)}, sum {_sum(kept)}, weighted {_sum(weighted)}"


def _sum(values: np.ndarray) -> str:
    """The sum to six digits of the largest it could be, so that rounding errors do not show."""
    most = float(np.abs(values).sum())
    if most == 0:
        return "0"
    places = DIGITS - 1 - math.floor(math.log10(most))
    return f"{round(float(values.sum()), places) + 0.0:.{max(places, 0)}f}"


def _number(value: Any) -> str:
    return f"{value:.{DIGITS}g}" if isinstance(value, float) else str(value)


def _sum_of_words(value: Any) -> str:
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, default=_plain)
    return f"{zlib.crc32(text.encode()):08x}"


def _plain(value: Any) -> str:
    if value is None or value is pd.NaT or value is pd.NA:
        return "–"
    if isinstance(value, (float, np.floating)):
        return f"{float(value):.{DIGITS}g}" if math.isfinite(value) else "–"
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    return str(value)
