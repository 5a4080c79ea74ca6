"""From raw sources to our columns: by name, by ``[tables.…] columns`` and ``values``, or by a query
of the user's.
"""

from __future__ import annotations

import duckdb

from playbook.base.errors import Problem, did_you_mean
from playbook.base.formats import listing
from playbook.base.settings import TableSettings

from .databases import plain, quoted
from .source import RawSource
from .sql_tables import stage_query
from .staged import (
    HIDDEN,
    Staged,
    column_types,
    missing_columns,
    query_problem,
    replaced_values,
    values_without_column,
)
from .tables import TableSpec


def stage_file(
    connection: duckdb.DuckDBPyConnection, table: TableSpec, source: RawSource
) -> Staged:
    """A file named after the table: our column names, near variants of case and blanks accepted
    with a warning.
    """
    columns, problems = match_headers(table, source)
    return _from(connection, table, source, columns, "", {}, problems)


def match_headers(table: TableSpec, source: RawSource) -> tuple[dict[str, str], list[Problem]]:
    """Our column → their header, where they are the same but for case, blanks and punctuation; and
    what is to be said.
    """
    ours_by_name = {plain(name): name for name in table.names}
    columns: dict[str, str] = {}
    problems, variants, spare = [], [], []
    for header in sorted(source.columns, key=lambda h: h not in table.names):  # exact names first
        ours = header if header in table.names else ours_by_name.get(plain(header))
        if ours is None:
            spare.append(header)
        elif ours in columns:
            problems.append(
                Problem(
                    found=f"both '{columns[ours]}' and '{header}' look like {ours}",
                    expected="one column for it",
                    try_="remove one of them from the file",
                    table=table.name,
                    column=ours,
                    file=source.label,
                )
            )
        else:
            columns[ours] = header
            variants += [f"'{header}' as {ours}"] if header != ours else []
    if variants:
        problems.append(
            Problem(
                found=f"column names written otherwise: {listing(variants, most=6)}",
                expected=f"the names of the contract, for example {table.required[0]}",
                try_="rename the columns, or map them in [tables.…] columns",
                severity="warning",
                table=table.name,
                file=source.label,
            )
        )
    return columns, problems + _spare(table, source.label, spare, set(columns))


def _spare(table: TableSpec, label: str | None, spare: list[str], have: set[str]) -> list[Problem]:
    """Columns that are not ours: named when one is close to a column still wanting, so that a slip
    of the pen is seen.
    """
    open_names = [name for name in table.names if name not in have]
    near = [(name, did_you_mean(name.casefold(), open_names)) for name in spare if open_names]
    return [
        Problem(
            found=f"column '{name}' is not used",
            expected=f"a column of {table.name}",
            try_=hint,
            severity="warning",
            table=table.name,
            file=label,
        )
        for name, hint in near
        if hint.startswith("did you mean")
    ]


def stage_mapping(
    connection: duckdb.DuckDBPyConnection,
    table: TableSpec,
    mapping: TableSettings,
    sources: dict[str, RawSource | None],
    named: set[str],
) -> Staged | list[Problem]:
    """A table as ``[tables.…]`` says; the problems when it cannot be staged. A source that is None
    has its problem on the list already.
    """
    if mapping.sql:
        return stage_query(connection, table, mapping, sources)
    if mapping.from_ not in sources:
        return [
            Problem(
                found=f"from = '{mapping.from_}' names no source",
                expected="a name under [sources]",
                try_=did_you_mean(mapping.from_, named),
                table=table.name,
            )
        ]
    source = sources[mapping.from_]
    if source is None:
        return []
    problems = _check_columns(table, mapping, source)
    columns = {
        ours: theirs
        for ours, theirs in mapping.columns.items()
        if ours in table.names and theirs in source.columns
    }
    if not mapping.columns:
        columns, more = match_headers(table, source)
        problems += more
    if problem := _check_where(connection, table, mapping, source):
        return [*problems, problem]
    staged = _from(connection, table, source, columns, mapping.where, mapping.values, problems)
    staged.problems += _unused_values(connection, staged, mapping, source)
    return staged


def _check_columns(table: TableSpec, mapping: TableSettings, source: RawSource) -> list[Problem]:
    problems = [
        Problem(
            found=f"'{ours}' is no column of {table.name}",
            expected="a column of the contract",
            try_=did_you_mean(ours, table.names),
            column=ours,
            table=table.name,
            file=source.label,
        )
        for ours in mapping.columns
        if ours not in table.names
    ]
    problems += [
        Problem(
            found=f"the source has no column '{theirs}'",
            expected="a column of the source",
            try_=did_you_mean(theirs, source.columns),
            column=ours,
            table=table.name,
            file=source.label,
        )
        for ours, theirs in mapping.columns.items()
        if ours in table.names and theirs not in source.columns
    ]
    return problems + values_without_column(
        table, mapping, list(mapping.columns or table.names), source.label
    )


def _check_where(
    connection: duckdb.DuckDBPyConnection,
    table: TableSpec,
    mapping: TableSettings,
    source: RawSource,
) -> Problem | None:
    return (
        query_problem(
            connection, f"SELECT 1 FROM {source.relation} WHERE ({mapping.where})", table, "where"
        )
        if mapping.where
        else None
    )


def _from(
    connection: duckdb.DuckDBPyConnection,
    table: TableSpec,
    source: RawSource,
    columns: dict[str, str],
    where: str,
    values: dict[str, dict[str, str]],
    problems: list[Problem],
) -> Staged:
    picked = ", ".join(
        [
            *(
                f"{replaced_values(quoted(theirs), values.get(ours, {}))} AS {quoted(ours)}"
                for ours, theirs in columns.items()
            ),
            *HIDDEN,
        ]
    )
    query = f"SELECT {picked} FROM {source.relation}" + (f" WHERE ({where})" if where else "")
    types = {
        name.casefold(): type_ for name, type_ in column_types(connection, query).items()
    }  # DuckDB may keep the case of Amount AS amount
    return Staged(
        table,
        query,
        {ours: types[ours] for ours in columns},
        columns,
        source,
        source.lazy,
        [*problems, *missing_columns(table, set(columns), source, bool(values or where), columns)],
    )


def _unused_values(
    connection: duckdb.DuckDBPyConnection, staged: Staged, mapping: TableSettings, source: RawSource
) -> list[Problem]:
    """Mapped words that never occur: most often a slip of the pen."""
    problems = []
    for ours, values in mapping.values.items():
        header = staged.headers.get(ours)
        if header is None or source.lazy:
            continue
        there = {
            str(row[0])
            for row in connection.execute(
                f"SELECT DISTINCT trim(CAST({quoted(header)} AS VARCHAR)) FROM {source.relation}"
            ).fetchall()
            if row[0] is not None
        }
        absent = sorted(set(values) - there)
        if absent:
            problems.append(
                Problem(
                    found=f"values.{ours} maps {listing(absent)}, which the column never holds",
                    expected="words of the source's column",
                    try_=did_you_mean(absent[0], sorted(there)[:50]),
                    severity="warning",
                    table=staged.table.name,
                    column=ours,
                    file=source.label,
                )
            )
    return problems
