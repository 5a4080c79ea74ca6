"""How one column is read: the SQL for its text, its quick and its full value."""

from __future__ import annotations

from dataclasses import dataclass

from playbook.base.settings import Settings

from . import dates, values
from .currency_codes import code_sql
from .databases import quoted
from .staged import Staged
from .tables import SQL_TYPE, ColumnSpec

DAY_KINDS = ("day", "time", "month")


DECIMAL_KINDS = ("money", "number", "count", "share", "score")


NUMERIC = (
    "TINYINT",
    "SMALLINT",
    "INTEGER",
    "BIGINT",
    "HUGEINT",
    "UTINYINT",
    "USMALLINT",
    "UINTEGER",
    "UBIGINT",
    "FLOAT",
    "DOUBLE",
)


WITH_ZONE = "TIMESTAMP WITH TIME ZONE"


LOST = "lost"  # a lost deal may stand in the stage it was lost in, or in this one


@dataclass
class Cast:
    """How one column is read: ``text`` is SQL for its value as a text that is really there, ``sql``
    for the value we keep.

    ``full`` is the slower SQL that understands every accepted way of writing; it takes over when
    ``sql`` leaves values unread.
    """

    column: ColumnSpec
    text: str
    sql: str
    full: str = ""
    counted: int = 0  # values given
    expects: tuple[str, str] = ("", "")  # expected and try of a cell that cannot be read
    typed: bool = False
    keeps_words: bool = False  # a text: NA, None and - are words like any other

    @property
    def is_textual_day(self) -> bool:
        return self.column.kind in DAY_KINDS and not self.typed


def choices_of(table: str, column: ColumnSpec, settings: Settings) -> tuple[str, ...]:
    """The closed vocabulary of a column; stages come from the settings."""
    if table in ("opportunities", "stage_events") and column.name == "stage":
        stages = tuple(settings.book.stages)
        return stages if LOST in stages else (*stages, LOST)
    return column.choices


def source_zone(staged: Staged) -> str:
    """Zone of the source's moments that name no offset; empty when they are taken as written."""
    return staged.source.settings.zone if staged.source else ""


def cast_of(staged: Staged, column: ColumnSpec, settings: Settings) -> Cast:
    c, type_, choices = (
        quoted(column.name),
        staged.types[column.name],
        choices_of(staged.table.name, column, settings),
    )
    numeric = type_ in NUMERIC or type_.startswith("DECIMAL")
    if column.kind in DAY_KINDS and (type_ == "DATE" or type_.startswith("TIMESTAMP")):
        moved = source_zone(staged) and type_ != "DATE"
        if column.kind != "month" and type_ == SQL_TYPE[column.kind] and not moved:
            return Cast(column, c, c, typed=True)
        c_local = (
            f"timezone('{settings.book.time_zone or 'UTC'}', {c})" if type_ == WITH_ZONE else c
        )
        own, zone = source_zone(staged), settings.book.time_zone
        if own and zone and type_.startswith("TIMESTAMP") and type_ != WITH_ZONE:
            c_local = f"timezone('{zone}', timezone('{own}', {c}))"
        moment = f"date_trunc('month', {c_local})" if column.kind == "month" else c_local
        return Cast(column, c, f"CAST({moment} AS {SQL_TYPE[column.kind]})", typed=True)
    if numeric and column.kind in ("money", "number", "share", "score"):
        finite = f"CASE WHEN isfinite({c}) THEN {c} END" if type_ in ("FLOAT", "DOUBLE") else c
        return Cast(column, finite, f"TRY_CAST({finite} AS {SQL_TYPE[column.kind]})", typed=True)
    if column.kind == "flag" and type_ == "BOOLEAN":
        return Cast(column, c, c, typed=True)
    if type_ != "VARCHAR":
        whole = (
            f"CASE WHEN isfinite({c}) AND {c} = round({c}) AND abs({c}) < 1e18 THEN CAST(CAST({c}"
            f" AS BIGINT) AS VARCHAR) ELSE CAST({c} AS VARCHAR) END"
        )
        c = whole if type_ in ("FLOAT", "DOUBLE") else f"CAST({c} AS VARCHAR)"
    elif column.kind in DECIMAL_KINDS and staged.source and staged.source.settings.decimal == ",":
        c = c if column.name in staged.pointed else values.pointed(c)
    if column.kind == "text" and not choices:
        return Cast(column, c, c, c, keeps_words=True)
    text = f"({values.given(c)})"
    if column.kind in DAY_KINDS:
        quick = "CAST(NULL AS DATE)" if source_zone(staged) else dates.iso(c, column.kind)
        return Cast(column, text, quick)
    home = settings.book.currency
    if column.kind == "money" and "currency" in staged.types:
        code = code_sql(f"coalesce(CAST(currency AS VARCHAR), '{home}')", home)
        other = values.of_other_currency(text, code)
        full = values.parse(text, column, values.ANY, choices)
        full = f"CASE WHEN NOT ({other}) THEN {full} END"
    else:
        full = values.parse(text, column, home, choices)
    return Cast(
        column,
        text,
        values.quick(text if choices else c, column, choices),
        full,
        expects=values.expected(column, settings.book.currency, choices),
    )
