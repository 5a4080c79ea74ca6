"""Wide sheets turned long: months, regions or people that head columns become rows; total columns
and total rows are left out, and named.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import duckdb

from playbook.base.errors import Problem, did_you_mean
from playbook.base.formats import joined, listing, plural
from playbook.base.language import say
from playbook.base.settings import LongSettings, TableSettings
from playbook.base.settings.mapping import listed

from . import values
from .databases import quoted
from .period_names import period_name
from .source import RawSource
from .stray_rows import TOTAL_WORDS
from .table_specs import TableSpec
from .worked_out import Terms, literal, number

MORE_TOTALS = (
    "all",
    "overall",
    "year total",
    "full year",
    "ytd",
    "全年",
    "全部",
    "年度合计",
    "累计",
)


@dataclass
class Turned:
    """The relation turned long, its columns' types, and which of ours came of the headers."""

    relation: str
    types: dict[str, str]
    names: dict[str, str] = field(default_factory=dict)  # ours → column of the relation
    problems: list[Problem] = field(default_factory=list)


def turned_long(
    connection: duckdb.DuckDBPyConnection,
    table: TableSpec,
    mapping: TableSettings,
    relation: str,
    terms: Terms,
) -> Turned:
    """The rows of ``relation`` once for every header that ``[tables.…] long`` names and whose cell
    is filled.
    """
    long, source = mapping.long, terms.source
    assert long is not None
    heads, problems = _heads(table, mapping, long, source)
    if not heads or any(problem.severity == "error" for problem in problems):
        return Turned(relation, {}, {}, problems)
    heads, totals = _without_totals(connection, heads, relation, terms)
    kept = [name for name in source.columns if name not in heads and name not in totals]
    rows, dropped = _total_rows(connection, heads, kept, relation, terms)
    problems += _told(totals, dropped, source, table)
    same = len({source.columns[name] for name in heads}) == 1
    cells = [quoted(n) if same else f"CAST({quoted(n)} AS VARCHAR)" for n in heads]
    ours = listed(long.name)
    columns = {name: f"{name} (header)" for name in ours} | {long.value: f"{long.value} (cell)"}
    parts = [
        f"unnest([{', '.join(literal(names[i]) for names in heads.values())}]) AS"
        f" {quoted(columns[name])}"
        for i, name in enumerate(ours)
    ]
    picked = ", ".join(["_file", "_row", *map(quoted, kept), *parts])
    value = quoted(columns[long.value])
    query = (
        f"(SELECT * FROM (SELECT {picked}, unnest([{', '.join(cells)}]) AS {value} FROM {relation}"
        f" AS s WHERE NOT coalesce({rows}, FALSE)) WHERE {value} IS NOT NULL)"
    )
    types = {name: source.columns[name] for name in kept}
    types |= dict.fromkeys((columns[name] for name in ours), "VARCHAR")
    types[columns[long.value]] = source.columns[next(iter(heads))] if same else "VARCHAR"
    return Turned(query, types, columns, problems)


def _heads(
    table: TableSpec, mapping: TableSettings, long: LongSettings, source: RawSource
) -> tuple[dict[str, list[str]], list[Problem]]:
    """Header → what each of our name columns takes from it, and what is wrong."""
    ours = listed(long.name)
    unknown = [name for name in (*ours, long.value) if name not in table.names]
    problems = [
        _problem(
            table,
            source,
            say("long names '{n}', no column of {table}", n=n, table=table.name),
            did_you_mean(n, table.names),
        )
        for n in unknown
    ]
    mapped = {header for column in mapping.columns.values() for header in column.headers()}
    free = [name for name in source.columns if name not in mapped]
    found: dict[str, list[str]] = {}
    if isinstance(long.headers, list):
        problems += [
            _problem(
                table,
                source,
                say("the source has no column '{column}'", column=h),
                did_you_mean(h, source.columns),
            )
            for h in long.headers
            if h not in source.columns
        ]
        found = {h: [h] for h in long.headers if h in source.columns}
    elif long.headers == "*":
        found = {h: [h] for h in free}
    else:
        for header in free:
            if hit := re.fullmatch(long.headers, header):
                found[header] = [part or "" for part in (hit.groups() or (header,))][: len(ours)]
    if unknown or problems:
        return {}, problems
    if not found or any(len(parts) < len(ours) for parts in found.values()):
        words = (
            say("no header fits long.headers")
            if not found
            else say("long.name has more parts than the pattern has groups")
        )
        headers = say("headers: {headers}", headers=listing(free, most=8))
        return {}, [_problem(table, source, words, headers)]
    return _dated(table, long, source, found)


def _dated(
    table: TableSpec, long: LongSettings, source: RawSource, found: dict[str, list[str]]
) -> tuple[dict[str, list[str]], list[Problem]]:
    """Headers that are periods in our writing; others are totals (kept for now) or wrong."""
    wrong = []
    for i, name in enumerate(listed(long.name)):
        if table[name].kind not in ("period", "month", "year"):
            continue
        for header, parts in found.items():
            if period := period_name(parts[i], long.year):
                parts[i] = period
            elif not _says_total(header):
                wrong.append(header)
    if not wrong:
        return found, []
    found_ = say(
        "{headers} {en_are} no period of a known year",
        headers=listing(wrong, most=4),
        en_are="is" if len(wrong) == 1 else "are",
    )
    hint = say("give year = 2023 in long where headers are months alone; or name headers as a list")
    return {}, [_problem(table, source, found_, hint)]


def _without_totals(
    connection: duckdb.DuckDBPyConnection,
    heads: dict[str, list[str]],
    relation: str,
    terms: Terms,
) -> tuple[dict[str, list[str]], list[str]]:
    """Headers without those that say total, or whose cells add up all others in every row."""
    totals = [name for name in heads if _says_total(name)]
    rest = [name for name in heads if name not in totals]
    periods = all(period_name(name, 2000) for name in rest)  # a quarter adds up its months
    if len(rest) > 2 and not periods:
        cells = {name: f"coalesce({number(name, terms)}, 0)" for name in rest}
        whole = " + ".join(cells.values())
        sums = ", ".join(
            f"coalesce(bool_and(abs(2 * ({c}) - ({whole})) < 0.02) AND max(abs({c})) > 0, FALSE)"
            for c in cells.values()
        )
        adds = connection.execute(f"SELECT {sums} FROM {relation} AS s").fetchall()[0]
        totals += [name for name, yes in zip(rest, adds, strict=True) if yes]
    return {n: parts for n, parts in heads.items() if n not in totals}, totals


def _total_rows(
    connection: duckdb.DuckDBPyConnection,
    heads: dict[str, list[str]],
    kept: list[str],
    relation: str,
    terms: Terms,
) -> tuple[str, int]:
    """Condition of rows that say total in a text column and add up the others (or leave the other
    texts empty), and how many there are.
    """
    texts = [name for name in kept if terms.types.get(name) == "VARCHAR"]
    if not texts or not heads:
        return "FALSE", 0
    says = " OR ".join(
        f"coalesce({values.one_of(f'trim({quoted(t)})', _total_words())}, FALSE)" for t in texts
    )
    first = number(next(iter(heads)), terms)
    total = f"(SELECT sum({first}) FROM {relation} AS s)"
    gaps = " AND ".join(
        f"({quoted(t)} IS NULL OR {values.one_of(f'trim({quoted(t)})', _total_words())})"
        for t in texts
    )
    condition = f"(({says}) AND (({gaps}) OR abs(2 * ({first}) - {total}) < 0.02))"
    count = connection.execute(
        f"SELECT count(*) FROM {relation} AS s WHERE {condition}"
    ).fetchall()[0][0]
    return condition if count else "FALSE", count


def _total_words() -> tuple[str, ...]:
    words = (*TOTAL_WORDS, *MORE_TOTALS)
    return (*words, *(f"{word}{colon}" for word in words for colon in ":："))


def _says_total(header: str) -> bool:
    plain = header.strip().casefold().rstrip(":：")
    return plain in (*TOTAL_WORDS, *MORE_TOTALS) or bool(
        re.search(r"\b(grand |sub)?totals?\b|合计|总计|小计|合計", plain)
    )


def _told(totals: list[str], rows: int, source: RawSource, table: TableSpec) -> list[Problem]:
    said = (
        [
            say(
                "the total {en_columns} {totals}",
                en_columns="columns" if len(totals) > 1 else "column",
                totals=listing(totals),
            )
        ]
        if totals
        else []
    )
    said += [plural(rows, "total row")] if rows else []
    if not said:
        return []
    return [
        Problem(
            found=say("{said} left out of the sheet turned long", said=joined(said, " and ")),
            expected=say("cells that are counted once"),
            try_=say(
                "nothing, if they are sums of the others; else name the columns in long.headers"
            ),
            severity="warning",
            table=table.name,
            file=source.label,
        )
    ]


def _problem(table: TableSpec, source: RawSource, found: str, try_: str) -> Problem:
    return Problem(
        found=found,
        expected=say("long = { headers = …, name = our column, value = our column }"),
        try_=try_,
        table=table.name,
        file=source.label,
    )
