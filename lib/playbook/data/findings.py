"""What is wrong with checked tables, in the order in which it may be known: rows set aside first,
names united, then what the rows that are left contradict.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import duckdb

from playbook.base.errors import Problem
from playbook.base.settings import Settings

from .links import drop_false_renewals
from .lookalikes import unite
from .order_numbers import numbers_reused
from .orphans import orphans
from .read import Span, span_of
from .row_checks import Warned, row_faults, row_warnings
from .set_aside import Fault, set_aside
from .slips import amount_slips, day_slips
from .staged import Staged
from .target_years import target_years

Given = dict[str, set[str]]


def cleaned(
    connection: duckdb.DuckDBPyConnection,
    staged: dict[str, Staged],
    given: Given,
    faults: Mapping[str, Sequence[Fault]],
    settings: Settings,
) -> tuple[list[Problem], dict[str, Span]]:
    """Unite the writings of ids, set aside the rows at fault (those of ``faults``, which casting
    found, among them), and leave out false links. Gives the problems and each table's span of days
    without slips.
    """
    problems, spans = unite(connection, staged, given), {}
    for name, table in staged.items():
        slips = day_slips(connection, table, given[name])
        found = [*faults[name], *row_faults(connection, table, given, settings), *slips.faults]
        problems += set_aside(connection, table, found, settings)
        slips = day_slips(connection, table, given[name]) if found else slips
        problems += slips.warnings
        ends = list(slips.bounds.values())
        spans[name] = (
            (min(first for first, _ in ends), max(last for _, last in ends))
            if ends
            else span_of(connection, name, given[name])
        )
    for name, table in staged.items():
        problems += drop_false_renewals(connection, table, given[name])
    return problems, spans


def warned(
    connection: duckdb.DuckDBPyConnection,
    staged: dict[str, Staged],
    given: Given,
    spans: dict[str, Span],
    settings: Settings,
) -> tuple[list[Problem], Warned]:
    """Problems of the rows that are left, and the warnings among them with their rules."""
    problems: list[Problem] = []
    rules: Warned = []
    for name, table in staged.items():
        found, fired = row_warnings(connection, table, given, settings)
        problems += found + [problem for _, problem in fired]
        problems += amount_slips(connection, table, given[name])
        problems += numbers_reused(connection, table, given[name])
        rules += fired
    problems += orphans(connection, staged, given)
    problems += target_years(connection, staged, given, spans, settings)
    return problems, rules
