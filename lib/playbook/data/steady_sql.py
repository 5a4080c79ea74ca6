"""Queries of the user's that would give another answer on another day: refused by name.

A report is a function of its files: a query may not roll dice, read the clock or draw a sample.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import duckdb

from playbook.base.errors import Problem
from playbook.base.formats import joined
from playbook.base.language import later, say

from .table_specs import TableSpec

CLOCK = {  # words of SQL that DuckDB reads as the clock although they look like columns
    "current_date",
    "current_time",
    "current_timestamp",
    "localtime",
    "localtimestamp",
}
OPEN = {"current_database", "current_schema", "current_schemas", "in_search_path", "error"}


def unsteady(
    connection: duckdb.DuckDBPyConnection, query: str, table: TableSpec, key: str
) -> Problem | None:
    """The problem of a query whose answer changes by itself; None for all others."""
    try:
        parsed = connection.execute("SELECT json_serialize_sql(?)", [query]).fetchall()[0][0]
    except duckdb.Error:
        return None  # no statement DuckDB can write down; running it says what is wrong
    tree = json.loads(parsed)
    columns = _columns_given(connection)
    names = sorted(
        {name for name in _names(tree, columns) if name in _volatile(connection) | CLOCK}
        | {later("a sample") for _ in _samples(tree)}
        | {later("age of one day, which reads the clock") for node in _nodes(tree) if _age(node)}
    )
    if not names:
        return None
    return Problem(
        found=say("{key} uses {names}", key=key, names=joined(_called(name) for name in names)),
        expected=say("a query that gives the same rows every time it runs on the same files"),
        try_=say("write days as DATE '2023-09-30'; the report month comes from --month"),
        table=table.name,
    )


def _called(name: str) -> str:
    return say(name) if " " in name or name in CLOCK else f"{name}()"


def _volatile(connection: duckdb.DuckDBPyConnection) -> set[str]:
    rows = connection.execute(
        "SELECT DISTINCT function_name FROM duckdb_functions() WHERE stability IN ('VOLATILE',"
        " 'CONSISTENT_WITHIN_QUERY')"
    ).fetchall()
    return {name for (name,) in rows} - OPEN


def _columns_given(connection: duckdb.DuckDBPyConnection) -> set[str]:
    rows = connection.execute(
        "SELECT DISTINCT lower(column_name) FROM information_schema.columns WHERE table_schema ="
        " 'main'"
    ).fetchall()
    return {name for (name,) in rows}


def _nodes(tree: Any) -> Iterator[dict[str, Any]]:
    stack = [tree]
    while stack:
        node = stack.pop()
        if isinstance(node, dict):
            yield node
            stack += node.values()
        elif isinstance(node, list):
            stack += node


def _names(tree: Any, columns: set[str]) -> Iterator[str]:
    """Names of functions called, and of words that are the clock unless a source has a column of
    that name.
    """
    for node in _nodes(tree):
        if isinstance(node.get("function_name"), str):
            yield node["function_name"].lower()
        if node.get("class") == "COLUMN_REF" and len(node.get("column_names", ())) == 1:
            name = node["column_names"][0].lower()
            if name in CLOCK and name not in columns:
                yield name


def _samples(tree: Any) -> Iterator[dict[str, Any]]:
    return (node for node in _nodes(tree) if node.get("sample"))


def _age(node: dict[str, Any]) -> bool:
    return node.get("function_name") == "age" and len(node.get("arguments", ())) == 1
