"""Staged texts read as days, money, numbers, flags and words into ``book.<table>``; every value that cannot be read is named."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import duckdb

from playbook.base.errors import Problem
from playbook.base.formats import plural
from playbook.base.settings import Settings

from . import dates, values
from .databases import quoted
from .mapping import Staged, sql_problem
from .tables import SQL_TYPE, Column

DAY_KINDS = ("day", "time", "month")
NUMERIC = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "FLOAT", "DOUBLE")
LOST = "lost"       # a lost deal may stand in the stage it was lost in, or in this one


@dataclass
class Cast:
    """How one column is read: ``text`` is SQL for its value as a text that is really there, ``sql`` for the value we keep."""

    column: Column
    text: str
    sql: str
    counted: int = 0             # values given
    choices: tuple[str, ...] = ()
    typed: bool = False


def cast_table(connection: duckdb.DuckDBPyConnection, staged: Staged, settings: Settings) -> tuple[set[str], list[Problem]]:
    """Create ``book.<table>`` and give the columns it has and the problems of its values.

    Small tables are copied, typed; large Parquet and database tables become a view, so no row of theirs is ever loaded.
    """
    name, casts = staged.table.name, [_cast(staged, column, settings) for column in staged.table.columns if column.name in staged.types]
    if not casts:
        return set(), []
    try:
        problems = drop_strays(connection, staged, casts)
        problems += _judge_days(connection, staged, casts)
        kept = ", ".join([*(f"{cast.sql} AS {quoted(cast.column.name)}" for cast in casts), "_file", "_row"])
        connection.execute(f"CREATE {'VIEW' if staged.lazy else 'TABLE'} book.{name} AS SELECT {kept} FROM ({staged.query})")
        problems += _unread(connection, staged, casts, {problem.column for problem in problems if problem.column})
    except duckdb.Error as error:
        return set(), [sql_problem(error, staged.table)]
    return {cast.column.name for cast in casts}, problems


def choices_of(table: str, column: Column, settings: Settings) -> tuple[str, ...]:
    """The closed vocabulary of a column; stages come from the settings."""
    if table in ("opportunities", "stage_events") and column.name == "stage":
        stages = tuple(settings.book.stages)
        return stages if LOST in stages else (*stages, LOST)
    return column.choices


def _cast(staged: Staged, column: Column, settings: Settings) -> Cast:
    c, type_, choices = quoted(column.name), staged.types[column.name], choices_of(staged.table.name, column, settings)
    numeric = type_ in NUMERIC or type_.startswith("DECIMAL")
    if column.kind in DAY_KINDS and (type_ == "DATE" or type_.startswith("TIMESTAMP")):
        moment = f"date_trunc('month', {c})" if column.kind == "month" else c
        return Cast(column, c, f"CAST({moment} AS {SQL_TYPE[column.kind]})", typed=True)
    if numeric and column.kind in ("money", "number", "share", "score"):
        finite = f"CASE WHEN isfinite({c}) THEN {c} END" if type_ in ("FLOAT", "DOUBLE") else c
        return Cast(column, finite, f"TRY_CAST({finite} AS {SQL_TYPE[column.kind]})", typed=True)
    if column.kind == "flag" and type_ == "BOOLEAN":
        return Cast(column, c, c, typed=True)
    if type_ != "VARCHAR":
        whole = f"CASE WHEN isfinite({c}) AND {c} = round({c}) AND abs({c}) < 1e18 THEN CAST(CAST({c} AS BIGINT) AS VARCHAR) ELSE CAST({c} AS VARCHAR) END"
        c = whole if type_ in ("FLOAT", "DOUBLE") else f"CAST({c} AS VARCHAR)"
    text = values.given(c)
    return Cast(column, text, values.parse(f"({text})", column, settings.book.currency, choices) if column.kind not in DAY_KINDS else text, choices=choices)


def _judge_days(connection: duckdb.DuckDBPyConnection, staged: Staged, casts: list[Cast]) -> list[Problem]:
    """One pass over the staged texts: how many values each column has, and which form its days follow."""
    wanted = [dates.counts_sql(f"({cast.text})") if _textual_day(cast) else [f"count({cast.text})"] for cast in casts]
    row = list(connection.execute(f"SELECT {', '.join(sql for group in wanted for sql in group)} FROM ({staged.query})").fetchall()[0])
    problems = []
    for cast, group in zip(casts, wanted, strict=True):
        counts, row = tuple(row[:len(group)]), row[len(group):]
        cast.counted = counts[0]
        if _textual_day(cast):
            judged = dates.judge(counts, cast.column.kind)
            text, cast.sql = f"({cast.text})", judged.sql(f"({cast.text})", cast.column.kind)
            if judged.problem:
                said = judged.problem
                condition = f"{text} IS NOT NULL" if judged.ambiguous else _odd_days(text)
                problems.append(_told(connection, staged, cast, lambda count, said=said: (said.found, said.expected, said.try_), condition))
    return problems


def _textual_day(cast: Cast) -> bool:
    return cast.column.kind in DAY_KINDS and not cast.typed


def _odd_days(text: str) -> str:
    """Condition of the rows that show why a column's days disagree: those that can be read in one way only, or not at all."""
    return f"{text} IS NOT NULL AND ({dates.day_first(text)} IS NULL OR {dates.month_first(text)} IS NULL)"


def _told(connection: duckdb.DuckDBPyConnection, staged: Staged, cast: Cast, words: Callable[[int], tuple[str, str, str]], condition: str) -> Problem:
    """A problem of one column: ``words`` gives found, expected and try from the number of rows that meet the condition."""
    count, rows = examples(connection, staged, f"({staged.query})", condition, [cast.column.name])
    found, expected, try_ = words(count)
    return Problem(found, expected, try_, "error", staged.table.name, cast.column.name, staged.label, count, rows)


def _unread(connection: duckdb.DuckDBPyConnection, staged: Staged, casts: list[Cast], told: set[str]) -> list[Problem]:
    """Values that are there and could not be read (columns already told about left out), and required ones that are not there."""
    sums = ", ".join(f"count({quoted(cast.column.name)})" for cast in casts)
    total, *counts = connection.execute(f"SELECT count(*), {sums} FROM book.{staged.table.name}").fetchall()[0]
    problems = []
    for cast, read in zip(casts, counts, strict=True):
        if read < cast.counted and cast.column.name not in told:
            condition = f"{cast.text} IS NOT NULL AND ({cast.sql}) IS NULL"
            problems.append(_told(connection, staged, cast, lambda count, cast=cast: _words(cast, count, staged), condition))
        if cast.column.required and cast.counted < total:
            problems.append(_told(connection, staged, cast, lambda count, cast=cast: _empty(cast, count, staged), f"({cast.text}) IS NULL"))
    return problems


def _empty(cast: Cast, count: int, staged: Staged) -> tuple[str, str, str]:
    return (f"{plural(count, 'row')} without {cast.column.name}", f"a value in every row: {staged.table.name} needs it",
            "fill the cells, or leave the rows out with where = \"…\" in [tables.…]")


def _words(cast: Cast, count: int, staged: Staged) -> tuple[str, str, str]:
    if cast.column.kind in DAY_KINDS:
        declared = staged.source.settings.dates if staged.source else ""
        form = f" or like {declared}" if declared else ""
        return (f"{plural(count, 'value')} cannot be read as {'months' if cast.column.kind == 'month' else 'dates'}",
                f"days of the calendar such as 2023-04-03{form}, months 01 to 12, one form in the whole column",
                "correct the rows named, or say how the dates are written in [sources.…]: dates = \"%d/%m/%Y\"")
    expected, try_ = values.expected(cast.column, "the book's currency", cast.choices)
    kinds = {"money": "an amount", "flag": "yes or no", "period": "a period", "share": "a share", "count": "a whole number", "year": "a year"}
    what = "in the list" if cast.choices else kinds.get(cast.column.kind, "a number")
    return f"{plural(count, 'value')} {'is' if count == 1 else 'are'} not {what}", expected, try_


def examples(connection: duckdb.DuckDBPyConnection, staged: Staged, relation: str, condition: str, columns: Sequence[str]) -> tuple[int, tuple[str, ...]]:
    """How many rows meet the condition, and the first three: where they stand, the columns in question, and what identifies them."""
    context = [name for name in dict.fromkeys([*staged.table.key, *staged.table.required]) if name in staged.types and name not in columns][:2]
    shown = [*columns, *context]
    cells = ", ".join(f"CAST({quoted(name)} AS VARCHAR)" for name in shown)
    count = connection.execute(f"SELECT count(*) FROM {relation} WHERE {condition}").fetchall()[0][0]
    rows = connection.execute(f"SELECT _file, _row, {cells} FROM {relation} WHERE {condition} ORDER BY _file, _row LIMIT 3").fetchall()
    places = staged.where([(row[0], row[1]) for row in rows])
    texts = []
    for place, row in zip(places, rows, strict=True):
        words = [f"{name} {_excerpt(cell)}" for name, cell in zip(shown, row[2:], strict=True)]
        own, rest = words[:len(columns)], words[len(columns):]
        texts.append(f"{place}: {', '.join(own)}{' (' + ', '.join(rest) + ')' if rest else ''}")
    return count, tuple(texts)


def _excerpt(cell: str | None) -> str:
    if cell is None:
        return "empty"
    line = " ".join(cell.split())
    return f"'{line[:40]}…'" if len(line) > 40 else f"'{line}'"


TOTAL_WORDS = ("total", "totals", "grand total", "subtotal", "sub-total", "sum", "合计", "总计", "小计", "总和", "汇总", "共计", "合計", "總計")


def drop_strays(connection: duckdb.DuckDBPyConnection, staged: Staged, casts: list[Cast]) -> list[Problem]:
    """Header rows repeated among the data and totals below it: told, and left out of what the later checks see."""
    texts = [cast for cast in casts if staged.types[cast.column.name] == "VARCHAR"]
    if staged.lazy or not texts:
        return []
    repeated, total = _repeated_header(staged, texts), _total_row(connection, staged, casts)
    counts = connection.execute(f"SELECT count(*) FILTER ({repeated}), count(*) FILTER ({total}) FROM ({staged.query})").fetchall()[0]
    problems = []
    if counts[0]:
        problems.append(_stray(connection, staged, repeated, "the header comes again among the rows", "one header row, at the top", "remove the repeated header rows; files may have been pasted together"))
    if counts[1]:
        problems.append(_stray(connection, staged, f"({total}) AND NOT ({repeated})", "a total row among the data", "one row per " + staged.table.grain.removeprefix("one row per "),
                               "remove totals and subtotals from the file: they would be counted twice"))
    if problems:
        staged.query = f"SELECT * FROM ({staged.query}) WHERE NOT coalesce(({repeated}) OR ({total}), FALSE)"
    return [problem for problem in problems if problem.count]


def _repeated_header(staged: Staged, texts: list[Cast]) -> str:
    """Condition: at least two cells (or the only one) say what their column is called."""
    same = [f"CAST(coalesce({quoted(cast.column.name)} = '{staged.headers[cast.column.name].replace(chr(39), chr(39) * 2)}', FALSE) AS INTEGER)" for cast in texts]
    return f"({' + '.join(same)}) >= {min(2, len(same))}" if staged.source else "FALSE"


def _total_row(connection: duckdb.DuckDBPyConnection, staged: Staged, casts: list[Cast]) -> str:
    """Condition: a required cell says Total or is empty, and the amount is the sum of all others (or the row says Total and has gaps)."""
    required = [cast for cast in casts if cast.column.required and cast.column.kind not in ("money", "number")]
    amounts = [cast for cast in casts if cast.column.kind == "money" and cast.column.required] or [cast for cast in casts if cast.column.kind == "money"][:1]
    if not required or not amounts:
        return "FALSE"
    said = " OR ".join(f"coalesce(rtrim(lower(CAST({quoted(cast.column.name)} AS VARCHAR)), ' :：') IN {values.text_list(TOTAL_WORDS)}, FALSE)" for cast in required)
    gap = " OR ".join(f"{quoted(cast.column.name)} IS NULL" for cast in required)
    amount = amounts[0].sql
    total = connection.execute(f"SELECT sum({amount}) FROM ({staged.query})").fetchall()[0][0]
    adds_up = f"abs(2 * ({amount}) - {total}) < 0.02" if total is not None else "FALSE"
    return f"({amounts[0].text}) IS NOT NULL AND ((({said}) AND (({gap}) OR {adds_up})) OR (({gap}) AND coalesce({adds_up} AND {total or 0} <> 0, FALSE)))"


def _stray(connection: duckdb.DuckDBPyConnection, staged: Staged, condition: str, found: str, expected: str, try_: str) -> Problem:
    count, rows = examples(connection, staged, f"({staged.query})", condition, [name for name in staged.table.required if name in staged.types][:4])
    return Problem(f"{found}{f' ({count} times)' if count > 1 else ''}", expected, try_, "error", staged.table.name, None, staged.label, count, rows)
