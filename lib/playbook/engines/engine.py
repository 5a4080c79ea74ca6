"""What a book asks of the engine that holds its rows: DuckDB on this machine, or Spark."""

from __future__ import annotations

from typing import Any, Protocol

import narwhals as nw
import pandas as pd


class Engine(Protocol):
    """Tables that stay where they are, asked in DuckDB's SQL and in narwhals."""

    def view(self, query: str) -> Any:
        """A query bound once; what it is, only the engine knows."""

    def settled(self, view: Any) -> Any:
        """The view with its rows written down where that makes it quicker to ask."""

    def lazy(self, view: Any) -> nw.LazyFrame:
        """The view as a lazy frame."""

    def columns(self, view: Any) -> list[str]:
        """Names of the view's columns, in order."""

    def ask(
        self, view: Any, selected: str, where: str = "", group: str = ""
    ) -> list[tuple[Any, ...]]:
        """Rows of aggregates over the view, in no order."""

    def some(self, view: Any, where: str = "") -> bool:
        """Whether any row meets the condition."""

    def keep(self, rows: nw.LazyFrame, name: str) -> Any:
        """Work rows out once; a handle for ``held``."""

    def held(self, kept: Any) -> nw.LazyFrame:
        """Rows that were kept."""

    def small(self, frame: pd.DataFrame) -> nw.LazyFrame:
        """A small frame of this machine beside the engine's tables, to be joined with them."""

    def let_go(self) -> None:
        """Nothing more is asked: end what was begun for this book alone."""
