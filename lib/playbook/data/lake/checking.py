"""Tables of a lake checked where they are, beside the checked tables of this machine.

What a check needs is asked on Spark in the same SQL; no row is changed there, so rows at fault are
errors, as they are of a database read in place.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from playbook.base.errors import Problem
from playbook.base.formats import listing
from playbook.base.language import say
from playbook.base.privacy import masked_sql, suspect_sql
from playbook.base.settings import Settings, TableSettings
from playbook.data.assigning import assign
from playbook.data.currencies import convert_money
from playbook.data.databases import quoted
from playbook.data.findings import cleaned, warned
from playbook.data.orphans import orphans
from playbook.data.row_checks import Warned, reference_problems
from playbook.data.set_aside import Fault
from playbook.data.source import RawSource
from playbook.data.staged import HIDDEN, Staged
from playbook.data.standing_in import stand_in
from playbook.data.table_specs import is_member
from playbook.data.target_years import target_years
from playbook.data.unread import unread_values
from playbook.engines.spark import SparkEngine, SparkRefused

from .casting import lake_cast

Given = dict[str, set[str]]


def parted(staged: dict[str, Staged]) -> tuple[dict[str, Staged], dict[str, Staged]]:
    """Tables of this machine, and those of the lake."""
    far = {name: t for name, t in staged.items() if t.source and t.source.lake}
    return {name: t for name, t in staged.items() if name not in far}, far


def refused(
    table: str, mapping: TableSettings, sources: Mapping[str, RawSource | None]
) -> list[Problem]:
    """What a mapping asks of a lake's table and only this machine can do."""
    far = {name for name, source in sources.items() if source and source.lake}
    asked = {c.look_up for c in mapping.columns.values() if c.look_up}
    words = set(re.findall(r"\w+", mapping.sql))
    found = [f"sql over {name}" for name in sorted(far) if name in words]
    if mapping.from_ in far:
        found += ["group"] if mapping.group else []
        found += ["long"] if mapping.long else []
        found += [f"look_up in {name}" for name in sorted(asked)]
    else:
        found += [f"look_up in {name}" for name in sorted(asked & far)]
    return [
        Problem(
            found=say(
                "{found} runs on one machine only, and the table lies in a lake",
                found=listing(found),
            ),
            expected=say("columns, values and where of [tables.…]"),
            try_=say("make a view of it in the lake, and name that"),
            table=table,
            file="playbook.toml",
        )
    ][: len(found)]


def checked_there(
    connection: Any,
    engine: SparkEngine,
    near: dict[str, Staged],
    far: dict[str, Staged],
    given: Given,
    settings: Settings,
) -> tuple[list[Problem], Warned, dict[str, Any], dict[str, Staged]]:
    """Read and check the lake's tables, bring those of this machine beside them, and check what
    goes across. Gives problems, warnings with their rules, spans of days, and the far tables that
    could be read; ``given`` gets their columns.
    """
    here = {name: given[name] for name in near}
    problems: list[Problem] = []
    if "orders" not in far and "opportunities" in near:
        problems += stand_in(connection, given)
    if "orders" not in far:
        problems += assign(connection, near, given)
    for name in given:
        _bring(connection, engine, name)
    faults: dict[str, list[Fault]] = {}
    for name, table in far.items():
        columns, faults[name] = _cast(engine, table, settings)
        problems += table.problems
        if columns:
            given[name] = columns
    far = {name: table for name, table in far.items() if name in given}
    local_rates = {name: have for name, have in given.items() if name in far}
    money, _ = convert_money(engine, far, local_rates, settings)
    wrong, spans = cleaned(engine, far, given, faults, settings)
    problems += [*money, *wrong]
    if "opportunities" in far and "orders" not in given:
        problems += stand_in(engine, given)
    found, rules = warned(connection, near, here, {}, settings)
    told = orphans(connection, near, here)  # said of this machine alone: the lake has them
    problems += [p for p in found if p not in told] + orphans(connection, near, given)
    across, fired = _references(engine, near, far, given, settings)
    problems += across
    more, far_rules = warned(engine, far, given, {}, settings)
    problems += more
    if "targets" in near:
        years = target_years(engine, near, given, spans, settings)
        problems += [p for p in years if p not in problems]
    return problems, [*rules, *fired, *far_rules], spans, far


def _bring(connection: Any, engine: SparkEngine, name: str) -> None:
    """A checked table of this machine as Spark's: small beside what lies in the lake."""
    engine.name("book", name, engine.bring(connection.sql(f"FROM book.{name}").to_arrow_table()))


def _cast(engine: SparkEngine, staged: Staged, settings: Settings) -> tuple[set[str], list[Fault]]:
    columns = [column for column in staged.table.columns if column.name in staged.types]
    casts = [lake_cast(staged, column, settings) for column in columns]
    if not casts:
        return set(), []
    members = [cast for cast in casts if settings.masks and is_member(cast.column)]
    try:
        # people type contact data into regions and channels too: looked for in the same pass
        asked = [f"count({cast.text})" for cast in casts]
        asked += [f"count(CASE WHEN {suspect_sql(cast.sql)} THEN 1 END)" for cast in members]
        counts = engine.execute(f"SELECT {', '.join(asked)} FROM ({staged.query})").fetchall()[0]
        hide = {
            cast.column.name
            for cast, some in zip(members, counts[len(casts) :], strict=True)
            if some
        }
        cells = [
            f"{masked_sql(cast.sql, checked=False) if cast.column.name in hide else cast.sql} AS"
            f" {quoted(cast.column.name)}"
            for cast in casts
        ]
        kept = ", ".join([*cells, *HIDDEN])
        engine.execute(
            f"CREATE VIEW book.{staged.table.name} AS SELECT {kept} FROM ({staged.query})"
        )
        for cast, count in zip(casts, counts, strict=False):
            cast.counted = count
        faults = unread_values(engine, staged, casts, set())
    except SparkRefused as error:
        staged.problems.append(
            Problem(
                found=say("cannot be read on Spark: {error}", error=error),
                expected=say("a table whose columns have the types of the contract"),
                try_=say("look at the mapping, and at the table in the lake"),
                table=staged.table.name,
                file=staged.label,
            )
        )
        return set(), []
    return {cast.column.name for cast in casts}, faults


def _references(
    engine: SparkEngine,
    near: dict[str, Staged],
    far: dict[str, Staged],
    given: Given,
    settings: Settings,
) -> tuple[list[Problem], Warned]:
    """Ids of this machine's tables that no row of the lake has."""
    problems: list[Problem] = []
    fired: Warned = []
    there = {name: given[name] for name in far}
    for table in near.values():
        errors, warnings = reference_problems(engine, table, given, there, settings)
        problems += [*errors, *(problem for _, problem in warnings)]
        fired += warnings
    return problems, fired
