"""Rows of a checked table that break a rule, repeat a key or stand years after all others."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import duckdb

from playbook.base.errors import Problem
from playbook.base.formats import plural
from playbook.base.settings import Settings

from .databases import quoted
from .examples import examples
from .rule import Rule
from .rules import reference_rules, rules_for
from .staged import Staged
from .tables import EVENT_TABLES

MANY = 20  # rows from which a single one that stands years after all others is taken for a slip


def check_rows(
    connection: duckdb.DuckDBPyConnection,
    staged: Staged,
    given: dict[str, set[str]],
    settings: Settings,
    span: tuple[date | None, date | None],
) -> tuple[list[Problem], list[tuple[Rule, Problem]]]:
    """Problems of one checked table; warnings come with their rule, so that they can be counted
    again on an as-of date.
    """
    table, have = staged.table, given[staged.table.name]
    rules, references = rules_for(table, have, given, settings), reference_rules(table, have, given)
    sums = [f"count(*) FILTER ({rule.condition})" for rule in rules]
    sums += [
        sql
        for rule, refers in references
        for sql in (f"count(*) FILTER ({rule.condition})", f"count(*) FILTER ({refers})")
    ]
    counts = connection.execute(
        f"SELECT {', '.join([*sums, 'count(*)'])} FROM book.{table.name} t"
    ).fetchall()[0]
    fired = [(rule, count) for rule, count in zip(rules, counts, strict=False) if count]
    for i, (rule, _) in enumerate(references):
        unknown, total = counts[len(rules) + 2 * i : len(rules) + 2 * i + 2]
        if unknown:
            fired.append((_weighed(rule, unknown, total, settings), unknown))
    told = [
        (
            rule,
            rule.problem(
                count,
                examples(connection, staged, f"book.{table.name} t", rule.condition, rule.show)[1],
                staged.label,
            ),
        )
        for rule, count in fired
    ]
    errors = [problem for rule, problem in told if rule.severity == "error"]
    return errors + _duplicates(connection, staged, have) + _repeated(
        connection, staged, have
    ) + _far_off(connection, staged, have, span), [
        (rule, problem) for rule, problem in told if rule.severity == "warning"
    ]


def _weighed(rule: Rule, unknown: int, total: int, settings: Settings) -> Rule:
    """Unknown references are an error above the settings' share of rows, else a warning."""
    limit = settings.book.unknown_share
    if unknown > limit * total:
        return Rule(
            **{
                **rule.__dict__,
                "expected": (
                    f"{rule.expected}; at most {limit:.1%} of rows may be unknown ([book]"
                    f" unknown_share), here {unknown / total:.1%} are"
                ),
            }
        )
    return Rule(
        **{
            **rule.__dict__,
            "severity": "warning",
            "found": f"{rule.found}: kept, without what {rule.column} would tell",
        }
    )


MOVED = (
    "keep the first one; a target that was changed goes, with its day and reason, to a"
    " [[goals.adjustments]] entry of playbook.toml"
)


def _duplicates(
    connection: duckdb.DuckDBPyConnection, staged: Staged, have: set[str]
) -> list[Problem]:
    table = staged.table
    key = [name for name in table.key if name in have]
    if not key or not set(table.key) & set(table.required) <= have:
        return []
    names = ", ".join(quoted(name) for name in key)
    grouped = (
        f"SELECT {names} FROM book.{table.name} WHERE {quoted(key[0])} IS NOT NULL GROUP BY {names}"
        " HAVING count(*) > 1"
    )
    many = connection.execute(f"SELECT count(*) FROM ({grouped})").fetchall()[0][0]
    if not many:
        return []
    same = " AND ".join(f"t.{quoted(name)} IS NOT DISTINCT FROM k.{quoted(name)}" for name in key)
    _, rows = examples(
        connection,
        staged,
        f"book.{table.name} t",
        f"EXISTS (SELECT 1 FROM ({grouped}) k WHERE {same})",
        key[:3],
    )
    return [
        Problem(
            f"{plural(many, 'key')} used by more than one row",
            f"each {' + '.join(key)} once: {table.grain}",
            (
                MOVED
                if table.name == "targets"
                else "remove the repeated rows; two exports may have been pasted together"
            ),
            "error",
            table.name,
            key[0],
            staged.label,
            many,
            rows,
        )
    ]


def _repeated(
    connection: duckdb.DuckDBPyConnection, staged: Staged, have: set[str]
) -> list[Problem]:
    """A warning for orders given twice in every column: lines may be alike, but so are rows pasted
    twice. Files read in place are not searched.
    """
    if staged.table.name != "orders" or staged.lazy or not set(staged.table.required) <= have:
        return []
    names = ", ".join(quoted(name) for name in sorted(have))
    again = (
        f"SELECT _file, _row FROM book.orders QUALIFY row_number() OVER (PARTITION BY {names} ORDER"
        " BY _file, _row) > 1"
    )
    count, rows = examples(
        connection, staged, "book.orders t", f"(_file, _row) IN ({again})", ["order_id", "amount"]
    )
    return (
        [
            Problem(
                f"{plural(count, 'row')} repeating another in every column: counted again",
                "rows that differ, such as lines of one order by product",
                "remove them if an export was pasted twice; give the lines what tells them apart"
                " if not",
                "warning",
                "orders",
                "order_id",
                staged.label,
                count,
                rows,
            )
        ]
        if count
        else []
    )


def _far_off(
    connection: duckdb.DuckDBPyConnection,
    staged: Staged,
    have: set[str],
    span: tuple[date | None, date | None],
) -> list[Problem]:
    """A few events dated years after all others would move the report month: most often a mistyped
    year.
    """
    table, day = staged.table, staged.table.known
    if (
        table.name not in EVENT_TABLES
        or day not in have
        or not span[0]
        or not span[1]
        or span[1].year - span[0].year <= 2
    ):
        return []
    rows = connection.execute(
        f"SELECT year({quoted(day)}), count(*) FROM book.{table.name} WHERE {quoted(day)} IS NOT"
        " NULL GROUP BY 1 ORDER BY 1"
    ).fetchall()
    total, late = sum(count for _, count in rows), 0
    for (before, _), (year, count) in reversed(list(pairwise(rows))):
        late += count
        if year - before > 2 and late <= max(0.01 * total, total >= MANY):
            condition = f"year({quoted(day)}) >= {year}"
            _, shown = examples(connection, staged, f"book.{table.name}", condition, [day])
            return [
                Problem(
                    f"{plural(late, 'row')} dated {year} or later, while all others end in"
                    f" {before}",
                    "events that have happened",
                    "correct the year: they would move the report month",
                    "error",
                    table.name,
                    day,
                    staged.label,
                    late,
                    shown,
                )
            ]
    return []
