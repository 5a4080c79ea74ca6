"""Spark for a book that needs it, and the tables of a lake as sources of the book."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from playbook.base.errors import DataProblem, Problem
from playbook.base.language import say
from playbook.base.settings import Settings, SourceSettings
from playbook.data.databases import quoted
from playbook.data.source import RawSource
from playbook.data.tables import TABLES, table_of
from playbook.engines.spark import SparkEngine, SparkRefused
from playbook.engines.spark_session import session_of

HIDDEN = "0 AS _file, CAST(NULL AS BIGINT) AS _row"  # rows of a lake have no number


def engine_of(settings: Settings, session: Any = None) -> SparkEngine | None:
    """Spark where a source of the book lies in a lake; None where none does, or where neither the
    settings nor the caller name one.

    session: an existing Spark session; it is used as it is, in place of ``[engine] spark``.
    """
    wanted = any(source.lake for source in settings.sources.values())
    if not wanted or not (session or settings.engine.spark):
        return None
    own = session is None
    session = session or session_of(settings.engine.spark, settings.engine.options)
    return SparkEngine(session, settings.engine.most_rows, own)


def is_spark_frame(frame: Any) -> bool:
    """Whether a frame is Spark's own; asked without importing Spark."""
    kind = type(frame)
    return kind.__module__.startswith("pyspark.sql") and kind.__name__ == "DataFrame"


def open_lake(engine: SparkEngine | None, name: str, source: SourceSettings, at: Path) -> RawSource:
    """A source of the lake. Raises DataProblem where it cannot be opened."""
    if engine is None:
        raise DataProblem(
            Problem(
                found=say("[sources.{name}] lies in a lake, and no engine is named", name=name),
                expected=say("Spark, which asks tables of a lake where they are"),
                try_=say(
                    '[engine] spark = "spark://host:7077" or "local[2]" in'
                    " playbook.toml, or a session: Book.open(path, spark=session)"
                ),
                file=source.lake,
            )
        )
    try:
        frame = _frame(engine, source.lake, at)
        return _named(engine, name, source.lake, source, frame)
    except SparkRefused as error:
        raise _closed(source.lake, str(error)) from None
    except Exception as error:
        if type(error).__module__.split(".")[0] not in ("pyspark", "py4j"):
            raise
        raise _closed(source.lake, str(error).strip().partition("\n")[0]) from None


def frames_of_lake(
    engine: SparkEngine, frames: Mapping[str, Any], dimensions: tuple[str, ...]
) -> dict[str, RawSource]:
    """Spark frames as sources named after their tables; columns that are not ours stay unread."""
    found = {}
    for name, frame in frames.items():
        if name not in TABLES:
            continue
        known = {column.casefold() for column in table_of(name, dimensions).names}
        kept = [column for column in frame.columns if column.casefold() in known]
        source = SourceSettings(lake=f"frame {name}")
        found[name] = _named(engine, name, f"frame {name}", source, frame.select(*kept))
    return found


def _closed(place: str, said: str) -> DataProblem:
    return DataProblem(
        Problem(
            found=say("cannot be opened on Spark: {said}", said=said[:300]),
            expected=say("a folder of Parquet files, delta:PATH, or table:NAME of the catalog"),
            try_=say(
                "look at the path as the workers see it, and at [engine] options for"
                " packages and catalogs"
            ),
            file=place,
        )
    )


def _frame(engine: SparkEngine, place: str, folder: Path) -> Any:
    kind, _, rest = place.partition(":")
    if kind == "table":
        return engine.session.table(rest)
    path = rest if kind == "delta" else place
    if "://" not in path:
        here = folder / path
        if not here.exists():
            raise DataProblem(
                Problem(
                    found=say("no {path}", path=path),
                    expected=say("a folder or file of the lake"),
                    try_=say(
                        "look beside playbook.toml, in {name}, or give a URL", name=folder.name
                    ),
                    file=place,
                )
            )
        path = here.resolve().as_uri()
    return engine.session.read.format("delta" if kind == "delta" else "parquet").load(path)


def _named(
    engine: SparkEngine, name: str, label: str, settings: SourceSettings, frame: Any
) -> RawSource:
    """The frame under the source's name, with what identifies its content."""
    source = RawSource(name, label, settings, lazy=True, lake=True)
    engine.name("raw", f"{name} rows", frame)
    query = f"SELECT {HIDDEN}, * FROM raw.{quoted(name + ' rows')}"
    engine.execute(f"CREATE VIEW {source.relation} AS {query}")
    types = engine.types(f"SELECT * FROM raw.{quoted(name + ' rows')}")
    source.columns = types
    engine.cast_shadow(name, types)
    rows, content = _content(engine, frame, types)
    source.files.append({"file": label, "bytes": 0, "sha256": content, "rows": rows})
    return source


def _content(engine: SparkEngine, frame: Any, types: dict[str, str]) -> tuple[int, str]:
    """Number of rows, and a sha256 over types and the sum of a hash of every row: one pass, and
    the same however rows are spread over files and workers.
    """
    from pyspark.sql import functions as F

    plain = [F.col(_tick(n)) for n, kind in types.items() if not kind.startswith("MAP")]
    each = F.xxhash64(*plain).cast("decimal(20,0)") if plain else F.lit(0)
    asked = frame.agg(F.count(F.lit(1)), F.sum(each))
    rows, total = engine.rows(asked)[0]
    text = repr((sorted(types.items()), int(rows), str(total)))
    return int(rows), hashlib.sha256(text.encode()).hexdigest()


def _tick(name: str) -> str:
    return "`" + name.replace("`", "``") + "`"
