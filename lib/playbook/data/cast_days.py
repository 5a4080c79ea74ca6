"""Which form the days of a column follow, and days whose form or zone is not clear."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import duckdb

from playbook.base.errors import Problem
from playbook.base.formats import plural
from playbook.base.language import say

from . import dates
from .cast import DAY_KINDS, WITH_ZONE, Cast
from .examples import column_problem, examples
from .staged import Staged


def unclear_zones(
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
        say("moments with a time zone, and no zone to read them in"),
        say("the zone whose calendar the days and months follow"),
        say('give it in playbook.toml: [book] time_zone = "Asia/Shanghai"'),
    )
    return [
        column_problem(connection, staged, cast, lambda count: words, f"{cast.text} IS NOT NULL")
        for cast in moments
    ]


def day_forms(
    connection: duckdb.DuckDBPyConnection,
    staged: Staged,
    casts: list[Cast],
    zone: str,
    read: Sequence[Cast] = (),
    few: float = 0.0,
) -> list[Problem]:
    """Which form the days of each column follow, when they are not plain ISO. read: further
    columns of days, whose form is plain. few: share of values that may follow another form: they
    are not read then, and stand aside with the rows that cannot be.
    """
    problems = []
    own = staged.source.settings.zone if staged.source else ""
    for cast in casts:
        alike = [
            other.text
            for other in (*casts, *read)
            if staged.headers.get(other.column.name) == staged.headers.get(cast.column.name)
        ]  # one column of theirs in two of ours follows one form
        both = " UNION ALL ".join(f"SELECT {text} AS c FROM ({staged.query})" for text in alike)
        counts = connection.execute(
            f"SELECT {', '.join(dates.counts_sql('c'))} FROM ({both})"
        ).fetchall()[0]
        judged = dates.judge(counts, cast.column.kind, declared(staged, cast), few)
        cast.sql = judged.sql(cast.text, cast.column.kind, zone, own)
        if not zone:
            problems += _as_written(connection, staged, cast, judged.forms == ("epoch",))
        if judged.problem:
            wording = partial(_of_column, judged.problem)
            problems.append(
                column_problem(connection, staged, cast, wording, judged.proof(cast.text))
            )
    return problems


def _of_column(problem: Problem, _count: int) -> tuple[str, str, str]:
    """Found, expected and try of a whole column, whatever the number of its rows."""
    return problem.found, problem.expected, problem.try_


def _as_written(
    connection: duckdb.DuckDBPyConnection, staged: Staged, cast: Cast, epoch: bool
) -> list[Problem]:
    """A warning when texts name their distance from UTC, or count from 1970 in it: the day written
    is the day taken.
    """
    count, rows = examples(
        connection,
        staged,
        f"({staged.query})",
        dates.shape(cast.text, dates.EPOCH if epoch else dates.ZONED),
        [cast.column.name],
    )
    return (
        [
            Problem(
                say(
                    "{values} that count from 1970: the day is taken in UTC",
                    values=plural(count, "value"),
                )
                if epoch
                else say(
                    "{values} with a time zone: the day is taken as it is written",
                    values=plural(count, "value"),
                ),
                say("days of the calendar the months follow"),
                say(
                    "if they are written in another zone than yours, give yours in"
                    ' playbook.toml: [book] time_zone = "Asia/Shanghai"'
                ),
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


def declared(staged: Staged, cast: Cast) -> str:
    """The form playbook.toml declares for the column's days, if any."""
    form = staged.source.settings.dates if staged.source else ""
    return form if isinstance(form, str) else form.get(staged.headers.get(cast.column.name, ""), "")
