"""One of our columns from one or several of theirs, as SQL over a source's relation.

What cannot be worked out from cells that are filled (a product of a word, a duration nobody can
read) gives the cells as they stand, so that reading refuses them with their row; it never gives a
missing value.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from playbook.base.settings import ColumnMapping
from playbook.base.settings.mapping import listed

from . import dates, durations, values
from .databases import quoted
from .source import RawSource

EXACT = "DECIMAL(18,6)"  # of operands; results are rounded to the same


@dataclass
class Terms:
    """What expressions over one source need: its columns' types, the book's currency, and the
    other sources.
    """

    source: RawSource
    types: dict[str, str]
    currency: str
    others: dict[str, RawSource | None] = field(default_factory=dict)


def expression(ours: str, mapping: ColumnMapping, terms: Terms) -> str:
    """SQL for our column ``ours``."""
    if mapping.value is not None:
        return _constant(mapping.value)
    if mapping.id:
        return _joined(mapping.id, terms)
    if mapping.row is not None:
        return _of_row(mapping.row, terms)
    if mapping.from_name:
        return _of_name(mapping.from_name, terms.source)
    if mapping.look_up:
        return _looked_up(mapping, terms)
    if mapping.once:
        return quoted(once_name(ours))
    if mapping.times or mapping.times == 0 or mapping.plus or mapping.minus or mapping.negative:
        return _arithmetic(mapping, terms)
    cell = first_filled(listed(mapping.column), terms)
    if mapping.match:
        pattern, text = literal(mapping.match), f"CAST({cell} AS VARCHAR)"
        return f"nullif(trim(regexp_extract({text}, {pattern}, {mapping.part})), '')"
    if mapping.after:
        return _later(cell, mapping, terms)
    return cell


def is_number(mapping: ColumnMapping) -> bool:
    """Whether the result is a number in our own writing, whatever the source's decimal mark."""
    worked = mapping.times or mapping.times == 0 or mapping.plus or mapping.minus
    return bool(worked or mapping.once or mapping.negative) or mapping.value is not None


def literal(text: str) -> str:
    """A text as SQL writes it."""
    return "'" + text.replace("'", "''") + "'"


def as_text(header: str, terms: Terms) -> str:
    c = quoted(header)
    return c if terms.types.get(header) == "VARCHAR" else f"CAST({c} AS VARCHAR)"


def first_filled(headers: list[str], terms: Terms) -> str:
    """SQL: the first of the columns that holds something, typed where all are alike."""
    if len(headers) == 1:
        return quoted(headers[0])
    kinds = {terms.types.get(header) for header in headers}
    cells = [
        f"nullif({as_text(h, terms)}, '')" if kinds != {terms.types.get(h)} else quoted(h)
        for h in headers
    ]
    return f"coalesce({', '.join(cells)})"


def once_name(ours: str) -> str:
    """Name of the column that ``shared`` adds for our column."""
    return f"{ours} shared"


def _constant(value: str | float | bool) -> str:
    if isinstance(value, bool):
        return "'true'" if value else "'false'"
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return literal(str(value)) if str(value) else "CAST(NULL AS VARCHAR)"


def _joined(headers: list[str], terms: Terms) -> str:
    parts = [f"trim({as_text(header, terms)})" for header in headers]
    cells = ", ".join(f"coalesce({part}, '')" for part in parts)
    return f"CASE WHEN coalesce({', '.join(parts)}) IS NOT NULL THEN concat_ws('-', {cells}) END"


def _of_row(prefix: str, terms: Terms) -> str:
    """The row's cells as twelve hexadecimal digits: the same row has the same id in the next
    export. Equal rows are numbered, but for tables read in place.
    """
    cells = ", ".join(f"coalesce({as_text(header, terms)}, '')" for header in terms.types)
    digits = f"left(md5(concat_ws(chr(31), {cells})), 12)"
    if terms.source.lazy:
        return f"{literal(prefix)} || {digits}"
    again = f"row_number() OVER (PARTITION BY {digits} ORDER BY _file, _row)"
    number = f"CASE WHEN {again} > 1 THEN '-' || {again} ELSE '' END"
    return f"{literal(prefix)} || {digits} || {number}"


def _of_name(kind: str, source: RawSource) -> str:
    names = [
        file.get("sheet", "") if kind == "sheet" else Path(file["file"]).stem
        for file in source.files
    ]
    cases = " ".join(f"WHEN {i} THEN {literal(name)}" for i, name in enumerate(names) if name)
    return f"CASE _file {cases} END" if cases else "CAST(NULL AS VARCHAR)"


def _looked_up(mapping: ColumnMapping, terms: Terms) -> str:
    other = terms.others[mapping.look_up]
    assert other is not None  # its absence was a problem before
    own = zip(listed(mapping.by), listed(mapping.key), strict=True)
    same = " AND ".join(
        f"trim(CAST(l.{quoted(key)} AS VARCHAR)) = trim(CAST(s.{quoted(by)} AS VARCHAR))"
        for by, key in own
    )
    return f"(SELECT min(l.{quoted(mapping.give)}) FROM {other.relation} l WHERE {same})"


def number(header: str, terms: Terms) -> str:
    """SQL: the cell as an exact number, however it is written; missing when it is none."""
    kind, c = terms.types.get(header, ""), quoted(header)
    if kind != "VARCHAR":
        finite = f"CASE WHEN isfinite({c}) THEN {c} END" if kind in ("FLOAT", "DOUBLE") else c
        return f"TRY_CAST({finite} AS {EXACT})"
    text = f"({values.given(c)})"
    if terms.source.settings.decimal == ",":
        text = values.pointed(text)
    return f"TRY_CAST({values.money(values.narrow(text), terms.currency)} AS {EXACT})"


def _arithmetic(mapping: ColumnMapping, terms: Terms) -> str:
    factors = [mapping.times] if isinstance(mapping.times, (str, float)) else list(mapping.times)
    first, plus, minus = listed(mapping.column), listed(mapping.plus), listed(mapping.minus)
    named = [*first, *(f for f in factors if isinstance(f, str)), *plus, *minus]
    parts = [_operand(first, terms)] if first else []
    parts += [number(f, terms) if isinstance(f, str) else f"{f!r}::{EXACT}" for f in factors]
    product = parts[0] if parts else ""
    for part in parts[1:]:
        product = f"TRY_CAST({product} * {part} AS {EXACT})"
    sums = [product] if product else []
    sums += [f"coalesce({number(h, terms)}, 0)" for h in plus]
    total = " + ".join(sums) + "".join(f" - coalesce({number(h, terms)}, 0)" for h in minus)
    if mapping.negative:
        total = f"CASE WHEN {_told(mapping.negative, terms)} THEN -abs({total}) ELSE {total} END"
    if all(terms.types.get(h) != "VARCHAR" for h in named):  # numbers already: nothing to read
        typed = f"CAST({total} AS {EXACT})".replace("TRY_CAST", "CAST")
        added = ", ".join(quoted(h) for h in plus) if not product else ""
        return f"CASE WHEN coalesce({added}) IS NOT NULL THEN {typed} END" if added else typed
    filled = {h: f"nullif(trim({as_text(h, terms)}), '')" for h in named}
    unread = " OR ".join(
        f"({values.given(text)} IS NOT NULL AND {number(h, terms)} IS NULL)"
        for h, text in filled.items()
    )
    asis = f"concat_ws(' ; ', {', '.join(filled.values())})"
    nothing = f"coalesce({', '.join(filled[h] for h in plus)}) IS NULL" if not product else "FALSE"
    result = f"CAST(TRY_CAST({total} AS {EXACT}) AS VARCHAR)"
    return f"CASE WHEN {unread} THEN {asis} WHEN {nothing} THEN NULL ELSE {result} END"


def _told(words: dict[str, list[str]], terms: Terms) -> str:
    """SQL: whether one of the columns holds one of its words, whatever their case."""
    return (
        " OR ".join(
            f"coalesce(lower(trim({as_text(header, terms)})) IN"
            f" ({', '.join(literal(word.strip().lower()) for word in some)}), FALSE)"
            for header, some in words.items()
            if some
        )
        or "FALSE"
    )


def _operand(headers: list[str], terms: Terms) -> str:
    cells = [number(header, terms) for header in headers]
    return cells[0] if len(cells) == 1 else f"coalesce({', '.join(cells)})"


def _later(cell: str, mapping: ColumnMapping, terms: Terms) -> str:
    text, length = f"CAST({cell} AS VARCHAR)", f"trim({as_text(mapping.after, terms)})"
    clock = terms.types.get(listed(mapping.column)[0], "")
    moment = (
        f"CAST({cell} AS TIMESTAMP)"
        if clock == "DATE" or clock.startswith("TIMESTAMP")
        else f"coalesce({dates.year_first(text)}, {dates.compact(text)}, {dates.serial(text)})"
    )
    end = durations.later(moment, length, mapping.unit)
    return (
        f"CASE WHEN {cell} IS NULL OR {length} IS NULL THEN NULL WHEN ({end}) IS NULL THEN"
        f" concat_ws(' + ', {text}, {length}) ELSE strftime({end}, '%Y-%m-%d %H:%M:%S') END"
    )


def shared(relation: str, columns: dict[str, ColumnMapping], terms: Terms) -> str:
    """The relation with a column for each total that counts once for several rows: its part of the
    total, in proportion to ``by`` or equally, to the cent; the first row takes what rounding left.
    """
    for ours, mapping in columns.items():
        if not mapping.once:
            continue
        keys = ", ".join(quoted(header) for header in listed(mapping.once))
        total = number(listed(mapping.column)[0], terms)
        weight = f"coalesce(abs({number(listed(mapping.by)[0], terms)}), 0)" if mapping.by else "1"
        whole = f"OVER (PARTITION BY {keys})"
        ends = "ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING"
        first = f"OVER (PARTITION BY {keys} ORDER BY _file, _row {ends})"
        relation = (
            f"(SELECT * EXCLUDE (_t, _w, _tt, _n, _p), CASE WHEN _n = 1 THEN _tt - (sum(_p) {whole}"
            f" - _p) ELSE _p END AS {quoted(once_name(ours))} FROM (SELECT *, CASE WHEN sum(_w)"
            f" {whole} > 0 THEN TRY_CAST(round(CAST(_tt AS DOUBLE) * _w / sum(_w) {whole}, 2) AS"
            f" {EXACT}) ELSE TRY_CAST(round(CAST(_tt AS DOUBLE) / count(*) {whole}, 2) AS {EXACT})"
            f" END AS _p FROM (SELECT *, first_value(_t IGNORE NULLS) {first} AS _tt, row_number()"
            f" OVER (PARTITION BY {keys} ORDER BY _file, _row) AS _n FROM (SELECT *, {total} AS _t,"
            f" {weight} AS _w FROM {relation} AS o))))"
        )
    return relation


def several_totals(relation: str, mapping: ColumnMapping, terms: Terms) -> str:
    """SQL for the number of groups in which the total that should repeat differs, and of cells that
    are no amount.
    """
    keys = ", ".join(quoted(header) for header in listed(mapping.once))
    header = listed(mapping.column)[0]
    c, total = as_text(header, terms), number(header, terms)
    return (
        f"SELECT (SELECT count(*) FROM (SELECT 1 FROM {relation} AS o GROUP BY {keys} HAVING"
        f" count(DISTINCT {total}) > 1)), (SELECT count(*) FROM {relation} AS o WHERE"
        f" {values.given(c)} IS NOT NULL AND {total} IS NULL)"
    )
