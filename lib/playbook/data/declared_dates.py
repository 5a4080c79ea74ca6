"""Dates of a source rewritten as ISO texts, by the form its settings declare."""

from __future__ import annotations

import duckdb

from playbook.base.errors import Problem, did_you_mean
from playbook.base.language import say

from .databases import plain, quoted
from .source import RawSource


def convert(
    connection: duckdb.DuckDBPyConnection, source: RawSource, days: set[str]
) -> list[Problem]:
    """Rewrite a source's declared dates as ISO texts, so that its rows and any SQL over them read
    alike.

    A form for all columns rewrites those that ``days`` names and those it reads to the last value.
    Values it does not read stay
    as they are and are found when the column is read as days.
    """
    declared = source.settings.dates
    texts = [column for column, type_ in source.columns.items() if type_ == "VARCHAR"]
    if not declared or not texts:
        return []
    problems = (
        []
        if isinstance(declared, str)
        else [
            Problem(
                found=say("dates names a column '{column}' that is not there", column=column),
                expected=say("a column of the source"),
                try_=did_you_mean(column, source.columns),
                file=source.label,
            )
            for column in declared
            if column not in source.columns
        ]
    )
    forms = (
        {c: declared for c in texts}
        if isinstance(declared, str)
        else {c: f for c, f in declared.items() if c in texts}
    )
    try:
        wanted = {plain(name) for name in days}
        chosen = {
            c: f
            for c, f in forms.items()
            if not isinstance(declared, str)
            or plain(c) in wanted
            or _all_read(connection, source, c, f)
        }
        for column, form in chosen.items():
            _rewrite(connection, source, column, form)
    except duckdb.Error as error:
        problems.append(
            Problem(
                found=(
                    say(
                        "dates = {declared!r} is no strptime form: {splitlines}",
                        declared=declared,
                        splitlines=str(error).splitlines()[0][:120],
                    )
                ),
                expected=say('for example "%d/%m/%Y"'),
                try_=say("%Y year, %m month, %d day, %b month name, %H:%M time"),
                file=source.label,
            )
        )
    return problems


EPOCHS = {"epoch_s": 1, "epoch_ms": 1000}  # forms that count from 1970, per second


def _all_read(
    connection: duckdb.DuckDBPyConnection, source: RawSource, column: str, form: str
) -> bool:
    if form in EPOCHS:
        return False
    c, form = quoted(column), form.replace("'", "''")
    n, read = connection.execute(
        f"SELECT count({c}), count(try_strptime({c}, '{form}')) FROM {source.relation}"
    ).fetchall()[0]
    return n == read > 0


def _rewrite(
    connection: duckdb.DuckDBPyConnection, source: RawSource, column: str, form: str
) -> None:
    c, text = quoted(column), form.replace("'", "''")
    if form in EPOCHS:
        moment = f"TIMESTAMP '1970-01-01' + to_seconds(TRY_CAST({c} AS BIGINT) / {EPOCHS[form]})"
        connection.execute(
            f"UPDATE {source.relation} SET {c} = strftime({moment}, '%Y-%m-%dT%H:%M:%SZ') WHERE"
            f" regexp_full_match({c}, '-?[0-9]{{1,14}}')"
        )
        return
    out = (
        "%Y-%m-%d %H:%M:%S"
        if any(code in form for code in ("%H", "%I", "%X", "%c"))
        else "%Y-%m-%d"
    )
    connection.execute(
        f"UPDATE {source.relation} SET {c} = strftime(try_strptime({c}, '{text}'), '{out}') WHERE"
        f" try_strptime({c}, '{text}') IS NOT NULL"
    )
