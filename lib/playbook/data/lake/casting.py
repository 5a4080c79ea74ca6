"""How columns of a lake are read: they carry types, so nothing is guessed."""

from __future__ import annotations

from playbook.base.formats import listing
from playbook.base.language import later, say
from playbook.base.privacy import masked_sql
from playbook.base.settings import Settings
from playbook.data.cast import DAY_KINDS, NUMERIC, WITH_ZONE, Cast, choices_of
from playbook.data.databases import quoted
from playbook.data.staged import Staged
from playbook.data.table_specs import is_free_text
from playbook.data.tables import SQL_TYPE, ColumnSpec
from playbook.data.values import NO, YES, one_of
from playbook.data.worked_out import literal

DAY = r"\d{4}-\d{2}-\d{2}([ T].*)?"
MONTH = r"\d{4}-\d{2}(-\d{2}([ T].*)?)?"


def lake_cast(staged: Staged, column: ColumnSpec, settings: Settings) -> Cast:
    """SQL of one column: typed columns as they are, texts where they hold ISO days, plain numbers
    or the words of the contract; whatever else is there is named as unreadable.
    """
    c, kind = quoted(column.name), staged.types[column.name]
    choices = choices_of(staged.table.name, column, settings)
    if column.kind in DAY_KINDS:
        sql = _day(c, kind, column, settings)
        return Cast(
            column, c, sql, expects=(say("an ISO day, 2023-04-03, or a column of dates"), say(_TRY))
        )
    if column.kind == "flag":
        return Cast(column, c, _flag(c, kind), expects=(say("yes or no"), say(_TRY)))
    if column.kind in ("text", "period"):
        text = f"CAST({c} AS VARCHAR)"
        if not choices:
            free = is_free_text(column) and settings.masks
            return Cast(column, c, masked_sql(text, checked=False) if free else text)
        words = listing(list(choices), most=len(choices))
        return Cast(column, c, _word(text, choices), expects=(f"one of {words}", _TRY))
    numeric = kind in NUMERIC or kind.startswith("DECIMAL")
    whole = column.kind in ("count", "year")
    value = c if numeric else f"TRY_CAST(trim({c}) AS {'DECIMAL(38,6)' if whole else 'DOUBLE'})"
    if not numeric and column.kind == "money":
        value = f"TRY_CAST(trim({c}) AS DECIMAL(38,6))"
    if kind in ("FLOAT", "DOUBLE") or (not numeric and column.kind not in ("money",) and not whole):
        value = f"CASE WHEN abs({value}) < 1e300 THEN {value} END"
    if whole:
        value = f"CASE WHEN {value} = round({value}) THEN {value} END"
    sql = f"TRY_CAST({value} AS {SQL_TYPE[column.kind]})"
    return Cast(column, c, sql, expects=(say("a number"), say(_TRY)))


_TRY = later("give the column its type in the lake, or a view that does")


def _day(c: str, kind: str, column: ColumnSpec, settings: Settings) -> str:
    to = SQL_TYPE[column.kind]
    zone = settings.book.time_zone
    if kind == WITH_ZONE:  # an instant: its day is that of the book's zone
        c = f"CAST(timezone('{zone or 'UTC'}', {c}) AS TIMESTAMP)"
    elif kind == "VARCHAR":
        form = MONTH if column.kind == "month" else DAY
        full = f"CASE WHEN length({c}) = 7 THEN concat({c}, '-01') ELSE {c} END"
        text = full if column.kind == "month" else c
        c = f"CASE WHEN regexp_full_match({c}, '{form}') THEN TRY_CAST({text} AS TIMESTAMP) END"
    elif kind != "DATE" and not kind.startswith("TIMESTAMP"):
        return f"CAST(NULL AS {to})"
    moment = f"date_trunc('month', {c})" if column.kind == "month" else c
    return f"CAST({moment} AS {to})"


def _flag(c: str, kind: str) -> str:
    if kind == "BOOLEAN":
        return c
    text = f"trim(CAST({c} AS VARCHAR))"
    return f"CASE WHEN {one_of(text, YES)} THEN TRUE WHEN {one_of(text, NO)} THEN FALSE END"


def _word(text: str, choices: tuple[str, ...]) -> str:
    plain = f"lower(trim({text}))"
    cases = " ".join(
        f"WHEN {plain} = {literal(choice.lower())} THEN {literal(choice)}" for choice in choices
    )
    return f"CASE {cases} END"
