"""Staged texts read as days, money, numbers, flags and words into ``book.<table>``; every value
that cannot be read is named.
"""

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
DECIMAL_KINDS = ("money", "number", "count", "share", "score")
NUMERIC = (
    "TINYINT",
    "SMALLINT",
    "INTEGER",
    "BIGINT",
    "HUGEINT",
    "UTINYINT",
    "USMALLINT",
    "UINTEGER",
    "UBIGINT",
    "FLOAT",
    "DOUBLE",
)
WITH_ZONE = "TIMESTAMP WITH TIME ZONE"
LOST = "lost"  # a lost deal may stand in the stage it was lost in, or in this one


@dataclass
class Cast:
    """How one column is read: ``text`` is SQL for its value as a text that is really there, ``sql``
    for the value we keep.

    ``full`` is the slower SQL that understands every accepted way of writing; it takes over when
    ``sql`` leaves values unread.
    """

    column: Column
    text: str
    sql: str
    full: str = ""
    counted: int = 0  # values given
    expects: tuple[str, str] = ("", "")  # expected and try of a cell that cannot be read
    typed: bool = False

    @property
    def is_textual_day(self) -> bool:
        return self.column.kind in DAY_KINDS and not self.typed


def cast_table(
    connection: duckdb.DuckDBPyConnection, staged: Staged, settings: Settings
) -> tuple[set[str], list[Problem]]:
    """Create ``book.<table>`` and give the columns it has and the problems of its values.

    Small tables are copied, typed; large Parquet and database tables become a view, so no row of
    theirs is ever loaded.
    """
    name, casts = (
        staged.table.name,
        [
            _cast(staged, column, settings)
            for column in staged.table.columns
            if column.name in staged.types
        ],
    )
    if not casts:
        return set(), []
    try:
        problems = _survey(connection, staged, casts)
        problems += _judge_days(
            connection,
            staged,
            [cast for cast in casts if cast.is_textual_day and not cast.sql],
            settings.book.time_zone,
        )
        problems += _zones(connection, staged, casts, settings.book.time_zone)
        kept = ", ".join(
            [*(f"{cast.sql} AS {quoted(cast.column.name)}" for cast in casts), "_file", "_row"]
        )
        connection.execute(
            f"CREATE {'VIEW' if staged.lazy else 'TABLE'} book.{name} AS SELECT {kept} FROM"
            f" ({staged.query})"
        )
        problems += _unread(
            connection, staged, casts, {problem.column for problem in problems if problem.column}
        )
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
    c, type_, choices = (
        quoted(column.name),
        staged.types[column.name],
        choices_of(staged.table.name, column, settings),
    )
    numeric = type_ in NUMERIC or type_.startswith("DECIMAL")
    if column.kind in DAY_KINDS and (type_ == "DATE" or type_.startswith("TIMESTAMP")):
        if column.kind != "month" and type_ == SQL_TYPE[column.kind]:
            return Cast(column, c, c, typed=True)
        c_local = (
            f"timezone('{settings.book.time_zone or 'UTC'}', {c})" if type_ == WITH_ZONE else c
        )
        moment = f"date_trunc('month', {c_local})" if column.kind == "month" else c_local
        return Cast(column, c, f"CAST({moment} AS {SQL_TYPE[column.kind]})", typed=True)
    if numeric and column.kind in ("money", "number", "share", "score"):
        finite = f"CASE WHEN isfinite({c}) THEN {c} END" if type_ in ("FLOAT", "DOUBLE") else c
        return Cast(column, finite, f"TRY_CAST({finite} AS {SQL_TYPE[column.kind]})", typed=True)
    if column.kind == "flag" and type_ == "BOOLEAN":
        return Cast(column, c, c, typed=True)
    if type_ != "VARCHAR":
        whole = (
            f"CASE WHEN isfinite({c}) AND {c} = round({c}) AND abs({c}) < 1e18 THEN CAST(CAST({c}"
            f" AS BIGINT) AS VARCHAR) ELSE CAST({c} AS VARCHAR) END"
        )
        c = whole if type_ in ("FLOAT", "DOUBLE") else f"CAST({c} AS VARCHAR)"
    elif column.kind in DECIMAL_KINDS and staged.source and staged.source.settings.decimal == ",":
        c = values.pointed(c)
    text = f"({values.given(c)})"
    if column.kind in DAY_KINDS:
        return Cast(column, text, dates.iso(c, column.kind))
    return Cast(
        column,
        text,
        values.quick(text if column.kind == "text" or choices else c, column, choices),
        values.parse(text, column, settings.book.currency, choices),
        expects=values.expected(column, settings.book.currency, choices),
    )


def _survey(
    connection: duckdb.DuckDBPyConnection, staged: Staged, casts: list[Cast]
) -> list[Problem]:
    """One pass over the staged rows: does the quick way read every cell of a column, and are there
    stray rows.

    Columns it does not read get their full SQL; days are left without any, for ``_judge_days``.
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
    if (headers or totals) and (problems := drop_strays(connection, staged, casts, texts)):
        return problems + _survey(connection, staged, casts)
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


def _zones(
    connection: duckdb.DuckDBPyConnection, staged: Staged, casts: list[Cast], zone: str
) -> list[Problem]:
    """Moments of a file or database that carry a zone: which day they fall on is a question only
    the settings can answer.
    """
    if zone:
        return []
    moments = [
        cast
        for cast in casts
        if cast.column.kind in DAY_KINDS and staged.types[cast.column.name] == WITH_ZONE
    ]
    words = (
        "moments with a time zone, and no zone to read them in",
        "the zone whose calendar the days and months follow",
        'give it in playbook.toml: [book] time_zone = "Asia/Shanghai"',
    )
    return [
        _told(connection, staged, cast, lambda count: words, f"{cast.text} IS NOT NULL")
        for cast in moments
    ]


def _judge_days(
    connection: duckdb.DuckDBPyConnection, staged: Staged, casts: list[Cast], zone: str
) -> list[Problem]:
    """Which form the days of each column follow, when they are not plain ISO."""
    problems = []
    for cast in casts:
        counts = connection.execute(
            f"SELECT {', '.join(dates.counts_sql('c'))} FROM (SELECT {cast.text} AS c FROM"
            f" ({staged.query}))"
        ).fetchall()[0]
        judged = dates.judge(counts, cast.column.kind, _declared(staged, cast))
        cast.sql = judged.sql(cast.text, cast.column.kind, zone)
        if not zone:
            problems += _as_written(connection, staged, cast)
        if judged.problem:
            said = judged.problem
            problems.append(
                _told(
                    connection,
                    staged,
                    cast,
                    lambda count, said=said: (said.found, said.expected, said.try_),
                    judged.proof(cast.text),
                )
            )
    return problems


def _as_written(connection: duckdb.DuckDBPyConnection, staged: Staged, cast: Cast) -> list[Problem]:
    """A warning when texts name their distance from UTC: the day written is the day taken."""
    count, rows = examples(
        connection,
        staged,
        f"({staged.query})",
        dates.shape(cast.text, dates.ZONED),
        [cast.column.name],
    )
    return (
        [
            Problem(
                f"{plural(count, 'value')} with a time zone: the day is taken as it is written",
                "days of the calendar the months follow",
                "if they are written in another zone than yours, give yours in playbook.toml:"
                ' [book] time_zone = "Asia/Shanghai"',
                "warning",
                staged.table.name,
                cast.column.name,
                staged.label,
                count,
                rows,
            )
        ]
        if count
        else []
    )


def _declared(staged: Staged, cast: Cast) -> str:
    """The form playbook.toml declares for the column's days, if any."""
    form = staged.source.settings.dates if staged.source else ""
    return form if isinstance(form, str) else form.get(staged.headers.get(cast.column.name, ""), "")


def _told(
    connection: duckdb.DuckDBPyConnection,
    staged: Staged,
    cast: Cast,
    words: Callable[[int], tuple[str, str, str]],
    condition: str,
) -> Problem:
    """A problem of one column: ``words`` gives found, expected and try from the number of rows that
    meet the condition.
    """
    count, rows = examples(connection, staged, f"({staged.query})", condition, [cast.column.name])
    found, expected, try_ = words(count)
    return Problem(
        found,
        expected,
        try_,
        "error",
        staged.table.name,
        cast.column.name,
        staged.label,
        count,
        rows,
    )


def _unread(
    connection: duckdb.DuckDBPyConnection, staged: Staged, casts: list[Cast], told: set[str]
) -> list[Problem]:
    """Values that are there and could not be read (columns already told about left out), and
    required ones that are not there.
    """
    sums = ", ".join(f"count({quoted(cast.column.name)})" for cast in casts)
    total, *counts = connection.execute(
        f"SELECT count(*), {sums} FROM book.{staged.table.name}"
    ).fetchall()[0]
    problems = []
    for cast, read in zip(casts, counts, strict=True):
        if cast.sql == cast.text:
            cast.counted = read
        if read < cast.counted and cast.column.name not in told:
            condition = f"{cast.text} IS NOT NULL AND ({cast.sql}) IS NULL"
            problems.append(
                _told(
                    connection,
                    staged,
                    cast,
                    lambda count, cast=cast: _words(cast, count, staged),
                    condition,
                )
            )
        if cast.column.required and cast.counted < total:
            problems.append(
                _told(
                    connection,
                    staged,
                    cast,
                    lambda count, cast=cast: _empty(cast, count, staged),
                    f"({cast.text}) IS NULL",
                )
            )
    return problems


def _empty(cast: Cast, count: int, staged: Staged) -> tuple[str, str, str]:
    return (
        f"{plural(count, 'row')} without {cast.column.name}",
        f"a value in every row: {staged.table.name} needs it",
        'fill the cells, or leave the rows out with where = "…" in [tables.…]',
    )


def _words(cast: Cast, count: int, staged: Staged) -> tuple[str, str, str]:
    if cast.column.kind in DAY_KINDS:
        form = f" or like {_declared(staged, cast)}" if _declared(staged, cast) else ""
        return (
            (
                f"{plural(count, 'value')} cannot be read as"
                f" {'months' if cast.column.kind == 'month' else 'dates'}"
            ),
            (
                f"days of the calendar such as 2023-04-03{form}, months 01 to 12, one form in the"
                " whole column"
            ),
            (
                "correct the rows named, or say how the dates are written in [sources.…]: dates ="
                ' "%d/%m/%Y"'
            ),
        )
    kinds = {
        "money": "an amount",
        "flag": "yes or no",
        "period": "a period",
        "share": "a share",
        "count": "a whole number",
        "year": "a year",
    }
    what = (
        "in the list"
        if cast.expects[0].startswith("one of")
        else kinds.get(cast.column.kind, "a number")
    )
    return f"{plural(count, 'value')} {'is' if count == 1 else 'are'} not {what}", *cast.expects


def examples(
    connection: duckdb.DuckDBPyConnection,
    staged: Staged,
    relation: str,
    condition: str,
    columns: Sequence[str],
) -> tuple[int, tuple[str, ...]]:
    """How many rows meet the condition, and the first three: where they stand, the columns in
    question, and what identifies them.
    """
    context = [
        name
        for name in dict.fromkeys([*staged.table.key, *staged.table.required])
        if name in staged.types and name not in columns
    ][:2]
    shown = [*columns, *context]
    cells = ", ".join(f"CAST({quoted(name)} AS VARCHAR)" for name in shown)
    count = connection.execute(f"SELECT count(*) FROM {relation} WHERE {condition}").fetchall()[0][
        0
    ]
    rows = connection.execute(
        f"SELECT _file, _row, {cells} FROM {relation} WHERE {condition} ORDER BY _file, _row"
        " LIMIT 3"
    ).fetchall()
    places = staged.where([(row[0], row[1]) for row in rows])
    texts = []
    for place, row in zip(places, rows, strict=True):
        words = [f"{name} {_excerpt(cell)}" for name, cell in zip(shown, row[2:], strict=True)]
        own, rest = words[: len(columns)], words[len(columns) :]
        texts.append(f"{place}: {', '.join(own)}{' (' + ', '.join(rest) + ')' if rest else ''}")
    return count, tuple(texts)


def _excerpt(cell: str | None) -> str:
    if cell is None:
        return "empty"
    line = " ".join(cell.split())
    return f"'{line[:40]}…'" if len(line) > 40 else f"'{line}'"


TOTAL_WORDS = (
    "total",
    "totals",
    "grand total",
    "subtotal",
    "sub-total",
    "sum",
    "合计",
    "总计",
    "小计",
    "总和",
    "汇总",
    "共计",
    "合計",
    "總計",
)


def drop_strays(
    connection: duckdb.DuckDBPyConnection, staged: Staged, casts: list[Cast], texts: list[Cast]
) -> list[Problem]:
    """Header rows repeated among the data and totals below it: told, and left out of what the later
    checks see.
    """
    repeated, total = repeated_header(staged, texts), _total_row(connection, staged, casts)
    counts = connection.execute(
        f"SELECT count(*) FILTER ({repeated}), count(*) FILTER (({total}) AND NOT ({repeated}))"
        f" FROM ({staged.query})"
    ).fetchall()[0]
    problems = []
    if counts[0]:
        problems.append(
            _stray(
                connection,
                staged,
                repeated,
                "the header comes again among the rows",
                "one header row, at the top",
                "remove the repeated header rows; files may have been pasted together",
            )
        )
    if counts[1]:
        problems.append(
            _stray(
                connection,
                staged,
                f"({total}) AND NOT ({repeated})",
                "a total row among the data",
                "one row per " + staged.table.grain.removeprefix("one row per "),
                "remove totals and subtotals from the file: they would be counted twice",
            )
        )
    if problems:
        kept = f"stage.{quoted(staged.table.name + ' without strays')}"
        connection.execute(
            f"CREATE TABLE {kept} AS SELECT * FROM ({staged.query}) WHERE NOT coalesce(({repeated})"
            f" OR ({total}), FALSE)"
        )
        staged.query = f"SELECT * FROM {kept}"
    return problems


def repeated_header(staged: Staged, texts: list[Cast]) -> str:
    """Condition: the first two of the text columns (or the only one) hold what they are called."""
    same = [
        f"{quoted(cast.column.name)} ="
        f" '{staged.headers[cast.column.name].replace(chr(39), chr(39) * 2)}'"
        for cast in texts[:2]
    ]
    return f"coalesce({' AND '.join(same)}, FALSE)" if staged.source else "FALSE"


def total_candidate(casts: list[Cast]) -> str:
    """Condition: a required cell is empty or says Total. Most tables have no such row and are done
    here.
    """
    required = _identifying(casts)
    return f"({_gap(required)}) OR ({_said_total(required)})" if required else "FALSE"


def _identifying(casts: list[Cast]) -> list[Cast]:
    return [
        cast
        for cast in casts
        if cast.column.required and cast.column.kind not in ("money", "number", "score")
    ]


def _gap(required: list[Cast]) -> str:
    return " OR ".join(f"{quoted(cast.column.name)} IS NULL" for cast in required)


def _said_total(required: list[Cast]) -> str:
    words = (*TOTAL_WORDS, *(f"{word}{colon}" for word in TOTAL_WORDS for colon in ":："))
    return " OR ".join(
        f"coalesce({values.one_of(f'CAST({quoted(cast.column.name)} AS VARCHAR)', words)}, FALSE)"
        for cast in required
    )


def _total_row(connection: duckdb.DuckDBPyConnection, staged: Staged, casts: list[Cast]) -> str:
    """Condition: a required cell says Total or is empty, and the amount is the sum of all others
    (or the row says Total and has gaps).
    """
    required = _identifying(casts)
    amounts = [cast for cast in casts if cast.column.kind == "money" and cast.column.required] or [
        cast for cast in casts if cast.column.kind == "money"
    ][:1]
    if not required or not amounts:
        return "FALSE"
    said, gap, amount = _said_total(required), _gap(required), amounts[0].full or amounts[0].sql
    total = connection.execute(f"SELECT sum({amount}) FROM ({staged.query})").fetchall()[0][0] or 0
    adds_up = f"coalesce(abs(2 * ({amount}) - {total}) < 0.02 AND {total} <> 0, FALSE)"
    return (
        f"{amounts[0].text} IS NOT NULL AND ((({said}) AND (({gap}) OR {adds_up})) OR (({gap}) AND"
        f" {adds_up}))"
    )


def _stray(
    connection: duckdb.DuckDBPyConnection,
    staged: Staged,
    condition: str,
    found: str,
    expected: str,
    try_: str,
) -> Problem:
    count, rows = examples(
        connection,
        staged,
        f"({staged.query})",
        condition,
        [name for name in staged.table.required if name in staged.types][:4],
    )
    return Problem(
        f"{found}{f' ({count} times)' if count > 1 else ''}",
        expected,
        try_,
        "error",
        staged.table.name,
        None,
        staged.label,
        count,
        rows,
    )
