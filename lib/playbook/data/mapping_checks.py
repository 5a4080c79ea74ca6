"""What is wrong with the columns that ``[tables.…]`` maps, before any row is read."""

from __future__ import annotations

from collections.abc import Mapping

import duckdb

from playbook.base.errors import Problem, did_you_mean
from playbook.base.formats import joined, plural
from playbook.base.language import say
from playbook.base.settings import ColumnMapping, TableSettings
from playbook.base.settings.mapping import listed

from .databases import quoted
from .source import RawSource
from .staged import values_without_column
from .tables import TableSpec
from .worked_out import Terms, as_text, several_totals


def header_of(mapping: ColumnMapping) -> str:
    """Words for where a column comes from, as problems name it."""
    return mapping.plain or " + ".join(mapping.headers()) or "a constant"


def check_columns(
    table: TableSpec,
    mapping: TableSettings,
    source: RawSource,
    sources: Mapping[str, RawSource | None],
) -> list[Problem]:
    """Columns that are none of ours, and headers that are none of theirs."""
    known = [*table.names, *(column.name for column in table.inputs)]
    problems = []
    for ours, theirs in mapping.columns.items():
        if ours not in known:
            found = say("'{column}' is no column of {name}", column=ours, name=table.name)
            problems.append(_wrong(table, source, ours, found, True, ours, known))
            continue
        for header in theirs.headers():
            if header not in source.columns:
                found = say("the source has no column '{column}'", column=header)
                problems.append(_wrong(table, source, ours, found, False, header, source.columns))
        other = sources.get(theirs.look_up) if theirs.look_up else None
        for header in (*listed(theirs.key), theirs.give) if other else ():
            if other and header not in other.columns:
                found = say(
                    "source {source} has no column '{column}'",
                    source=theirs.look_up,
                    column=header,
                )
                problems.append(_wrong(table, other, ours, found, False, header, other.columns))
    long = [*listed(mapping.long.name), mapping.long.value] if mapping.long else []
    mapped = [*mapping.columns, *long] if mapping.columns or mapping.long else table.names
    derived = ["outcome"] if "stage" in mapped else []
    return problems + values_without_column(table, mapping, [*mapped, *derived], source.label)


def _wrong(
    table: TableSpec,
    source: RawSource,
    ours: str,
    found: str,
    ours_: bool,
    name: str,
    names: object,
) -> Problem:
    return Problem(
        found=found,
        expected=say("a column of the contract") if ours_ else say("a column of the source"),
        try_=did_you_mean(name, list(names)),  # type: ignore[call-overload]
        column=ours,
        table=table.name,
        file=source.label,
    )


def checked_lookups(
    connection: duckdb.DuckDBPyConnection,
    table: TableSpec,
    columns: Mapping[str, ColumnMapping],
    relation: str,
    terms: Terms,
) -> list[Problem]:
    """Look-ups that find two answers (refused) or none (said), cells a pattern does not fit, and
    totals that differ within the rows they are one for.
    """
    problems = []
    for ours, mapping in columns.items():
        if mapping.look_up:
            problems += _looked_up(connection, table, ours, mapping, relation, terms)
        if mapping.match:
            problems += _unmatched(connection, table, ours, mapping, relation, terms)
        if mapping.once:
            several, unread = connection.execute(
                several_totals(relation, mapping, terms)
            ).fetchall()[0]
            words = [say("{groups} with several totals", groups=plural(several, "group"))]
            words = words if several else []
            if unread:
                words.append(say("{totals} that cannot be read", totals=plural(unread, "total")))
            if words:
                problems.append(
                    Problem(
                        found=say(
                            "{header_of}: {words}",
                            header_of=header_of(mapping),
                            words=joined(words, " and "),
                        ),
                        expected=say(
                            "one amount for all rows with the same {listed}",
                            listed=listed(mapping.once)[0],
                        ),
                        try_=say("map an amount of the line, or correct once"),
                        table=table.name,
                        column=ours,
                        file=terms.source.label,
                        count=several + unread,
                    )
                )
    return problems


def _looked_up(
    connection: duckdb.DuckDBPyConnection,
    table: TableSpec,
    ours: str,
    mapping: ColumnMapping,
    relation: str,
    terms: Terms,
) -> list[Problem]:
    other = terms.others[mapping.look_up]
    assert other is not None
    keys = ", ".join(f"trim(CAST({quoted(key)} AS VARCHAR))" for key in listed(mapping.key))
    twice = connection.execute(
        f"SELECT count(*) FROM (SELECT 1 FROM {other.relation} GROUP BY {keys} HAVING"
        f" count(DISTINCT {quoted(mapping.give)}) > 1)"
    ).fetchall()[0][0]
    if twice:
        return [
            Problem(
                found=say(
                    "{keys} of {look_up} with several {give}",
                    keys=plural(twice, "key"),
                    look_up=mapping.look_up,
                    give=mapping.give,
                ),
                expected=say("one answer for each key"),
                try_=say("look up by a column, or columns, that are unique there"),
                table=table.name,
                column=ours,
                file=other.label,
                count=twice,
            )
        ]
    own = [f"trim({as_text(by, terms)})" for by in listed(mapping.by)]
    given = " AND ".join(f"{by} IS NOT NULL" for by in own)
    there = f"SELECT {keys} FROM {other.relation}"
    pair = f"({', '.join(own)})" if len(own) > 1 else own[0]
    count = connection.execute(
        f"SELECT count(*) FROM {relation} AS s WHERE {given} AND {pair} NOT IN ({there})"
        if len(own) == 1
        else f"SELECT count(*) FROM {relation} AS s WHERE {given} AND {pair} NOT IN (SELECT"
        f" ({keys}) FROM {other.relation})"
    ).fetchall()[0][0]
    if not count:
        return []
    return [
        Problem(
            found=say(
                "{rows} whose {listed} is not in {look_up}: {ours} is empty there",
                rows=plural(count, "row"),
                listed=" + ".join(listed(mapping.by)),
                look_up=mapping.look_up,
                ours=ours,
            ),
            expected=say("every key in {look_up}", look_up=mapping.look_up),
            try_=say("add the rows that are missing there, or look for blanks and leading zeros"),
            severity="warning",
            table=table.name,
            column=ours,
            file=terms.source.label,
            count=count,
        )
    ]


def _unmatched(
    connection: duckdb.DuckDBPyConnection,
    table: TableSpec,
    ours: str,
    mapping: ColumnMapping,
    relation: str,
    terms: Terms,
) -> list[Problem]:
    cells = [as_text(header, terms) for header in listed(mapping.column)]
    c = cells[0] if len(cells) == 1 else f"coalesce({', '.join(cells)})"
    pattern = "'" + mapping.match.replace("'", "''") + "'"
    rows = connection.execute(
        f"SELECT {c}, count(*) OVER () FROM {relation} AS s WHERE NOT regexp_matches({c},"
        f" {pattern}) LIMIT 3"
    ).fetchall()
    if not rows:
        return []
    return [
        Problem(
            found=say(
                "{cells} that match = '{match}' does not fit: {ours} is empty there",
                cells=plural(rows[0][1], "cell"),
                match=mapping.match,
                ours=ours,
            ),
            expected=say("a pattern that fits every cell"),
            try_=say("widen the pattern"),
            severity="warning",
            table=table.name,
            column=ours,
            file=terms.source.label,
            count=rows[0][1],
            rows=tuple(str(text)[:80] for text, _ in rows),
        )
    ]
