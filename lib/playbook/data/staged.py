"""A table whose columns are ours and whose values are still as the source has them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import duckdb

from playbook.base.errors import Problem, did_you_mean
from playbook.base.formats import joined
from playbook.base.language import say
from playbook.base.settings import TableSettings

from .source import RawSource
from .steady_sql import unsteady
from .tables import TableSpec

HIDDEN = ("_file", "_row")
OTHERS = "*"  # in values: every word that is not named


@dataclass
class Staged:
    """A table of ours before its values are read: ``query`` gives our columns as the source has
    them, and where each row stands.

    ``types`` maps our columns to the DuckDB types of ``query``; ``headers`` to the source's names.
    ``lazy``: too large to copy.
    """

    table: TableSpec
    query: str
    types: dict[str, str]
    headers: dict[str, str]
    source: RawSource | None = None
    lazy: bool = False
    problems: list[Problem] = field(default_factory=list)
    # columns whose numbers are written with a point, whatever the source's decimal mark
    pointed: frozenset[str] = frozenset()

    @property
    def label(self) -> str | None:
        return self.source.label if self.source else None

    def where(self, rows: list[tuple[int | None, int | None]]) -> list[str]:
        """Words for where each (file, row) stands."""
        return (
            self.source.where(rows)
            if self.source
            else [
                say("row {row} of the query", row=row) if row else say("a row") for _, row in rows
            ]
        )

    def cell(self, file: int | None, row: int | None, column: str) -> str:
        """Where a column's cell stands, for sheets that people fill in; empty elsewhere."""
        header = self.headers.get(column, "")
        return self.source.cell(file, row, header) if self.source else ""


def values_without_column(
    table: TableSpec, mapping: TableSettings, known: list[str], label: str | None = None
) -> list[Problem]:
    """``values`` for columns that are not there would change nothing, silently."""
    return [
        Problem(
            found=say("values.{ours} is for a column that is not mapped", ours=ours),
            expected=say("one of the mapped columns"),
            try_=did_you_mean(ours, known),
            table=table.name,
            column=ours,
            file=label,
        )
        for ours in mapping.values
        if ours not in known
    ]


def missing_columns(
    table: TableSpec,
    have: set[str],
    source: RawSource | None,
    mapped: bool,
    columns: dict[str, str],
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
                    found=say("no column '{name}'", name=name),
                    expected=say(
                        "{name} needs {required}", name=table.name, required=joined(table.required)
                    ),
                    table=table.name,
                    column=name,
                    try_=hint
                    + (
                        ""
                        if mapped
                        else say("; map it with [tables.{name}] columns", name=table.name)
                    ),
                    file=source.label if source else None,
                )
            )
    return problems


def replaced_values(c: str, values: dict[str, str]) -> str:
    """SQL: their words replaced by ours; a word mapped to nothing is missing, ``*`` stands for
    every other word.
    """
    if not values:
        return c
    text = f"trim(CAST({c} AS VARCHAR))"
    cases = " ".join(
        f"WHEN {text} = {_literal(theirs)} THEN {_word(ours)}"
        for theirs, ours in values.items()
        if theirs != OTHERS
    )
    rest = f"CAST({c} AS VARCHAR)"
    if OTHERS in values:
        cases += f" WHEN {text} <> '' THEN {_word(values[OTHERS])}"
        rest = "NULL"
    return f"CASE {cases} ELSE {rest} END"


def _word(ours: str) -> str:
    return _literal(ours) if ours else "NULL"


def query_problem(
    connection: duckdb.DuckDBPyConnection, query: str, table: TableSpec, key: str
) -> Problem | None:
    """None when the text is one query DuckDB understands; reading outside the sources is refused by
    the connection itself.
    """
    try:
        statements = connection.extract_statements(query)
        if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
            return Problem(
                found=say("{key} is not a single SELECT", key=key),
                expected=say("one query that reads the sources"),
                try_=say("split it, or prepare the data outside"),
                table=table.name,
            )
        connection.execute(f"DESCRIBE SELECT * FROM (\n{query}\n)").fetchall()
        if problem := unsteady(connection, query, table, key):
            return problem
    except (duckdb.Error, RuntimeError) as error:
        return sql_problem(error, table, key)
    return None


def sql_problem(error: Exception, table: TableSpec, key: str = "sql") -> Problem:
    """DuckDB's complaint about a user's query, in our three parts, with the line it is about."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    place = next((line for line in lines if re.match(r"LINE \d+:", line)), "")
    number, _, said = place.removeprefix("LINE ").partition(":")
    # what is run stands one line lower than what was written, but for its parsing
    line = int(number) - (0 if lines[0].startswith("Parser") else 1) if place else 0
    where = (
        say(", line {line} ({said})", line=line, said=said.strip()[:60])
        if line > 0 and key == "sql"
        else ""
    )
    hint = next(
        (line for line in lines[1:] if line.startswith(("Did you mean", "Candidate"))),
        say(
            "sources are tables by their name under [sources]; columns as in the file, texts in CSV"
        ),
    )
    return Problem(
        found=say(
            "{key} does not run{where}: {lines}",
            key=key,
            where=where,
            lines=lines[0][:200] if lines else error,
        ),
        expected=say("a DuckDB query over the sources"),
        try_=hint,
        table=table.name,
    )


def column_types(connection: duckdb.DuckDBPyConnection, query: str) -> dict[str, str]:
    described = connection.execute(f"DESCRIBE {query}").fetchall()
    return {row[0]: row[1] for row in described if row[0] not in HIDDEN}


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
