"""A table given by a query of the user's over the sources."""

from __future__ import annotations

import re

import duckdb

from playbook.base.errors import Problem, did_you_mean
from playbook.base.language import say
from playbook.base.settings import TableSettings

from .databases import quoted
from .source import RawSource
from .staged import (
    Staged,
    column_types,
    query_problem,
    replaced_values,
    sql_problem,
    values_without_column,
)
from .tables import TableSpec


def stage_query(
    connection: duckdb.DuckDBPyConnection,
    table: TableSpec,
    mapping: TableSettings,
    sources: dict[str, RawSource | None],
) -> Staged | list[Problem]:
    query = mapping.sql.strip().rstrip(";")
    used = [name for name in sources if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", query)]
    if any(sources[name] is None for name in used):
        return []
    if problem := query_problem(connection, query, table, "sql"):
        return [problem]
    types = column_types(connection, query)
    written = {
        name.casefold(): name for name in types
    }  # DuckDB may keep the case of "Stage" AS stage
    names = [*table.names, *(column.name for column in table.inputs)]
    have = {name: written[name] for name in names if name in written}
    spare = [name for name in types if name.casefold() not in have]
    picked = (
        ", ".join(
            f"{replaced_values(quoted(theirs), mapping.values.get(ours, {}))} AS {quoted(ours)}"
            for ours, theirs in have.items()
        )
        or "NULL AS nothing"
    )
    lazy = any(sources[name].lazy for name in used)  # type: ignore[union-attr]
    full = (
        f"SELECT {picked}, 0 AS _file, {'NULL::BIGINT' if lazy else 'row_number() OVER ()'} AS _row"
        f" FROM (\n{query}\n)"
    )
    if not lazy:  # run the user's query once; what follows asks its result several times
        try:
            connection.execute(f"CREATE TABLE stage.{table.name} AS {full}")
        except duckdb.Error as error:
            return [sql_problem(error, table)]
        full = f"SELECT * FROM stage.{table.name}"
    kept = {name.casefold(): type_ for name, type_ in column_types(connection, full).items()}
    staged = Staged(
        table, full, {name: kept[name] for name in have}, {name: name for name in have}, None, lazy
    )
    staged.problems = values_without_column(table, mapping, list(have)) + [
        Problem(
            found=say("the query gives a column '{name}' that is not used", name=name),
            expected=say("columns of {name}", name=table.name),
            table=table.name,
            severity="warning",
            try_=did_you_mean(name, [n for n in table.names if n not in have]),
        )
        for name in spare
    ]
    return staged
