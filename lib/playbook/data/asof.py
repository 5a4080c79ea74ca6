"""What a table looked like on a day: later rows absent, values learnt later missing, deals decided later still open."""

from __future__ import annotations

from datetime import date

from playbook.base.periods import Month, fiscal_year
from playbook.base.settings import Settings

from .tables import LEARNT, SQL_TYPE, TABLES


def as_of_query(name: str, as_of: date, given: dict[str, set[str]], settings: Settings) -> str:
    """SQL for table ``name`` as of ``as_of``, over the checked tables ``given`` (table → columns it really has)."""
    day = f"DATE '{as_of:%Y-%m-%d}'"
    if name == "opportunities":
        return _opportunities(day, given, settings)
    columns = ", ".join(_column(name, column, day, given[name], settings) for column in _shown(name, settings))
    return f"SELECT {columns} FROM book.{name} WHERE {_known(name, as_of, day, given[name], settings)}"


def _shown(name: str, settings: Settings) -> list[str]:
    show = settings.privacy.show_personal
    return [column.name for column in TABLES[name].columns if show or not column.personal]


def _column(name: str, column: str, day: str, have: set[str], settings: Settings) -> str:
    if column not in have:
        return f'CAST(NULL AS {SQL_TYPE[TABLES[name][column].kind]}) AS "{column}"'
    for learnt_on, columns in LEARNT.get(name, {}).items():
        if column in columns and learnt_on in have:
            return f'CASE WHEN "{learnt_on}" > {day} THEN NULL ELSE "{column}" END AS "{column}"'
    return f'"{column}"'


def _known(name: str, as_of: date, day: str, have: set[str], settings: Settings) -> str:
    """Condition under which a row is known. A row without a date is known: nothing says it is from the future."""
    conditions = []
    known = TABLES[name].known
    if known in have:
        conditions.append(f'("{known}" IS NULL OR CAST("{known}" AS DATE) <= {day})')
    if name == "activities" and "recorded_at" in have:
        conditions.append(f'("recorded_at" IS NULL OR CAST("recorded_at" AS DATE) <= {day})')
    if name == "market":
        conditions.append(f'"year" <= {as_of.year}')
    if name == "targets":
        first, _ = fiscal_year(Month.of(as_of), settings.book.fiscal_year_start)
        conditions.append(f"CAST(left(period, 4) AS INTEGER) <= {first.year}" if settings.book.fiscal_year_start == 1 else
                          f"period < '{first + 12}'")
    return " AND ".join(conditions) or "TRUE"


def _opportunities(day: str, given: dict[str, set[str]], settings: Settings) -> str:
    """Deals as known: decided after the day = still open, in the last stage entered by then, its final amount not yet known."""
    have = given["opportunities"]
    closed = "closed" if "closed" in have else "CAST(NULL AS DATE)"
    created = "created" if "created" in have else "CAST(NULL AS DATE)"
    if "stage_events" in given:
        events = f"""LEFT JOIN (
            SELECT opportunity_id AS event_id, min(CAST(entered_at AS DATE)) AS first_event,
                   arg_max(stage, entered_at) FILTER (CAST(entered_at AS DATE) <= {day}) AS last_stage
            FROM book.stage_events GROUP BY opportunity_id) e ON e.event_id = o.opportunity_id"""
        first_event, last_stage = "e.first_event", "e.last_stage"
    else:
        events, first_event, last_stage = "", "CAST(NULL AS DATE)", "CAST(NULL AS VARCHAR)"
    first = settings.book.stages[0].replace("'", "''")
    special = {
        "outcome": f"CASE WHEN {closed} > {day} THEN 'open' ELSE outcome END AS outcome",
        "stage": f"CASE WHEN {closed} <= {day} OR (outcome <> 'open' AND {closed} IS NULL) THEN stage "
                 f"ELSE coalesce({last_stage}, CASE WHEN {closed} > {day} THEN '{first}' ELSE stage END) END AS stage",
    }
    columns = ", ".join(special.get(column) or _column("opportunities", column, day, have, settings)
                        for column in _shown("opportunities", settings))
    known_on = f"coalesce({created}, {first_event}, {closed})"
    return f"SELECT {columns} FROM book.opportunities o {events} WHERE {known_on} IS NULL OR {known_on} <= {day}"
