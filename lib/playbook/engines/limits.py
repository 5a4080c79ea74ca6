"""What comes back from an engine past one machine is counted, and bounded."""

from __future__ import annotations

from typing import Any

import narwhals as nw


def collected(rows: nw.LazyFrame) -> Any:
    """The rows of a lazy frame on this machine, as narwhals gives them.

    From Spark no more than the book's ``most_rows`` (EngineProblem beyond it); rows of DuckDB are
    on this machine already.
    """
    if not rows.implementation.is_pyspark():
        return rows.collect()
    from .spark import of_session

    native = nw.to_native(rows)
    engine = of_session.get(id(native.sparkSession))
    for name, kind in native.dtypes:
        if kind == "timestamp":  # a moment is the clock of the session's zone, as it was put in
            native = native.withColumn(name, native[_tick(name)].cast("timestamp_ntz"))
    if engine is None:
        return nw.from_native(native).collect()
    found = nw.from_native(native.limit(engine.most_rows + 1)).collect()
    engine.counted(len(found))
    return found


def _tick(name: str) -> str:
    return "`" + name.replace("`", "``") + "`"
