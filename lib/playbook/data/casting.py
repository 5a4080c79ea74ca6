"""Staged texts read as days, money, numbers, flags and words into ``book.<table>``; every value
that cannot be read is named.
"""

from __future__ import annotations

import duckdb

from playbook.base.errors import Problem
from playbook.base.privacy import masked_sql, suspect_sql
from playbook.base.settings import Settings

from .cast import Cast, cast_of
from .cast_days import day_forms, unclear_zones
from .databases import quoted
from .missing_words import words_kept
from .scales import scales
from .set_aside import Fault
from .staged import Staged, sql_problem
from .stray_rows import drop_strays, repeated_header, total_candidate
from .table_specs import is_free_text, is_member, may_hold_contacts
from .unread import unread_values


def cast_table(
    connection: duckdb.DuckDBPyConnection, staged: Staged, settings: Settings
) -> tuple[set[str], list[Problem], list[Fault]]:
    """Create ``book.<table>`` and give the columns it has, the problems of its columns, and those
    of single rows.

    Small tables are copied, typed; large Parquet and database tables become a view, so no row of
    theirs is ever loaded.
    """
    name, casts = (
        staged.table.name,
        [
            cast_of(staged, column, settings)
            for column in staged.table.columns
            if column.name in staged.types
        ],
    )
    if not casts:
        return set(), [], []
    try:
        faults = _survey(connection, staged, casts)
        problems = words_kept(connection, staged, casts)
        problems += day_forms(
            connection,
            staged,
            [cast for cast in casts if cast.is_textual_day and not cast.sql],
            settings.book.time_zone,
            [cast for cast in casts if cast.is_textual_day and cast.sql],
            settings.book.bad_rows,
        )
        problems += scales(connection, staged, casts)
        problems += unclear_zones(connection, staged, casts, settings.book.time_zone)
        hide = _holding_contacts(connection, staged, casts) if settings.masks else set()
        kept = ", ".join(
            [
                *(
                    f"{masked_sql(cast.sql) if cast.column.name in hide else cast.sql} AS"
                    f" {quoted(cast.column.name)}"
                    for cast in casts
                ),
                "_file",
                "_row",
            ]
        )
        connection.execute(
            f"CREATE {'VIEW' if staged.lazy else 'TABLE'} book.{name} AS SELECT {kept} FROM"
            f" ({staged.query})"
        )
        refused = {p.column for p in problems if p.column and p.severity == "error"}
        faults += unread_values(connection, staged, casts, refused)
    except duckdb.Error as error:
        return set(), [sql_problem(error, staged.table)], []
    return {cast.column.name for cast in casts}, problems, faults


def _holding_contacts(
    connection: duckdb.DuckDBPyConnection, staged: Staged, casts: list[Cast]
) -> set[str]:
    """Columns in which contact data may stand: those where some cell looks like it. Of a table read
    in place every column of free text, since looking would read it once more; its members of
    dimensions, the firm's own too, are looked at each once, and masked in every query where one
    looks like it.
    """
    asked = [cast for cast in casts if may_hold_contacts(cast.column)]
    free: set[str] = set()
    rows = f"({staged.query})"
    if staged.lazy:
        asked = [cast for cast in asked if is_member(cast.column)]
        known = {cast.column.name for cast in asked}
        free = {c.column.name for c in casts if is_free_text(c.column)} - known
        values = ", ".join(f"{cast.sql} AS {quoted(cast.column.name)}" for cast in asked)
        rows = f"(SELECT DISTINCT {values} FROM {rows})"
    looks = ", ".join(
        f"bool_or({suspect_sql(quoted(c.column.name) if staged.lazy else c.sql)})" for c in asked
    )
    if not looks:
        return free
    found = connection.execute(f"SELECT {looks} FROM {rows}").fetchall()[0]
    return free | {cast.column.name for cast, any_ in zip(asked, found, strict=True) if any_}


def _survey(
    connection: duckdb.DuckDBPyConnection, staged: Staged, casts: list[Cast]
) -> list[Fault]:
    """One pass over the staged rows: does the quick way read every cell of a column, and are there
    stray rows.

    Columns it does not read get their full SQL; days are left without any, for ``day_forms``.
    """
    texts = (
        [cast for cast in casts if staged.types[cast.column.name] == "VARCHAR"]
        if not staged.lazy
        else []
    )
    strays = (
        f"count(*) FILTER ({repeated_header(staged, texts)}), count(*) FILTER"
        f" ({total_candidate(casts)})"
        if texts
        else "0, 0"
    )
    asked = [cast for cast in casts if cast.sql != cast.text]
    sums = "".join(f", count({quoted(cast.column.name)}), count({cast.sql})" for cast in asked)
    headers, totals, *counts = connection.execute(
        f"SELECT {strays}{sums} FROM ({staged.query})"
    ).fetchall()[0]
    if (headers or totals) and (faults := drop_strays(connection, staged, casts, texts)):
        return faults + _survey(connection, staged, casts)
    for cast, cells, read in zip(asked, counts[::2], counts[1::2], strict=True):
        cast.counted = cells
        if read < cells:
            _look_closer(connection, staged, cast, read)
    return []


def _look_closer(
    connection: duckdb.DuckDBPyConnection, staged: Staged, cast: Cast, read: int
) -> None:
    """A column with cells the quick way does not read: those that only say "not given" do not
    count, others need the full SQL.
    """
    cast.counted = connection.execute(
        f"SELECT count({cast.text}) FROM ({staged.query})"
    ).fetchall()[0][0]
    if read < cast.counted and not cast.typed:
        cast.sql = cast.full
