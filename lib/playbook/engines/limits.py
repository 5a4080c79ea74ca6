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

    engine = of_session.get(id(nw.to_native(rows).sparkSession))
    if engine is None:
        return rows.collect()
    found = rows.head(engine.most_rows + 1).collect()
    engine.counted(len(found))
    return found
