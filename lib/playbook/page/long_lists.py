"""Lists that are too long for a page and a workbook: whole in a Parquet file beside the pack."""

from __future__ import annotations

import io
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from playbook.base.formats import is_missing
from playbook.base.language import say
from playbook.base.places import BESIDE, LISTS

MOST = 10_000  # rows of a list in notebook and workbook; a run puts longer ones beside them
Columns = Sequence[tuple[str, str, str]]
Rows = Sequence[tuple[Any, ...]]


def shortened(name: str, columns: Columns, rows: Rows) -> tuple[Rows, dict[str, Any]]:
    """The rows a sheet holds, and where all of them are: ``file`` in the pack and ``rows``.

    Nothing is cut where the list is short, or nobody makes a pack.
    """
    folder = os.environ.get(LISTS, "")
    if not folder or len(rows) <= MOST:
        return rows, {}
    return rows[:MOST], {"file": _kept(Path(folder), name, columns, rows), "rows": len(rows)}


def whole_lists(sheets: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """A sentence for each sheet that holds the beginning of its list."""
    for sheet in sheets:
        if whole := sheet.get("whole"):
            yield say(
                "The list {name!r} has {n:,} rows: the first {most:,} are in actions.xlsx, all in"
                " {file} beside it.",
                name=sheet["name"],
                n=whole["rows"],
                most=len(sheet["rows"]),
                file=whole["file"],
            )


def _kept(folder: Path, name: str, columns: Columns, rows: Rows) -> str:
    """Write the list, once however often it is shown; its place in the pack."""
    content = _parquet(columns, rows)
    folder.mkdir(parents=True, exist_ok=True)
    plain = "-".join(re.findall(r"[^\W_]+", name.lower()))[:40] or "list"
    number = 1
    while True:
        file = f"{folder.name}.{plain}{'' if number == 1 else f'-{number}'}.parquet"
        if not (folder / file).exists():
            (folder / file).write_bytes(content)
        elif (folder / file).read_bytes() != content:
            number += 1
            continue
        return f"{BESIDE}/{file}"


def _parquet(columns: Columns, rows: Rows) -> bytes:
    """The same rows give the same bytes. A column of values of several kinds is text."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    arrays = {}
    for (key, _, _), values in zip(columns, zip(*rows, strict=True), strict=True):
        given = [None if is_missing(value) else value for value in values]
        try:
            arrays[key] = pa.array(given)
        except (pa.ArrowInvalid, pa.ArrowTypeError):
            arrays[key] = pa.array([None if v is None else str(v) for v in given])
    out = io.BytesIO()
    pq.write_table(pa.table(arrays), out, compression="zstd")
    return out.getvalue()
