"""Days and amounts that are most likely slips of the pen: far from all others of their column.

A day that stands alone after a long silence would move the report month, one decades early the
beginning of history; an amount a thousand times too large decides every total (most such amounts
are more than 300 times the median).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise

import duckdb

from playbook.base.errors import Problem
from playbook.base.formats import plural
from playbook.base.language import say

from .databases import quoted
from .examples import examples
from .set_aside import Fault
from .staged import Staged
from .tables import PAST, days_of

MANY = 20  # rows from which a single one far from all others is taken for a slip
FEW = 0.01  # share of rows that may be slips; more are a part of the data
YEARS = 2  # calendar years without a row before late rows are refused
SILENT_AFTER, SILENT_BEFORE = 180, 365  # days without a row that make the rows beyond them doubtful
LONGER = 3  # and how many times the longest silence among the others they must be
EVERY = 97  # of the rows of a large file, one in so many tells the usual amount
TIMES, BEYOND = 300, 10  # an amount: times the median, and times the largest of the others


@dataclass
class Slips:
    """What was found. ``bounds``: first and last day of each day column without its slips."""

    warnings: list[Problem] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    bounds: dict[str, tuple[date, date]] = field(default_factory=dict)


def day_slips(connection: duckdb.DuckDBPyConnection, staged: Staged, have: set[str]) -> Slips:
    """Doubtful days of an event table: late ones are faults beyond two years, else warnings."""
    found = Slips()
    for column in days_of(staged.table.name):
        if staged.table.name in PAST and column in have:
            _of_column(connection, staged, column, found)
    return found


def _of_column(
    connection: duckdb.DuckDBPyConnection, staged: Staged, column: str, found: Slips
) -> None:
    c = f"CAST({quoted(column)} AS DATE)"
    rows = connection.execute(
        f"SELECT {c}, count(*) FROM book.{staged.table.name} WHERE {c} IS NOT NULL GROUP BY 1"
        " ORDER BY 1"
    ).fetchall()
    if not rows:
        return
    days, counts = [row[0] for row in rows], [row[1] for row in rows]
    first, last = _head(days, counts), _tail(days, counts)
    found.bounds[column] = (days[first], days[last])
    if last < len(days) - 1:
        _late(connection, staged, column, days, last, found)
    if first:
        found.warnings.append(
            _doubt(
                connection,
                staged,
                column,
                f"{c} < DATE '{days[first]}'",
                say(
                    "dated {n:,} days or more before all others, which begin on {day}",
                    n=(days[first] - days[first - 1]).days,
                    day=days[first],
                ),
                say(
                    "correct the year, or leave the rows out: what is first ever, new or since the"
                    " beginning would rest on them"
                ),
            )
        )


def _few(counts: list[int]) -> float:
    total = sum(counts)
    return max(FEW * total, 1) if total >= MANY else 0


def _tail(days: list[date], counts: list[int]) -> int:
    """Index of the last day that is no slip."""
    late, most = 0, _few(counts)
    for i in range(len(days) - 1, 0, -1):
        late += counts[i]
        if late > most:
            break
        silence, usual = (days[i] - days[i - 1]).days, _longest(days[:i])
        if days[i].year - days[i - 1].year > YEARS or (
            silence >= SILENT_AFTER and silence > LONGER * usual
        ):
            return i - 1
    return len(days) - 1


def _head(days: list[date], counts: list[int]) -> int:
    """Index of the first day that is no slip."""
    early, most = 0, _few(counts)
    for i in range(len(days) - 1):
        early += counts[i]
        if early > most:
            break
        silence, usual = (days[i + 1] - days[i]).days, _longest(days[i + 1 :])
        if silence >= SILENT_BEFORE and silence > LONGER * usual:
            return i + 1
    return 0


def _longest(days: list[date]) -> int:
    return max(((b - a).days for a, b in pairwise(days)), default=0)


def _late(
    connection: duckdb.DuckDBPyConnection,
    staged: Staged,
    column: str,
    days: list[date],
    last: int,
    found: Slips,
) -> None:
    table, after = staged.table.name, days[last + 1]
    condition = f"CAST({quoted(column)} AS DATE) >= DATE '{after}'"
    if after.year - days[last].year > YEARS:
        count, shown = examples(connection, staged, f"book.{table}", condition, [column])
        problem = Problem(
            say(
                "{rows} dated {year} or later, while all others end in {year_2}",
                rows=plural(count, "row"),
                year=after.year,
                year_2=days[last].year,
            ),
            say("events that have happened"),
            say("correct the year: they would move the report month"),
            "error",
            table,
            column,
            staged.label,
            count,
            shown,
        )
        found.faults.append(
            Fault(problem, f"SELECT _file, _row FROM book.{table} WHERE {condition}")
        )
        return
    found.warnings.append(
        _doubt(
            connection,
            staged,
            column,
            condition,
            say(
                "dated {n:,} days or more after all others, which end on {day}: the report month"
                " does not follow",
                n=(after - days[last]).days,
                day=days[last],
            ),
            say(
                "correct the year; if they are right, name the month: --month {month}",
                month=f"{days[-1].year:04d}-{days[-1].month:02d}",
            ),
        )
    )


def _doubt(
    connection: duckdb.DuckDBPyConnection,
    staged: Staged,
    column: str,
    condition: str,
    found: str,
    try_: str,
) -> Problem:
    count, rows = examples(connection, staged, f"book.{staged.table.name}", condition, [column])
    return Problem(
        say("{rows} {found}", rows=plural(count, "row"), found=found),
        say("days among those of the other rows; a year may have been mistyped"),
        try_,
        "warning",
        staged.table.name,
        column,
        staged.label,
        count,
        rows,
    )


def amount_slips(
    connection: duckdb.DuckDBPyConnection, staged: Staged, have: set[str]
) -> list[Problem]:
    """A warning for amounts 300 times the median and ten times all others, or more."""
    columns = [c.name for c in staged.table.columns if c.kind == "money" and c.name in have]
    if not columns:
        return []
    middle = "approx_quantile" if staged.lazy else "quantile_cont"
    some = f" AND _row % {EVERY} = 0" if staged.lazy and staged.source else ""
    some = some if staged.source and staged.source.in_place else ""  # rows of Parquet are numbered
    sizes = [f"abs({quoted(name)})" for name in columns]
    medians = connection.execute(
        "SELECT "
        + ", ".join(
            f"CAST({middle}(CAST({s} AS DOUBLE), 0.5) FILTER ({s} > 0{some}) AS DOUBLE),"
            f" count(*) FILTER ({s} > 0), max({s})"
            for s in sizes
        )
        + f" FROM book.{staged.table.name}"
    ).fetchall()[0]
    problems = []
    told = zip(columns, sizes, medians[::3], medians[1::3], medians[2::3], strict=True)
    for name, size, usual, n, largest in told:
        if n < MANY or not usual or float(largest) < TIMES * usual:
            continue
        edge = f"{TIMES} * {usual!r}::DOUBLE"
        count, least, most = connection.execute(
            f"SELECT count(*) FILTER ({size} >= {edge}), min({size}) FILTER ({size} >= {edge}),"
            f" max({size}) FILTER ({size} < {edge}) FROM book.{staged.table.name}"
        ).fetchall()[0]
        if count and count <= max(FEW * n, 1) and least >= BEYOND * most:
            problems.append(_large(connection, staged, name, f"{size} >= {edge}", usual))
    return problems


def _large(
    connection: duckdb.DuckDBPyConnection, staged: Staged, column: str, condition: str, usual: float
) -> Problem:
    count, rows = examples(connection, staged, f"book.{staged.table.name}", condition, [column])
    return Problem(
        say(
            "{rows} with {column} more than {times} times the usual {usual:,.2f}",
            rows=plural(count, "row"),
            column=column,
            times=TIMES,
            usual=usual,
        ),
        say("amounts in one unit"),
        say("look for a decimal mark lost, or for another unit or currency"),
        "warning",
        staged.table.name,
        column,
        staged.label,
        count,
        rows,
    )
