"""DuckDB on this machine as a book's engine."""

from __future__ import annotations

import itertools
from typing import Any

import duckdb
import narwhals as nw
import pandas as pd

_numbers = itertools.count()  # a table of its own for every day and every reading of the settings


class DuckEngine:
    """A book's tables in a DuckDB connection (``engines.engine.Engine``)."""

    def __init__(self, connection: duckdb.DuckDBPyConnection):
        self.connection = connection

    def view(self, query: str) -> duckdb.DuckDBPyRelation:
        return self.connection.sql(query)

    def settled(self, view: duckdb.DuckDBPyRelation) -> duckdb.DuckDBPyRelation:
        table = f"settled_{next(_numbers)}"
        view.create(table)
        return self.connection.table(table)

    def lazy(self, view: duckdb.DuckDBPyRelation) -> nw.LazyFrame:
        return nw.from_native(view)

    def columns(self, view: duckdb.DuckDBPyRelation) -> list[str]:
        return list(view.columns)

    def ask(
        self, view: duckdb.DuckDBPyRelation, selected: str, where: str = "", group: str = ""
    ) -> list[tuple[Any, ...]]:
        rows = view.filter(where) if where else view
        return rows.aggregate(selected, group).fetchall()

    def some(self, view: duckdb.DuckDBPyRelation, where: str = "") -> bool:
        return bool((view.filter(where) if where else view).limit(1).fetchall())

    def keep(self, rows: nw.LazyFrame, name: str) -> str:
        table = f"ready_{name}_{next(_numbers)}"
        rows.to_native().create(table)
        return table

    def held(self, kept: str) -> nw.LazyFrame:
        return nw.from_native(self.connection.table(kept))

    def small(self, frame: pd.DataFrame) -> nw.LazyFrame:
        return nw.from_native(self.connection.from_df(frame))

    def let_go(self) -> None:
        """Tables of this machine stay as long as somebody holds them."""
