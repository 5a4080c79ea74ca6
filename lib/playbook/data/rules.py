"""What the rows of a checked table must hold to: keys, ranges, order of days, references, and the
sense of a deal.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

import duckdb

from playbook.base.errors import Problem
from playbook.base.formats import plural
from playbook.base.settings import Settings

from .casting import LOST, examples
from .databases import quoted
from .mapping import Staged
from .tables import EVENT_TABLES, Column, Table, days_of

MANY = 20  # rows from which a single one that stands years after all others is taken for a slip
FIRST_DAY, LAST_DAY = (
    "1990-01-01",
    "2069-12-31",
)  # events outside are slips of the pen (2203 for 2023), not history


@dataclass(frozen=True)
class Rule:
    """Rows that meet ``condition`` (SQL over the checked table) are a problem. ``found`` is told
    with their number in front.
    """

    table: str
    column: str | None
    condition: str
    found: str
    expected: str
    try_: str
    severity: str = "error"
    show: tuple[str, ...] = ()
    noun: str = "row"

    def problem(self, count: int, rows: tuple[str, ...], file: str | None) -> Problem:
        return Problem(
            f"{plural(count, self.noun)} {self.found}",
            self.expected,
            self.try_,
            self.severity,
            self.table,
            self.column,  # type: ignore[arg-type]
            file,
            count,
            rows,
        )


def rules_for(
    table: Table, have: set[str], given: dict[str, set[str]], settings: Settings
) -> list[Rule]:
    """Every row rule of the table that its columns allow."""
    rules = [*_ranges(table, have), *_order(table, have), *_event_days(table, have)]
    rules += {"orders": _orders, "opportunities": _deals, "stage_events": _stage_events}.get(
        table.name, _none
    )(have, given, settings)
    return rules


def _none(have: set[str], given: dict[str, set[str]], settings: Settings) -> list[Rule]:
    return []


def _ranges(table: Table, have: set[str]) -> Iterable[Rule]:
    for column in table.columns:
        if column.name not in have:
            continue
        if column.low is not None:
            yield Rule(
                table.name,
                column.name,
                f"{quoted(column.name)} < {column.low}",
                f"below {column.low:g}",
                _range(column),
                _range_hint(column),
                show=(column.name,),
            )
        if column.high is not None:
            yield Rule(
                table.name,
                column.name,
                f"{quoted(column.name)} > {column.high}",
                f"above {column.high:g}",
                _range(column),
                _range_hint(column),
                show=(column.name,),
            )


def _range(column: Column) -> str:
    if column.high is None:
        return f"{column.low:g} or more"
    return f"from {column.low:g} to {column.high:g}" + (
        " (a share: 0.15 is 15 %)" if column.kind == "share" else ""
    )


def _range_hint(column: Column) -> str:
    return {
        "share": "write 0.15 for 15 %, or 15% with its sign",
        "money": "correct the rows; refunds belong in orders as negative rows",
    }.get(column.kind, "correct the rows named")


def _order(table: Table, have: set[str]) -> Iterable[Rule]:
    for first, last in table.order:
        if {first, last} <= have:
            yield Rule(
                table.name,
                last,
                f"{quoted(last)} < {quoted(first)}",
                f"with {last} before {first}",
                f"{last} on or after {first}",
                "look for swapped day and month in the export, or swapped columns in the mapping",
                show=(first, last),
            )


def _event_days(table: Table, have: set[str]) -> Iterable[Rule]:
    if table.name not in EVENT_TABLES:
        return
    for name in days_of(table.name):
        if name in have:
            yield Rule(
                table.name,
                name,
                f"CAST({quoted(name)} AS DATE) NOT BETWEEN DATE '{FIRST_DAY}' AND DATE"
                f" '{LAST_DAY}'",
                f"with {name} outside 1990 to 2069",
                "the day it happened",
                "correct the year; leave the cell empty when the day is unknown",
                show=(name,),
            )


def _orders(have: set[str], given: dict[str, set[str]], settings: Settings) -> list[Rule]:
    rules = (
        [
            Rule(
                "orders",
                "amount",
                "amount = 0",
                "with an amount of zero: counted as orders, worth nothing",
                "an amount",
                'leave them out with where = "amount <> 0" if they are no orders',
                "warning",
                ("amount",),
            )
        ]
        if "amount" in have
        else []
    )
    treated = {
        "list_amount": "left out of the price ladder",
        "cost": "its gross profit exceeds its amount",
        "paid_amount": "counted as paid back",
    }
    rules += [
        Rule(
            "orders",
            name,
            f"amount > 0 AND {name} < 0",
            f"with a positive amount and a negative {name}: {told}",
            f"{name} of the amount's sign",
            "correct the sign; a refund is negative in every money column",
            "warning",
            ("amount", name),
        )
        for name, told in treated.items()
        if {name, "amount"} <= have
    ]
    if {"kind", "amount"} <= have:
        rules.append(
            Rule(
                "orders",
                "amount",
                "kind = 'refund' AND amount > 0",
                "of kind refund with a positive amount",
                "refunds as negative rows",
                'turn their sign round, for example sql = "SELECT …, -abs(amount) …"',
                show=("kind", "amount"),
            )
        )
    return rules


def _deals(have: set[str], given: dict[str, set[str]], settings: Settings) -> list[Rule]:
    t, won, rules = "opportunities", settings.book.stages[-1].replace("'", "''"), []
    if {"outcome", "closed"} <= have:
        rules += [
            Rule(
                t,
                "closed",
                "outcome = 'open' AND closed IS NOT NULL",
                "open and yet with a closing day",
                "closed only for deals won or lost",
                "set the outcome, or empty closed (a planned day is expected_close)",
                show=("outcome", "closed"),
                noun="deal",
            ),
            Rule(
                t,
                "closed",
                "outcome <> 'open' AND closed IS NULL",
                "decided without a closing day: counted in all data, left out of months and time"
                " measures",
                "the day it was won or lost",
                "fill closed",
                "warning",
                ("outcome", "closed"),
                "deal",
            ),
        ]
    if "created" in have:
        rules.append(
            Rule(
                t,
                "created",
                "created IS NULL",
                "without a day of creation: counted, left out of time measures",
                "the day the deal was opened",
                "fill created where it is known",
                "warning",
                ("created", "stage"),
                "deal",
            )
        )
    if {"outcome", "stage"} <= have:
        rules += [
            Rule(
                t,
                "stage",
                f"(outcome = 'won' AND stage = '{LOST}') OR (outcome = 'lost' AND stage = '{won}')"
                f" OR (outcome = 'open' AND stage IN ('{won}', '{LOST}'))",
                "whose stage and outcome contradict each other",
                "won deals in the last stage, lost deals in another",
                "map stage and outcome from the same column of the source",
                show=("stage", "outcome"),
                noun="deal",
            ),
        ]
    if {"outcome", "amount"} <= have:
        rules.append(
            Rule(
                t,
                "amount",
                "outcome = 'won' AND amount = 0",
                "won for nothing: counted as won, worth zero",
                "the amount won",
                "fill amount",
                "warning",
                ("amount",),
                "deal",
            )
        )
        rules.append(
            Rule(
                t,
                "amount",
                "outcome = 'won' AND amount IS NULL",
                "won without an amount: counted as won, worth nothing",
                "the amount won",
                "fill amount",
                "warning",
                ("amount",),
                "deal",
            )
        )
    return rules


def _stage_events(have: set[str], given: dict[str, set[str]], settings: Settings) -> list[Rule]:
    if (
        "created" not in given.get("opportunities", ())
        or not {"opportunity_id", "entered_at"} <= have
    ):
        return []
    return [
        Rule(
            "stage_events",
            "entered_at",
            "EXISTS (SELECT 1 FROM book.opportunities d WHERE d.opportunity_id = t.opportunity_id"
            " AND CAST(t.entered_at AS DATE) < d.created)",
            "entering a stage before their deal was created",
            "entered_at on or after the deal's created",
            "look for swapped day and month, or a deal created afterwards",
            "warning",
            ("entered_at", "stage"),
        )
    ]


def reference_rules(
    table: Table, have: set[str], given: dict[str, set[str]]
) -> list[tuple[Rule, str]]:
    """Rules for values that no row of the table they refer to has, with the condition under which a
    row refers at all.
    """
    rules = []
    for column in table.columns:
        if column.refers and column.name in have:
            target, _, key = column.refers.partition(".")
            if key in given.get(target, ()):
                c = quoted(column.name)
                rules.append(
                    (
                        Rule(
                            table.name,
                            column.name,
                            f"{c} IS NOT NULL AND {c} NOT IN (SELECT {key} FROM book.{target} WHERE"
                            f" {key} IS NOT NULL)",
                            f"whose {column.name} is not in {target}",
                            f"every {column.name} in {target}",
                            f"add the missing rows to {target}, or correct the ids (blanks, leading"
                            " zeros, a .0 at the end)",
                            show=(column.name,),
                        ),
                        f"{c} IS NOT NULL",
                    )
                )
    return rules


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
