"""A book from frames in memory: pandas, polars, Arrow or whatever else narwhals reads, checked by
the very code that checks files.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from numbers import Integral, Real
from pathlib import Path
from typing import Any, TypedDict

import duckdb
import narwhals as nw
import pyarrow as pa
import pyarrow.compute as pc
from narwhals.exceptions import DuplicateError

from playbook.base.errors import DataProblem, Problem, SettingsProblem, did_you_mean
from playbook.base.formats import is_missing, joined
from playbook.base.language import say
from playbook.base.settings import Settings, SourceSettings, load_settings, parse_settings

from .databases import quoted
from .source import RawSource
from .storing import store
from .tables import TABLES, table_of


class Frames(TypedDict, total=False):
    """The tables a book can be made of, each a frame with the column names of the contract."""

    customers: Any
    orders: Any
    opportunities: Any
    stage_events: Any
    leads: Any
    fit_scores: Any
    activities: Any
    reps: Any
    training: Any
    channel_costs: Any
    targets: Any
    contracts: Any
    market: Any
    strategies: Any
    key_results: Any
    check_ins: Any
    care_plan: Any
    tasks: Any
    meetings: Any
    awards: Any
    assignments: Any
    payments: Any
    snapshots: Any
    changes: Any
    cases: Any
    rates: Any
    deal_splits: Any
    pay_adjustments: Any
    action_log: Any


def frame_settings(given: Mapping[str, Any] | str | Path | None) -> Settings:
    """Settings for a book of frames: a nested dict as playbook.toml holds it, or a path to one,
    whose [sources] and [tables] are left aside because the frames take their place.

    Raises SettingsProblem for unknown keys and values out of range, all at once.
    """
    if given is None:
        return Settings()
    if not isinstance(given, Mapping):
        return load_settings(Path(given)).model_copy(update={"sources": {}, "tables": {}})
    if files := [name for name in ("sources", "tables") if name in given]:
        raise SettingsProblem(
            Problem(
                found=say("settings with {files}", files=joined(files, " and ")),
                expected=say("settings without files: the tables are the frames given"),
                try_=say("rename the columns of the frames, and leave these settings out"),
            )
        )
    return parse_settings(dict(given), "settings")


def load_frames(
    connection: duckdb.DuckDBPyConnection,
    frames: Mapping[str, Any],
    dimensions: Sequence[str] = (),
) -> tuple[dict[str, RawSource], list[Problem]]:
    """Each frame as a source named after its table, and the problems of names and types.

    dimensions: those of the firm's own, which any frame may carry as columns.
    """
    sources, problems = {}, []
    for name, frame in frames.items():
        if name not in TABLES:
            problems.append(
                Problem(
                    found=say("'{name}' is no table", name=name),
                    expected=say("a table of the contract"),
                    try_=did_you_mean(name, TABLES),
                    file=f"frame {name}",
                )
            )
        elif frame is not None:
            try:
                sources[name] = _source(connection, name, frame, dimensions)
            except DataProblem as wrong:
                problems += wrong.problems
    return sources, problems


def _source(
    connection: duckdb.DuckDBPyConnection, name: str, frame: Any, dimensions: Sequence[str]
) -> RawSource:
    label = f"frame {name} (rows from 0)"
    names, columns = _columns(frame, name, label, dimensions)
    source = RawSource(name, label, SourceSettings(file=name))
    source.places.append(-1)  # the first row is row 0, as in ``frame.iloc[0]``
    table = pa.table({f"c{i}": column for i, column in enumerate(columns)})
    rows = store(connection, source, 0, table, names)
    described = connection.execute(f"DESCRIBE {source.relation}").fetchall()
    source.columns = {row[0]: row[1] for row in described if row[0] not in ("_file", "_row")}
    source.files.append(
        {
            "file": f"frame {name}",
            "bytes": table.nbytes,
            "sha256": _content(connection, source),
            "rows": rows,
        }
    )
    return source


def _columns(
    frame: Any, name: str, label: str, dimensions: Sequence[str]
) -> tuple[list[str], list[pa.Array]]:
    """Names and values of a frame's columns; DataProblem with every name the table has not."""
    try:
        ours = nw.from_native(frame)
        eager = ours.collect("pyarrow") if isinstance(ours, nw.LazyFrame) else ours
        names = [str(column) for column in eager.columns]
        columns = [eager[column] for column in eager.columns]
    except (TypeError, DuplicateError) as error:
        raise DataProblem(_no_frame(frame, error, name, label)) from None
    table = table_of(name, dimensions)
    known = [*table.names, *(column.name for column in table.inputs)]
    unknown = [column for column in names if column not in known]
    if unknown:
        spare = [column for column in known if column not in names]
        raise DataProblem(
            [
                Problem(
                    found=say("'{column}' is no column of {name}", column=column, name=name),
                    expected=say("a column of the contract"),
                    try_=did_you_mean(column, spare),
                    table=name,
                    column=column,
                    file=label,
                )
                for column in unknown
            ]
        )
    return names, [_values(column) for column in columns]


def _no_frame(frame: Any, error: Exception, name: str, label: str) -> Problem:
    if isinstance(error, DuplicateError):
        return Problem(
            found=" ".join(str(error).split()),
            expected=say("each column name once"),
            try_=say("rename or drop one of the two"),
            table=name,
            file=label,
        )
    return Problem(
        found=say("a {name}, not a frame", name=type(frame).__name__),
        expected=say("a frame of pandas, polars or Arrow"),
        try_=say("{name}=pandas.DataFrame(…)", name=name),
        table=name,
        file=label,
    )


def _values(series: nw.Series[Any]) -> pa.Array:
    """A column as Arrow, in a type DuckDB keeps whole; NaN, NaT and NA are missing values."""
    if series.dtype in (nw.Object, nw.Unknown, nw.Categorical, nw.Enum):
        return typed(series.to_list())
    column = series.to_arrow()
    if isinstance(column, pa.ChunkedArray):
        column = column.combine_chunks()
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    if pa.types.is_null(column.type) or pa.types.is_large_string(column.type):
        return column.cast(pa.string())
    if pa.types.is_string_view(column.type) or pa.types.is_decimal256(column.type):
        return column.cast(pa.string())
    if pa.types.is_float16(column.type):
        column = column.cast(pa.float32())
    if pa.types.is_floating(column.type):
        return pc.if_else(pc.is_nan(column), pa.scalar(None, column.type), column)
    return column


def typed(values: Iterable[Any]) -> pa.Array:
    """Python values as Arrow in the one type that holds them all without loss, else as texts."""
    values = [None if is_missing(value) else _plain(value) for value in values]
    kinds = {_kind(value) for value in values if value is not None}
    try:
        if kinds == {"exact", "whole"}:
            return pa.array([None if v is None else Decimal(v) for v in values])
        if kinds == {"real", "whole"}:
            return pa.array([None if v is None else float(v) for v in values])
        if len(kinds) == 1 and not kinds & {"other", "text"}:
            return pa.array(values)
    except (pa.ArrowException, OverflowError, TypeError, ValueError):
        pass  # integers beyond 64 bits, decimals beyond 38 digits
    return pa.array([None if v is None else _text(v) for v in values], pa.string())


def _plain(value: Any) -> Any:
    """numpy scalars as Python's own."""
    return value.item() if type(value).__module__ == "numpy" and hasattr(value, "item") else value


def _kind(value: Any) -> str:
    if isinstance(value, bool):
        return "flag"
    if isinstance(value, datetime):
        return "moment" if value.tzinfo is None else "moment with a zone"
    for kind, types in (
        ("text", str),
        ("day", date),
        ("exact", Decimal),
        ("whole", Integral),
        ("real", Real),
    ):
        if isinstance(value, types):
            return kind
    return "other"


def _text(value: Any) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return value.isoformat() if isinstance(value, date) else str(value)


def _content(connection: duckdb.DuckDBPyConnection, source: RawSource) -> str:
    """sha256 of the values, whichever library the frame came from and in whatever order its columns
    stand.
    """
    parts = ", ".join(
        f"'{name.replace(chr(39), chr(39) * 2)}', sha256(coalesce(string_agg(coalesce(CAST("
        f"{quoted(name)} AS VARCHAR), chr(1)), chr(0) ORDER BY _row), ''))"
        for name in sorted(source.columns)
    )
    query = f"SELECT sha256(concat_ws(chr(0), {parts or repr('')})) FROM {source.relation}"
    return connection.execute(query).fetchall()[0][0]
