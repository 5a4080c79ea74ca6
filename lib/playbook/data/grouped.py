"""Several rows of a source made one: lines of an order, days of a month."""

from __future__ import annotations

from dataclasses import replace

import duckdb

from playbook.base.errors import Problem, did_you_mean
from playbook.base.formats import plural
from playbook.base.language import say
from playbook.base.settings import Settings, TableSettings

from . import values
from .databases import quoted
from .staged import HIDDEN, Staged

TEXTS = ("text", "flag")  # kinds in which a group may differ: the column is then left empty


def grouped(
    connection: duckdb.DuckDBPyConnection,
    staged: Staged,
    mapping: TableSettings,
    settings: Settings,
) -> Staged:
    """The staged rows with one row for each set of values of ``group``: columns of ``sum`` added
    up, others with the one value their rows have. Where they have several, texts are left empty and
    it is said; numbers and days are refused.
    """
    if not mapping.group:
        return staged
    if problems := _unknown(staged, mapping):
        return replace(staged, problems=[*staged.problems, *problems])
    keys = [name for name in staged.types if name in mapping.group]
    rest = [name for name in staged.types if name not in keys]
    picked = [quoted(name) for name in keys]
    for name in rest:
        c = quoted(name)
        if name in mapping.sum:
            picked.append(f"{_sum(staged, name, settings)} AS {c}")
        else:
            alike = f"CASE WHEN count(DISTINCT {c}) = 1 THEN min({c}) END"
            kept = alike if staged.table[name].kind in TEXTS else f"min({c})"
            picked.append(f"{kept} AS {c}")
    named = ", ".join(map(quoted, keys))
    alone = f"CASE WHEN {' OR '.join(f'{quoted(k)} IS NULL' for k in keys)} THEN _row END"
    places = ", ".join(f"min({name}) AS {name}" for name in HIDDEN)
    query = f"SELECT {', '.join(picked)}, {places} FROM ({staged.query}) GROUP BY {named}, {alone}"
    problems = _differing(connection, staged, mapping, keys, rest, named)
    stored = f"stage.{quoted(f'{staged.table.name} grouped')}"
    connection.execute(f"CREATE OR REPLACE TABLE {stored} AS {query}")
    types = {**staged.types, **dict.fromkeys((n for n in rest if n in mapping.sum), "VARCHAR")}
    return replace(
        staged,
        query=f"SELECT * FROM {stored}",
        types=types,
        problems=[*staged.problems, *problems],
        pointed=staged.pointed | set(mapping.sum),
    )


def _unknown(staged: Staged, mapping: TableSettings) -> list[Problem]:
    return [
        Problem(
            found=say("group or sum names '{name}', which is not mapped", name=name),
            expected=say("columns of {name} that are there", name=staged.table.name),
            try_=did_you_mean(name, list(staged.types)),
            table=staged.table.name,
            file=staged.label,
        )
        for name in (*mapping.group, *mapping.sum)
        if name not in staged.types
    ]


def _sum(staged: Staged, name: str, settings: Settings) -> str:
    """SQL: the sum as text; where a cell is no number, the cells as they stand, to be refused."""
    c = quoted(name)
    if staged.types[name] != "VARCHAR":
        return f"CAST(sum({c}) AS VARCHAR)"
    text = f"({values.given(c)})"
    comma = staged.source and staged.source.settings.decimal == "," and name not in staged.pointed
    exact = values.money(
        values.narrow(values.pointed(text) if comma else text), settings.book.currency
    )
    return (
        f"CASE WHEN count({text}) > count({exact}) THEN string_agg({c}, ' + ') ELSE"
        f" CAST(sum({exact}) AS VARCHAR) END"
    )


def _differing(
    connection: duckdb.DuckDBPyConnection,
    staged: Staged,
    mapping: TableSettings,
    keys: list[str],
    rest: list[str],
    named: str,
) -> list[Problem]:
    others = [name for name in rest if name not in mapping.sum]
    if not others:
        return []
    counts = ", ".join(f"count(*) FILTER (n{i} > 1)" for i in range(len(others)))
    inner = ", ".join(f"count(DISTINCT {quoted(name)}) AS n{i}" for i, name in enumerate(others))
    found = connection.execute(
        f"SELECT {counts} FROM (SELECT {inner} FROM ({staged.query}) WHERE"
        f" {' AND '.join(f'{quoted(k)} IS NOT NULL' for k in keys)} GROUP BY {named})"
    ).fetchall()[0]
    problems = []
    for name, count in zip(others, found, strict=True):
        if not count:
            continue
        words = staged.table[name].kind in TEXTS
        problems.append(
            Problem(
                found=say(
                    "{groups} of {keys} with several values of {name}: left empty there",
                    groups=plural(count, "group"),
                    keys=" + ".join(keys),
                    name=name,
                )
                if words
                else say(
                    "{groups} of {keys} with several values of {name}",
                    groups=plural(count, "group"),
                    keys=" + ".join(keys),
                    name=name,
                ),
                expected=say("one value in all rows of a group"),
                try_=say("leave group out to keep the rows apart")
                if words
                else say(
                    "add {name} to sum, or take it once: {{ column = …, once = … }}", name=name
                ),
                severity="warning" if words else "error",
                table=staged.table.name,
                column=name,
                file=staged.label,
                count=count,
            )
        )
    return problems
