"""Rows of a checked table that break a rule or repeat a key."""

from __future__ import annotations

from dataclasses import replace

import duckdb

from playbook.base.errors import Problem
from playbook.base.formats import plural
from playbook.base.language import later, say
from playbook.base.settings import Settings

from .databases import quoted
from .examples import examples
from .rule import Rule
from .rules import reference_rules, rules_for
from .set_aside import Fault
from .staged import Staged

Warned = list[tuple[Rule, Problem]]


def row_faults(
    connection: duckdb.DuckDBPyConnection,
    staged: Staged,
    given: dict[str, set[str]],
    settings: Settings,
) -> list[Fault]:
    """Rows of one checked table that break a rule or repeat a key."""
    table, have = staged.table, given[staged.table.name]
    rules = [r for r in rules_for(table, have, given, settings) if r.severity == "error"]
    faults = [
        Fault(
            _problem(connection, staged, rule, count),
            f"SELECT _file, _row FROM book.{table.name} t WHERE {rule.condition}",
        )
        for rule, count in _fired(connection, table.name, rules)
    ]
    return faults + _duplicates(connection, staged, have)


def row_warnings(
    connection: duckdb.DuckDBPyConnection,
    staged: Staged,
    given: dict[str, set[str]],
    settings: Settings,
) -> tuple[list[Problem], Warned]:
    """Problems of one checked table without the rows set aside: references that too many rows have
    in vain as errors; warnings with their rule, so that they can be counted again on an as-of date.
    """
    table, have = staged.table, given[staged.table.name]
    rules = [r for r in rules_for(table, have, given, settings) if r.severity == "warning"]
    rules += _references(connection, staged, given, given, settings)
    errors, warnings = _told(connection, staged, rules)
    repeated = _repeated(connection, staged, have)
    return errors + repeated, warnings


def reference_problems(
    connection: duckdb.DuckDBPyConnection,
    staged: Staged,
    given: dict[str, set[str]],
    targets: dict[str, set[str]],
    settings: Settings,
) -> tuple[list[Problem], Warned]:
    """The same of references to some tables alone."""
    rules = _references(connection, staged, given, targets, settings)
    return _told(connection, staged, rules)


def _told(
    connection: duckdb.DuckDBPyConnection, staged: Staged, rules: list[Rule]
) -> tuple[list[Problem], Warned]:
    """Problems of the rules that some rows break: errors, and warnings with their rule."""
    fired = [
        (rule, _problem(connection, staged, rule, count))
        for rule, count in _fired(connection, staged.table.name, rules)
    ]
    errors = [problem for rule, problem in fired if rule.severity == "error"]
    return errors, [pair for pair in fired if pair[0].severity == "warning"]


def _fired(
    connection: duckdb.DuckDBPyConnection, table: str, rules: list[Rule]
) -> list[tuple[Rule, int]]:
    """The rules that some rows break, and how many do: one pass over the table."""
    if not rules:
        return []
    sums = ", ".join(f"count(*) FILTER ({rule.condition})" for rule in rules)
    counts = connection.execute(f"SELECT {sums} FROM book.{table} t").fetchall()[0]
    return [(rule, count) for rule, count in zip(rules, counts, strict=True) if count]


def _problem(
    connection: duckdb.DuckDBPyConnection, staged: Staged, rule: Rule, count: int
) -> Problem:
    relation = f"book.{staged.table.name} t"
    rows = examples(connection, staged, relation, rule.condition, rule.show)[1]
    return rule.problem(count, rows, staged.label)


def _references(
    connection: duckdb.DuckDBPyConnection,
    staged: Staged,
    given: dict[str, set[str]],
    targets: dict[str, set[str]],
    settings: Settings,
) -> list[Rule]:
    """Rules of references that some rows have in vain, each an error or a warning by its share."""
    table = staged.table
    pairs = reference_rules(table, given[table.name], targets)
    if not pairs:
        return []
    sums = ", ".join(
        f"count(*) FILTER ({condition})"
        for rule, refers in pairs
        for condition in (rule.condition, refers)
    )
    counts = connection.execute(f"SELECT {sums} FROM book.{table.name} t").fetchall()[0]
    return [
        _weighed(rule, unknown, total, settings)
        for (rule, _), unknown, total in zip(pairs, counts[::2], counts[1::2], strict=True)
        if unknown
    ]


def _weighed(rule: Rule, unknown: int, total: int, settings: Settings) -> Rule:
    """Unknown references are an error above the settings' share of rows, else a warning."""
    limit = settings.book.unknown_share
    if unknown > limit * total:
        return replace(
            rule,
            expected=say(
                "{expected}; at most {limit:.1%} of rows may be unknown ([book]"
                " unknown_share), here {unknown:.1%} are",
                expected=rule.expected,
                limit=limit,
                unknown=unknown / total,
            ),
        )
    return replace(
        rule,
        severity="warning",
        found=say(
            "{found}: kept, without what {column} would tell", found=rule.found, column=rule.column
        ),
    )


MOVED = later(
    "keep the first one; a target that was changed goes, with its day and reason, to a"
    " [[goals.adjustments]] entry of playbook.toml"
)


def _duplicates(
    connection: duckdb.DuckDBPyConnection, staged: Staged, have: set[str]
) -> list[Fault]:
    """Rows with the key of an earlier one; the first of each is kept."""
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
    again = (
        f"SELECT _file, _row FROM book.{table.name} WHERE {quoted(key[0])} IS NOT NULL QUALIFY"
        f" row_number() OVER (PARTITION BY {names} ORDER BY _file, _row) > 1"
    )
    return [
        Fault(
            Problem(
                say("{keys} used by more than one row", keys=plural(many, "key")),
                say("each {key} once: {grain}", key=" + ".join(key), grain=say(table.grain)),
                (
                    say(MOVED)
                    if table.name == "targets"
                    else say("remove the repeated rows; two exports may have been pasted together")
                ),
                "error",
                table.name,
                key[0],
                staged.label,
                many,
                rows,
            ),
            again,
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
                say(
                    "{rows} repeating another in every column: counted again",
                    rows=plural(count, "row"),
                ),
                say("rows that differ, such as lines of one order by product"),
                say(
                    "remove them if an export was pasted twice; give the lines what"
                    " tells them apart if not"
                ),
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
