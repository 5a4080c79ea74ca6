"""From raw sources to our columns: by name, by ``[tables.…] columns`` and ``values``, or by a query
of the user's.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import duckdb

from playbook.base.errors import Problem, did_you_mean
from playbook.base.formats import listing
from playbook.base.settings import TableSettings

from .databases import plain, quoted
from .sources import Source
from .tables import Table

HIDDEN = ("_file", "_row")


@dataclass
class Staged:
    """A table of ours before its values are read: ``query`` gives our columns as the source has
    them, and where each row stands.

    ``types`` maps our columns to the DuckDB types of ``query``; ``headers`` to the source's names.
    ``lazy``: too large to copy.
    """

    table: Table
    query: str
    types: dict[str, str]
    headers: dict[str, str]
    source: Source | None = None
    lazy: bool = False
    problems: list[Problem] = field(default_factory=list)

    @property
    def label(self) -> str | None:
        return self.source.label if self.source else None

    def where(self, rows: list[tuple[int | None, int | None]]) -> list[str]:
        """Words for where each (file, row) stands."""
        return (
            self.source.where(rows)
            if self.source
            else [f"row {row} of the query" if row else "a row" for _, row in rows]
        )


def stage_file(connection: duckdb.DuckDBPyConnection, table: Table, source: Source) -> Staged:
    """A file named after the table: our column names, near variants of case and blanks accepted
    with a warning.
    """
    columns, problems = match_headers(table, source)
    return _from(connection, table, source, columns, "", {}, problems)


def match_headers(table: Table, source: Source) -> tuple[dict[str, str], list[Problem]]:
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


def _spare(table: Table, label: str | None, spare: list[str], have: set[str]) -> list[Problem]:
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
    table: Table,
    mapping: TableSettings,
    sources: dict[str, Source | None],
    named: set[str],
) -> Staged | list[Problem]:
    """A table as ``[tables.…]`` says; the problems when it cannot be staged. A source that is None
    has told its problem already.
    """
    if mapping.sql:
        return _sql(connection, table, mapping, sources)
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


def _check_columns(table: Table, mapping: TableSettings, source: Source) -> list[Problem]:
    place = {"table": table.name, "file": source.label}
    problems = [
        Problem(
            found=f"'{ours}' is no column of {table.name}",
            expected="a column of the contract",
            try_=did_you_mean(ours, table.names),
            column=ours,
            **place,
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
            **place,
        )
        for ours, theirs in mapping.columns.items()
        if ours in table.names and theirs not in source.columns
    ]
    return problems + _values_of_none(
        table, mapping, list(mapping.columns or table.names), source.label
    )


def _values_of_none(
    table: Table, mapping: TableSettings, known: list[str], label: str | None = None
) -> list[Problem]:
    """``values`` for columns that are not there would change nothing, silently."""
    return [
        Problem(
            found=f"values.{ours} is for a column that is not mapped",
            expected="one of the mapped columns",
            try_=did_you_mean(ours, known),
            table=table.name,
            column=ours,
            file=label,
        )
        for ours in mapping.values
        if ours not in known
    ]


def _check_where(
    connection: duckdb.DuckDBPyConnection, table: Table, mapping: TableSettings, source: Source
) -> Problem | None:
    return (
        _try_sql(
            connection, f"SELECT 1 FROM {source.relation} WHERE ({mapping.where})", table, "where"
        )
        if mapping.where
        else None
    )


def _from(
    connection: duckdb.DuckDBPyConnection,
    table: Table,
    source: Source,
    columns: dict[str, str],
    where: str,
    values: dict[str, dict[str, str]],
    problems: list[Problem],
) -> Staged:
    picked = ", ".join(
        [
            *(
                f"{_valued(quoted(theirs), values.get(ours, {}))} AS {quoted(ours)}"
                for ours, theirs in columns.items()
            ),
            *HIDDEN,
        ]
    )
    query = f"SELECT {picked} FROM {source.relation}" + (f" WHERE ({where})" if where else "")
    types = {
        name.casefold(): type_ for name, type_ in _types(connection, query).items()
    }  # DuckDB may keep the case of Amount AS amount
    return Staged(
        table,
        query,
        {ours: types[ours] for ours in columns},
        columns,
        source,
        source.lazy,
        [*problems, *_lacking(table, set(columns), source, bool(values or where), columns)],
    )


def _lacking(
    table: Table, have: set[str], source: Source | None, mapped: bool, columns: dict[str, str]
) -> list[Problem]:
    """A required column that is not there, with the header it may hide under."""
    free = [
        header for header in (source.columns if source else ()) if header not in columns.values()
    ]
    problems = []
    for name in table.required:
        if name not in have:
            hint = did_you_mean(name, free) if free else f"add a column {name}"
            problems.append(
                Problem(
                    found=f"no column '{name}'",
                    expected=f"{table.name} needs {', '.join(table.required)}",
                    table=table.name,
                    column=name,
                    try_=(
                        f"{hint}{'' if mapped else '; map it with [tables.' + table.name + '] columns'}"
                    ),
                    file=source.label if source else None,
                )
            )
    return problems


def _valued(c: str, values: dict[str, str]) -> str:
    """SQL: their words replaced by ours; a word mapped to nothing is missing."""
    if not values:
        return c
    text = f"trim(CAST({c} AS VARCHAR))"
    cases = " ".join(
        f"WHEN {_literal(theirs)} THEN {_literal(ours) if ours else 'NULL'}"
        for theirs, ours in values.items()
    )
    return f"CASE {text} {cases} ELSE CAST({c} AS VARCHAR) END"


def _unused_values(
    connection: duckdb.DuckDBPyConnection, staged: Staged, mapping: TableSettings, source: Source
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


def _sql(
    connection: duckdb.DuckDBPyConnection,
    table: Table,
    mapping: TableSettings,
    sources: dict[str, Source | None],
) -> Staged | list[Problem]:
    query = mapping.sql.strip().rstrip(";")
    used = [name for name in sources if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", query)]
    if any(sources[name] is None for name in used):
        return []
    if problem := _try_sql(connection, query, table, "sql"):
        return [problem]
    types = _types(connection, query)
    written = {
        name.casefold(): name for name in types
    }  # DuckDB may keep the case of "Stage" AS stage
    have = {name: written[name] for name in table.names if name in written}
    spare = [name for name in types if name.casefold() not in have]
    picked = (
        ", ".join(
            f"{_valued(quoted(theirs), mapping.values.get(ours, {}))} AS {quoted(ours)}"
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
    kept = {name.casefold(): type_ for name, type_ in _types(connection, full).items()}
    staged = Staged(
        table, full, {name: kept[name] for name in have}, {name: name for name in have}, None, lazy
    )
    staged.problems = (
        _lacking(table, set(have), None, True, {})
        + _values_of_none(table, mapping, list(have))
        + [
            Problem(
                found=f"the query gives a column '{name}' that is not used",
                expected=f"columns of {table.name}",
                table=table.name,
                severity="warning",
                try_=did_you_mean(name, [n for n in table.names if n not in have]),
            )
            for name in spare
        ]
    )
    return staged


def _try_sql(
    connection: duckdb.DuckDBPyConnection, query: str, table: Table, key: str
) -> Problem | None:
    """None when the text is one query DuckDB understands; reading outside the sources is refused by
    the connection itself.
    """
    try:
        statements = connection.extract_statements(query)
        if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
            return Problem(
                found=f"{key} is not a single SELECT",
                expected="one query that reads the sources",
                try_="split it, or prepare the data outside",
                table=table.name,
            )
        connection.execute(f"DESCRIBE SELECT * FROM (\n{query}\n)").fetchall()
    except (duckdb.Error, RuntimeError) as error:
        return sql_problem(error, table, key)
    return None


def sql_problem(error: Exception, table: Table, key: str = "sql") -> Problem:
    """DuckDB's complaint about a user's query, in our three parts."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    hint = next(
        (line for line in lines[1:] if line.startswith(("Did you mean", "Candidate"))),
        "sources are tables by their name under [sources]; columns as in the file, texts in CSV",
    )
    return Problem(
        found=f"{key} does not run: {lines[0][:200] if lines else error}",
        expected="a DuckDB query over the sources",
        try_=hint,
        table=table.name,
    )


def _types(connection: duckdb.DuckDBPyConnection, query: str) -> dict[str, str]:
    described = connection.execute(f"DESCRIBE {query}").fetchall()
    return {row[0]: row[1] for row in described if row[0] not in HIDDEN}


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
