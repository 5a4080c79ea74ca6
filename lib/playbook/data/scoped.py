"""A book for one audience: the rows it may see, in a database that holds no others, and the
settings without what is others'. Everything is computed from it as from any book.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import duckdb

from playbook.base.errors import Problem
from playbook.base.settings import Settings
from playbook.engines.needs import EngineProblem, one_machine_only

from .asof import early_sql
from .book import Book
from .connecting import connect
from .databases import quoted
from .days_covered import covered
from .findings import warned
from .moved_targets import moved_targets
from .pseudonyms import without_names
from .read import Read, Span, span_of
from .scope import Scope, scope_named
from .scope_rows import ScopedRows, refers_to, texts
from .scope_settings import settings_of
from .scope_words import Words, without
from .slips import day_slips
from .staged import Staged
from .standing_in import stand_in
from .table_specs import is_free_text
from .tables import TABLES

PAY = ("awards", "pay_adjustments")
TALK = {"activities": ("summary", "feedback", "next_action"), "care_plan": ("note",)}
COVERED = ("orders", "opportunities", "leads", "activities", "contracts")
NAMING = ("name", "company")  # columns that are a name, not a text about somebody


def seen_by(book: Book, audience: str) -> Book:
    """The part of a book that one of its ``[audiences]`` may see (or a part of one, such as
    ``managers-West``), on the same day.

    Raises ParameterProblem for an audience there is not.
    """
    return part_of(book, scope_named(book.read, book.settings, audience))


def part_of(book: Book, scope: Scope) -> Book:
    """The scope's part of a book, in a database of its own. What days a table covers is the whole
    book's: rows that a part has not are no gap in the data.

    Raises ParameterProblem where no table can tell the scope's members, EngineProblem where the
    rows are on Spark.
    """
    if scope.changes_nothing:
        return book
    if not isinstance(book.read.connection, duckdb.DuckDBPyConnection):
        raise EngineProblem(one_machine_only("the part of a book that an audience may see"))
    settings, read = book.settings, book.read
    rows = ScopedRows(read, scope)
    try:
        words, label = rows.words, _label(rows)
        connection, given = connect(), dict[str, set[str]]()
        for name in read.given:
            if name not in read.staged or (name in PAY and not scope.audience.pay):
                continue
            given[name] = _copy(rows, name, connection)
        if scope.see:
            _say_nothing_of_others(connection, given, words)
        if not scope.audience.named:
            without_names(connection, given)
    finally:
        rows.close()
    given = {name: have for name, have in given.items() if _some(connection, name)}
    staged = {
        name: replace(read.staged[name], query=f"SELECT * FROM book.{name}", lazy=False)
        for name in given
    }
    days = {
        name: _days(book, name)
        for name in COVERED
        if scope.see and name in given and name not in settings.book.covers
    }
    covers = {name: span for name, span in days.items() if span}
    mine = settings_of(settings, scope, label, words, covers, moved_targets(book, scope))
    return Book(mine, _read(connection, given, staged, mine, read, scope), book.as_of)


def _label(rows: ScopedRows) -> str:
    """The scope's members as a page calls them: people by their names."""
    label = rows.scope.label
    if "rep" not in rows.dims or "name" not in rows.given.get("reps", ()):
        return label
    found = rows.run(f"SELECT rep_id, name FROM {rows.view('reps')} WHERE name IS NOT NULL")
    names = dict(found)
    return ", ".join(names.get(m, m) for _, members in rows.scope.see for m in members)


def _some(connection: duckdb.DuckDBPyConnection, name: str) -> bool:
    return bool(connection.execute(f"SELECT 1 FROM book.{name} LIMIT 1").fetchall())


def _copy(rows: ScopedRows, name: str, into: duckdb.DuckDBPyConnection) -> set[str]:
    """Copy the kept rows of a table; numbers of people, customers and deals that are others' and
    members that are not the scope's become missing. Gives the columns.
    """
    left_out = set(TALK.get(name, ())) if rows.scope.audience.kind == "finance" else set()
    if not rows.scope.audience.pay:
        left_out |= {"base_pay"} if name == "reps" else set()
    have = [c for c in sorted(rows.given[name]) if c not in left_out]
    cells = ", ".join(f"{_cell(rows, name, column)} AS {quoted(column)}" for column in have)
    query = f"SELECT {cells}, t._file, t._row FROM {rows.view(name)} t ORDER BY t._file, t._row"
    into.register("_incoming", rows.read.connection.sql(query).arrow())
    into.execute(f"CREATE TABLE book.{name} AS SELECT * FROM _incoming")
    into.unregister("_incoming")
    return set(have)


def _cell(rows: ScopedRows, name: str, column: str) -> str:
    cell = f"t.{quoted(column)}"
    if not rows.scope.see:
        return cell
    dimension = "rep" if column == "rep_id" else column
    if what := refers_to(name, column):
        return f"CASE WHEN {rows.of(column, what)} THEN {cell} END"
    if dimension in rows.dims and dimension != "rep":
        return f"CASE WHEN {cell} IN ({texts(rows.dims[dimension])}) THEN {cell} END"
    return cell


def _say_nothing_of_others(
    connection: duckdb.DuckDBPyConnection, given: dict[str, set[str]], words: Words
) -> None:
    """Replace in every free text the names and numbers of those who are not seen."""
    for name, have in given.items():
        for column in TABLES[name].columns:
            if column.name in have and is_free_text(column) and column.name not in NAMING:
                rewrite(
                    connection, name, column.name, lambda t: without(t, words.others, words.mine)
                )


def rewrite(
    connection: duckdb.DuckDBPyConnection, table: str, column: str, change: Callable[[str], str]
) -> None:
    """Change the texts of a column, each distinct one once."""
    found = connection.execute(
        f"SELECT DISTINCT {quoted(column)} FROM book.{table} WHERE {quoted(column)} IS NOT NULL"
    ).fetchall()
    moved = [(old, new) for (old,) in found if (new := change(old)) != old]
    if not moved:
        return
    connection.execute("CREATE TEMP TABLE _moved (old VARCHAR, new VARCHAR)")
    connection.executemany("INSERT INTO _moved VALUES (?, ?)", moved)
    connection.execute(
        f"UPDATE book.{table} SET {quoted(column)} = m.new FROM _moved m WHERE"
        f" {quoted(column)} = m.old"
    )
    connection.execute("DROP TABLE _moved")


def _days(book: Book, name: str) -> list[date] | None:
    """First and last day that the whole table covers, the last left out where it is today."""
    days = covered(book, name)
    if days.first is None or days.last is None or days.holes:
        return None
    return [days.first, days.last] if days.last < book.as_of else [days.first]


def _read(
    connection: duckdb.DuckDBPyConnection,
    given: dict[str, set[str]],
    staged: dict[str, Staged],
    settings: Settings,
    whole: Read,
    scope: Scope,
) -> Read:
    spans = dict[str, Span]()
    for name, table in staged.items():
        ends = list(day_slips(connection, table, given[name]).bounds.values())
        spans[name] = (
            (min(first for first, _ in ends), max(last for _, last in ends))
            if ends
            else span_of(connection, name, given[name])
        )
    problems: list[Problem] = []
    if "orders" in whole.given and "orders" not in whole.staged:
        problems += stand_in(connection, given)
    spans |= {name: spans["opportunities"] for name in given if name not in spans}
    for statement in early_sql(given):
        connection.execute(statement)
    more, rules = warned(connection, staged, given, spans, settings)
    files = tuple(_file(connection, name, spans[name]) for name in staged)
    shown = scope.audience.model_dump_json()
    mark = hashlib.sha256(f"{whole.fingerprint}\0{scope.name}\0{scope.see}\0{shown}".encode())
    told = tuple(p for p in (*problems, *more) if p.severity == "warning")
    return Read(connection, given, told, files, mark.hexdigest()[:12], tuple(rules), staged, spans)


def _file(connection: duckdb.DuckDBPyConnection, name: str, span: Span) -> dict[str, Any]:
    """What the manifest says of a table: its rows that are seen, and a checksum of them."""
    rows, text = connection.execute(
        f"SELECT count(*), coalesce(string_agg(CAST(t AS VARCHAR), chr(10) ORDER BY _file, _row),"
        f" '') FROM book.{name} t"
    ).fetchall()[0]
    content = text.encode()
    first, last = (day.isoformat() if day else None for day in span)
    return {
        "source": name,
        "file": f"{name} (the rows of this audience)",
        "bytes": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
        "rows": rows,
        "tables": [name],
        "first": first,
        "last": last,
    }
