"""Spark asked in the words a book's checks are written in, and what of it may come back."""

from __future__ import annotations

import itertools
from collections import deque
from dataclasses import dataclass, field
from typing import Any

import duckdb
import narwhals as nw
import pandas as pd

from playbook.base.errors import Problem
from playbook.base.language import say

from . import narwhals_gaps
from .needs import EngineProblem, need

MOST_ROWS = 2_000_000  # rows of one answer, beyond which it is no grouped answer any more
PREFIX = "playbook"
of_session: dict[int, SparkEngine] = {}  # the engine of the book opened last in each session
_numbers = itertools.count(1)  # views of one session are told apart by the book they belong to

# Spark's type → DuckDB's, as checks know them; a moment without a zone is a plain TIMESTAMP there
TYPES = {
    "string": "VARCHAR",
    "date": "DATE",
    "timestamp": "TIMESTAMP WITH TIME ZONE",
    "timestamp_ntz": "TIMESTAMP",
    "boolean": "BOOLEAN",
    "tinyint": "TINYINT",
    "smallint": "SMALLINT",
    "int": "INTEGER",
    "bigint": "BIGINT",
    "float": "FLOAT",
    "double": "DOUBLE",
}


Rows = list[tuple[Any, ...]]


class SparkRefused(duckdb.Error):
    """What Spark says to a query, caught where DuckDB's own complaint would be."""


@dataclass(frozen=True)
class Answer:
    """Rows that came back, as a DuckDB cursor gives them."""

    rows: list[tuple[Any, ...]] = field(default_factory=list)

    def fetchall(self) -> list[tuple[Any, ...]]:
        return self.rows

    def fetchone(self) -> tuple[Any, ...] | None:
        return self.rows[0] if self.rows else None


class SparkEngine:
    """One book's tables in a Spark session, under names of their own.

    ``execute`` takes the statements of DuckDB that reading and checking use: a query, DESCRIBE, and
    CREATE TABLE or VIEW … AS. Nothing of the session's settings is changed, and no other view of it
    is touched. Every answer is bounded by ``most_rows``.
    """

    def __init__(self, session: Any, most_rows: int = MOST_ROWS, own: bool = False):
        need("spark")
        narwhals_gaps.fill()
        self.own = own  # the session was begun for this book, and may end with it
        self.session, self.most_rows = session, most_rows
        self.prefix = f"{PREFIX}_{next(_numbers)}"
        self.came_back: deque[int] = deque(maxlen=1_000)  # rows of the last answers
        self.kept: list[Any] = []
        self.shadow = duckdb.connect()  # tables without rows: a user's condition is parsed there
        self.shadow.execute("CREATE SCHEMA raw")
        of_session[id(session)] = self

    # -- what checks ask

    def execute(self, query: str) -> Answer:
        """The answer of one statement, collected. SparkRefused where Spark does not take it."""
        from sqlglot import exp

        from .translating import parsed, view_name

        if query.lstrip()[:9].upper() == "DESCRIBE ":
            query = query.lstrip()[9:]
            query = query if query.lstrip()[:1] == "(" or " " in query.strip() else f"FROM {query}"
            return Answer([(name, kind) for name, kind in self.types(query).items()])
        try:
            tree = parsed(query, self.prefix)
        except Exception as error:
            raise SparkRefused(str(error)) from None
        if isinstance(tree, exp.Create):
            frame = self._run(tree.expression.sql(dialect="spark"))
            name = tree.this.name
            if not name.startswith(f"{self.prefix}_"):
                name = view_name(self.prefix, "main", name)
            self._name(name, self._keep(frame) if tree.kind == "TABLE" else frame)
            return Answer()
        return Answer([tuple(row) for row in self.rows(self._run(tree.sql(dialect="spark")))])

    def types(self, query: str) -> dict[str, str]:
        """Columns of a query with their types as DuckDB names them."""
        return {name: duck_type(kind) for name, kind in self.frame(query).dtypes}

    def frame(self, query: str) -> Any:
        """A query of DuckDB as a Spark frame, not yet run."""
        from .translating import spark_sql

        try:
            translated = spark_sql(query, self.prefix)
        except Exception as error:
            raise SparkRefused(str(error)) from None
        return self._run(translated)

    def rows(self, frame: Any) -> list[Any]:
        """A frame's rows on this machine; EngineProblem beyond ``most_rows``."""
        try:
            found = frame.limit(self.most_rows + 1).collect()
        except Exception as error:
            raise SparkRefused(_first_line(error)) from None
        self.counted(len(found))
        return found

    def counted(self, n: int) -> None:
        """Note that ``n`` rows came back; EngineProblem where they are too many."""
        self.came_back.append(n)
        if n > self.most_rows:
            raise EngineProblem(too_many(self.most_rows))

    # -- what a book keeps there

    def name(self, schema: str, table: str, frame: Any) -> None:
        """Know a Spark frame as ``schema.table``."""
        from .translating import view_name

        self._name(view_name(self.prefix, schema, table), frame)

    def cast_shadow(self, table: str, types: dict[str, str]) -> None:
        """An empty table of these columns where DuckDB reads conditions before Spark runs them."""
        plain = {name: kind if _known(kind) else "VARCHAR" for name, kind in types.items()}
        cells = ", ".join(f"{_quoted(name)} {kind}" for name, kind in plain.items())
        self.shadow.execute(f"CREATE OR REPLACE TABLE raw.{_quoted(table)} ({cells})")
        self.shadow.execute(f"CREATE OR REPLACE TABLE main.{_quoted(table)} ({cells})")

    def bring(self, rows: Any) -> Any:
        """An Arrow table or pandas frame of this machine as a Spark frame; moments keep their
        clock, whatever the session's zone.
        """
        import pyarrow as pa

        table = pa.Table.from_pandas(rows, preserve_index=False) if _is_pandas(rows) else rows
        moments = [f.name for f in table.schema if pa.types.is_timestamp(f.type) and not f.type.tz]
        whole = pa.schema([_plain(field, pa) for field in table.schema])
        plain = table.cast(whole)
        for name in moments:  # as text: a session's zone may skip the hour in which one stands
            at = plain.schema.get_field_index(name)
            plain = plain.set_column(at, name, plain[name].cast(pa.string()))
        frame = self.session.createDataFrame(plain)
        for name in moments:
            frame = frame.withColumn(name, frame[name].cast("timestamp_ntz"))
        return frame

    # -- what a book asks (engines.engine.Engine)

    def view(self, query: str) -> tuple[str, Any]:
        """A query of DuckDB, bound once: its text in Spark's words, and the frame it gives."""
        from .translating import spark_sql

        frame = self.frame(query)
        return spark_sql(query, self.prefix), frame

    def settled(self, view: tuple[str, Any]) -> tuple[str, Any]:
        return view

    def lazy(self, view: tuple[str, Any]) -> nw.LazyFrame:
        return nw.from_native(view[1])

    def columns(self, view: tuple[str, Any]) -> list[str]:
        return list(view[1].columns)

    def ask(self, view: tuple[str, Any], selected: str, where: str = "", group: str = "") -> Rows:
        from .translating import spark_sql

        table = f"SELECT {selected} FROM playbook_asked" + (f" WHERE {where}" if where else "")
        asked = spark_sql(table + (f" GROUP BY {group}" if group else ""), self.prefix)
        head, _, tail = asked.partition("FROM playbook_asked")
        return [tuple(row) for row in self.rows(self._run(f"{head}FROM ({view[0]}) {tail}"))]

    def some(self, view: tuple[str, Any], where: str = "") -> bool:
        return bool(self.ask(view, "1", f"{where or 'TRUE'} LIMIT 1"))

    def keep(self, rows: nw.LazyFrame, name: str) -> Any:
        """Rows worked out once and held by the cluster."""
        return self._keep(nw.to_native(rows))

    def held(self, kept: Any) -> nw.LazyFrame:
        return nw.from_native(kept)

    def small(self, frame: pd.DataFrame) -> nw.LazyFrame:
        return nw.from_native(self.bring(frame))

    def forget(self) -> None:
        """Let the cluster's memory go, and the views of this book."""
        for frame in self.kept:
            frame.unpersist()
        self.kept.clear()
        for view in self.session.catalog.listTables(pattern=f"{self.prefix}_*"):
            self.session.catalog.dropTempView(view.name)

    def let_go(self) -> None:
        """End the session that was begun for this book, so that its cores serve others."""
        if self.own:
            of_session.pop(id(self.session), None)
            self.session.stop()

    def _run(self, query: str) -> Any:
        try:
            return self.session.sql(query)
        except Exception as error:
            raise SparkRefused(_first_line(error)) from None

    def _keep(self, frame: Any) -> Any:
        self.kept.append(frame.persist())
        return self.kept[-1]

    def _name(self, name: str, frame: Any) -> None:
        frame.createOrReplaceTempView(name)


def duck_type(kind: str) -> str:
    """DuckDB's name of a Spark type; what it has no name for keeps its own."""
    if kind.startswith("decimal("):
        return kind.upper()
    return TYPES.get(kind, kind.upper())


def too_many(most: int) -> Problem:
    return Problem(
        found=say("an answer of more than {most:,} rows would come back from Spark", most=most),
        expected=say("grouped rows; rows stay where they are"),
        try_=say(
            "raise [engine] most_rows if this machine holds so many (lists with"
            " a row per customer or deal need as many), or take a part of the"
            " book"
        ),
    )


def _plain(field: Any, pa: Any) -> Any:
    """Types Spark does not take from Arrow: whole numbers beyond 64 bits, dictionaries."""
    if pa.types.is_uint64(field.type) or str(field.type) == "hugeint":
        return field.with_type(pa.decimal128(38, 0))
    if pa.types.is_dictionary(field.type):
        return field.with_type(field.type.value_type)
    if pa.types.is_timestamp(field.type) and field.type.unit != "us":
        return field.with_type(pa.timestamp("us", field.type.tz))
    return field


def _known(kind: str) -> bool:
    return kind in TYPES.values() or kind.startswith("DECIMAL(")


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _is_pandas(rows: Any) -> bool:
    return isinstance(rows, pd.DataFrame)


def _first_line(error: Exception) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[0][:300] if lines else type(error).__name__
