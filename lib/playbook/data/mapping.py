"""From raw sources to our columns: by name, by ``[tables.…] columns`` and ``values``, or by a query
of the user's.
"""

from __future__ import annotations

from dataclasses import replace

import duckdb

from playbook.base import action_log
from playbook.base.errors import Problem, did_you_mean
from playbook.base.formats import listing
from playbook.base.language import english, say
from playbook.base.settings import ColumnMapping, Settings, TableSettings

from .databases import plain, quoted
from .grouped import grouped
from .long_tables import turned_long
from .mapping_checks import check_columns, checked_lookups, header_of
from .outcomes import work_out_inputs
from .source import RawSource
from .sql_tables import stage_query
from .staged import (
    HIDDEN,
    OTHERS,
    Staged,
    column_types,
    missing_columns,
    query_problem,
    replaced_values,
    sql_problem,
)
from .tables import TableSpec
from .worked_out import Terms, expression, is_number, shared


def stage_file(
    connection: duckdb.DuckDBPyConnection,
    table: TableSpec,
    source: RawSource,
    settings: Settings,
) -> Staged:
    """A file named after the table: our column names, near variants of case and blanks accepted
    with a warning.
    """
    columns, problems = match_headers(table, source)
    mapped = {ours: ColumnMapping.model_validate(theirs) for ours, theirs in columns.items()}
    terms = Terms(source, source.columns, settings.book.currency)
    staged = _from(connection, table, source.relation, mapped, {}, terms, problems)
    return finished(connection, staged, TableSettings(**{"from": source.name}), settings, False)


def finished(
    connection: duckdb.DuckDBPyConnection,
    staged: Staged,
    mapping: TableSettings,
    settings: Settings,
    mapped: bool,
) -> Staged:
    """The staged table with inputs worked out, rows grouped, and required columns looked for."""
    staged = grouped(
        connection, work_out_inputs(connection, staged, settings, mapping), mapping, settings
    )
    absent = missing_columns(staged.table, set(staged.types), staged.source, mapped, staged.headers)
    return replace(staged, problems=[*staged.problems, *absent])


def match_headers(table: TableSpec, source: RawSource) -> tuple[dict[str, str], list[Problem]]:
    """Our column → their header, where they are the same but for case, blanks and punctuation; and
    what is to be said.
    """
    names = [*table.names, *(column.name for column in table.inputs)]
    ours_by_name = {plain(name): name for name in names}
    columns: dict[str, str] = {}
    problems, variants, spare = [], [], []
    for header in sorted(source.columns, key=lambda h: h not in names):  # exact names first
        ours = header if header in names else ours_by_name.get(plain(header))
        if ours is None and table.name == "action_log":  # in the language of its pack
            said = action_log.keys().get(header.strip().casefold())
            if said is not None and said not in columns:
                columns[said] = header
                continue
        if ours is None:
            spare.append(header)
        elif ours in columns:
            problems.append(
                Problem(
                    found=say(
                        "both '{columns}' and '{header}' look like {ours}",
                        columns=columns[ours],
                        header=header,
                        ours=ours,
                    ),
                    expected=say("one column for it"),
                    try_=say("remove one of them from the file"),
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
                found=say(
                    "column names written otherwise: {variants}", variants=listing(variants, most=6)
                ),
                expected=say(
                    "the names of the contract, for example {required}", required=table.required[0]
                ),
                try_=say("rename the columns, or map them in [tables.…] columns"),
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
            found=say("column '{name}' is not used", name=name),
            expected=say("a column of {name}", name=table.name),
            try_=hint,
            severity="warning",
            table=table.name,
            file=label,
        )
        for name, hint in near
        if english(hint).startswith("did you mean")
    ]


def stage_mapping(
    connection: duckdb.DuckDBPyConnection,
    table: TableSpec,
    mapping: TableSettings,
    sources: dict[str, RawSource | None],
    settings: Settings,
) -> Staged | list[Problem]:
    """A table as ``[tables.…]`` says; the problems when it cannot be staged. A source that is None
    has its problem on the list already.
    """
    if mapping.sql:
        found = stage_query(connection, table, mapping, sources)
        if isinstance(found, Staged):
            return finished(connection, found, mapping, settings, True)
        return found
    asked = [mapping.from_, *(c.look_up for c in mapping.columns.values() if c.look_up)]
    if unknown := [name for name in asked if name not in sources]:
        word = "from" if unknown[0] == mapping.from_ else "look_up"
        return [
            Problem(
                found=say("{word} = '{unknown}' names no source", word=word, unknown=unknown[0]),
                expected=say("a name under [sources]"),
                try_=did_you_mean(unknown[0], set(settings.sources)),
                table=table.name,
            )
        ]
    source = sources[mapping.from_]
    if source is None or any(sources[name] is None for name in asked):
        return []
    problems = check_columns(table, mapping, source, sources)
    columns = {
        ours: theirs
        for ours, theirs in mapping.columns.items()
        if not any(problem.column == ours for problem in problems)
    }
    if not mapping.columns and not mapping.long:
        matched, more = match_headers(table, source)
        columns = {ours: ColumnMapping.model_validate(theirs) for ours, theirs in matched.items()}
        problems += more
    if problem := _check_where(connection, table, mapping, source):
        return [*problems, problem]
    terms = Terms(source, source.columns, settings.book.currency, sources)
    try:
        relation = f"(SELECT * FROM {source.relation} WHERE ({mapping.where}\n))"
        relation = relation if mapping.where else source.relation
        if mapping.long:
            turned = turned_long(connection, table, mapping, relation, terms)
            problems += turned.problems
            if not turned.types:
                return problems
            relation, terms = turned.relation, replace(terms, types=turned.types)
            columns |= {ours: ColumnMapping(column=c) for ours, c in turned.names.items()}
        problems += checked_lookups(connection, table, columns, relation, terms)
        relation = shared(relation, columns, terms)
        staged = _from(connection, table, relation, columns, mapping.values, terms, problems)
        staged.problems += _unused_values(connection, staged, mapping, source)
        return finished(
            connection, staged, mapping, settings, bool(mapping.values or mapping.where)
        )
    except duckdb.Error as error:
        return [*problems, sql_problem(error, table, "columns")]


def _check_where(
    connection: duckdb.DuckDBPyConnection,
    table: TableSpec,
    mapping: TableSettings,
    source: RawSource,
) -> Problem | None:
    reader = getattr(connection, "shadow", connection)  # of a lake's source: its columns, no rows
    return (
        query_problem(
            reader, f"SELECT 1 FROM {source.relation} WHERE ({mapping.where})", table, "where"
        )
        if mapping.where
        else None
    )


def _from(
    connection: duckdb.DuckDBPyConnection,
    table: TableSpec,
    relation: str,
    columns: dict[str, ColumnMapping],
    values: dict[str, dict[str, str]],
    terms: Terms,
    problems: list[Problem],
) -> Staged:
    cells = {ours: expression(ours, theirs, terms) for ours, theirs in columns.items()}
    picked = ", ".join(
        [
            *(
                f"{replaced_values(cell, values.get(ours, {}))} AS {quoted(ours)}"
                for ours, cell in cells.items()
            ),
            *HIDDEN,
        ]
    )
    query = f"SELECT {picked} FROM {relation} AS s"
    types = {
        name.casefold(): type_ for name, type_ in column_types(connection, query).items()
    }  # DuckDB may keep the case of Amount AS amount
    return Staged(
        table,
        query,
        {ours: types[ours.casefold()] for ours in columns},
        {ours: header_of(theirs) for ours, theirs in columns.items()},
        terms.source,
        terms.source.lazy,
        list(problems),
        frozenset(ours for ours, theirs in columns.items() if is_number(theirs)),
    )


def _unused_values(
    connection: duckdb.DuckDBPyConnection, staged: Staged, mapping: TableSettings, source: RawSource
) -> list[Problem]:
    """Mapped words that never occur: most often a slip of the pen."""
    problems = []
    for ours, values in mapping.values.items():
        header = (
            mapping.columns[ours].plain if ours in mapping.columns else staged.headers.get(ours)
        )
        if source.lazy or source.settings.form or header not in source.columns:
            continue
        there = {
            str(row[0])
            for row in connection.execute(
                f"SELECT DISTINCT trim(CAST({quoted(header)} AS VARCHAR)) FROM {source.relation}"
            ).fetchall()
            if row[0] is not None
        }
        absent = sorted(set(values) - there - {OTHERS})
        if absent:
            problems.append(
                Problem(
                    found=say(
                        "values.{ours} maps {absent}, which the column never holds",
                        ours=ours,
                        absent=listing(absent),
                    ),
                    expected=say("words of the source's column"),
                    try_=did_you_mean(absent[0], sorted(there)[:50]),
                    severity="warning",
                    table=staged.table.name,
                    column=ours,
                    file=source.label,
                )
            )
    return problems
