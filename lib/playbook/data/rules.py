"""What the rows of a checked table must hold to: keys, ranges, order of days, references, and the
sense of a deal.
"""

from __future__ import annotations

from collections.abc import Iterable

from playbook.base.language import say
from playbook.base.settings import Settings

from .databases import quoted
from .given_by_days import span_rules
from .people_rules import people_rules
from .rule import Rule
from .table_rules import deal_rules, no_rules, order_rules, stage_event_rules
from .tables import PAST, ColumnSpec, TableSpec, days_of

FIRST_DAY, LAST_DAY = (
    "1990-01-01",
    "2069-12-31",
)  # events outside are slips of the pen (2203 for 2023), not history


def rules_for(
    table: TableSpec, have: set[str], given: dict[str, set[str]], settings: Settings
) -> list[Rule]:
    """Every row rule of the table that its columns allow."""
    rules = [*_ranges(table, have), *_order(table, have), *_event_days(table, have)]
    rules += {
        "orders": order_rules,
        "opportunities": deal_rules,
        "stage_events": stage_event_rules,
    }.get(table.name, no_rules)(have, given, settings)
    return rules + people_rules(table.name, have, given) + span_rules(table.name, have, given)


def _ranges(table: TableSpec, have: set[str]) -> Iterable[Rule]:
    for column in table.columns:
        if column.name not in have:
            continue
        if column.low is not None:
            yield Rule(
                table.name,
                column.name,
                f"{quoted(column.name)} < {column.low}",
                say("below {low:g}", low=column.low),
                _range(column),
                _range_hint(column),
                show=(column.name,),
            )
        if column.high is not None:
            yield Rule(
                table.name,
                column.name,
                f"{quoted(column.name)} > {column.high}",
                say("above {high:g}", high=column.high),
                _range(column),
                _range_hint(column),
                show=(column.name,),
            )


def _range(column: ColumnSpec) -> str:
    if column.high is None:
        return say("{low:g} or more", low=column.low)
    if column.kind == "share":
        return say(
            "from {low:g} to {high:g} (a share: 0.15 is 15 %)", low=column.low, high=column.high
        )
    return say("from {low:g} to {high:g}", low=column.low, high=column.high)


def _range_hint(column: ColumnSpec) -> str:
    return {
        "share": say("write 0.15 for 15 %, or 15% with its sign"),
        "money": say("correct the rows; refunds belong in orders as negative rows"),
    }.get(column.kind, say("correct the rows named"))


def _order(table: TableSpec, have: set[str]) -> Iterable[Rule]:
    for first, last in table.order:
        if {first, last} <= have:
            yield Rule(
                table.name,
                last,
                f"{quoted(last)} < {quoted(first)}",
                say("with {last} before {first}", last=last, first=first),
                say("{last} on or after {first}", last=last, first=first),
                say(
                    "look for swapped day and month in the export, or swapped columns in"
                    " the mapping"
                ),
                show=(first, last),
            )


def _event_days(table: TableSpec, have: set[str]) -> Iterable[Rule]:
    if table.name not in PAST:
        return
    for name in days_of(table.name):
        if name in have:
            yield Rule(
                table.name,
                name,
                f"CAST({quoted(name)} AS DATE) NOT BETWEEN DATE '{FIRST_DAY}' AND DATE"
                f" '{LAST_DAY}'",
                say("with {name} outside 1990 to 2069", name=name),
                say("the day it happened"),
                say("correct the year; leave the cell empty when the day is unknown"),
                show=(name,),
            )


def reference_rules(
    table: TableSpec, have: set[str], given: dict[str, set[str]]
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
                            say("whose {name} is not in {target}", name=column.name, target=target),
                            say("every {name} in {target}", name=column.name, target=target),
                            say(
                                "add the missing rows to {target}, or correct the ids (blanks,"
                                " leading zeros, a .0 at the end)",
                                target=target,
                            ),
                            show=(column.name,),
                        ),
                        f"{c} IS NOT NULL",
                    )
                )
    return rules
