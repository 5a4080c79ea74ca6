"""What a table looked like on a day: later rows absent, values learnt later missing, deals decided
later still open.

What a table states without a day (a customer's industry, a lead's budget, who owns a task) is taken
as it stands: nothing says
when it became so. Everything that carries a day, or whose day another table gives, is cut at the
as-of date.
"""

from __future__ import annotations

from datetime import date

from playbook.base.periods import Month, fiscal_year
from playbook.base.settings import Settings

from .tables import LEARNT, SQL_TYPE, TABLES

Given = dict[str, set[str]]


def as_of_query(
    name: str, as_of: date, given: Given, settings: Settings, *, places: bool = False
) -> str:
    """SQL for table ``name`` as of ``as_of``, over the checked tables ``given`` (table → columns it
    really has).

    places: also where each row stands in its file (``_file``, ``_row``).
    """
    day = f"DATE '{as_of:%Y-%m-%d}'"
    hidden = ["_file", "_row"] if places else []
    special, joins, condition = (
        _deals(day, given, settings)
        if name == "opportunities"
        else ({}, "", _known(name, as_of, day, given, settings))
    )
    special |= _learnt_elsewhere(name, day, given)
    columns = ", ".join(
        [
            *(
                special.get(column) or _column(name, column, day, given[name])
                for column in [*_shown(name, settings), *_own(name, given, settings)]
            ),
            *hidden,
        ]
    )
    return f"SELECT {columns} FROM book.{name} o {joins} WHERE {condition}"


def _shown(name: str, settings: Settings) -> list[str]:
    show = settings.privacy.show_personal
    return [column.name for column in TABLES[name].columns if show or not column.personal]


def _own(name: str, given: Given, settings: Settings) -> list[str]:
    """Dimensions of the firm's own that the table carries."""
    have = given[name] - set(TABLES[name].names)
    return [column for column in settings.book.dimensions if column in have]


def _column(name: str, column: str, day: str, have: set[str]) -> str:
    if column not in have:
        return f'CAST(NULL AS {SQL_TYPE[TABLES[name][column].kind]}) AS "{column}"'
    for learnt_on, columns in LEARNT.get(name, {}).items():
        if column in columns and learnt_on in have:
            return (
                f'CASE WHEN o."{learnt_on}" > {day} THEN NULL ELSE o."{column}" END AS "{column}"'
            )
    return f'o."{column}"'


def _known(name: str, as_of: date, day: str, given: Given, settings: Settings) -> str:
    """Condition under which a row is known. A row without a date is known: nothing says it is from
    the future.
    """
    have, known, conditions = given[name], TABLES[name].known, []
    if known in have:
        conditions.append(
            f'(o."{known}" IS NULL OR CAST(o."{known}" AS DATE) <='
            f" {day}{_earlier(name, day, given)})"
        )
    if name == "activities" and "recorded_at" in have:
        conditions.append(f'(o."recorded_at" IS NULL OR CAST(o."recorded_at" AS DATE) <= {day})')
    if name == "market":
        conditions.append(f'o."year" <= {as_of.year}')
    if name == "targets":
        conditions.append(_target_begun(as_of, settings))
    if later := _of_later_ones(name, day, given):
        conditions.append(later)
    return " AND ".join(conditions) or "TRUE"


def _of_later_ones(name: str, day: str, given: Given) -> str:
    """Condition for rows without a day of their own that belong to a lead or customer: they are
    known no sooner than it is.
    """
    column = {"fit_scores": "subject_id", "care_plan": "customer_id"}.get(name, "")
    later = [
        f"SELECT o.{key} FROM book.{owner} o WHERE o.{known} > {day}"
        + (f" AND NOT (FALSE{_earlier(owner, day, given)})" if owner == "customers" else "")
        for owner, key, known in (
            ("leads", "lead_id", "created"),
            ("customers", "customer_id", "since"),
        )
        if column and {key, known} <= given.get(owner, set())
    ]
    own = TABLES[name].known
    dated = f'o."{own}" IS NOT NULL OR ' if own in given[name] else ""
    return f"({dated}o.{column} NOT IN ({' UNION ALL '.join(later)}))" if later else ""


# who did business before the day their row names, with the first day of it
EARLY_CUSTOMERS, EARLY_REPS = "early_customers", "early_reps"
HIRING_LAG = 31  # days a sale may precede ``hired`` before that day is not believed


def early_sql(given: Given) -> list[str]:
    """SQL that makes the tables of early customers and reps, where the book's tables can say."""
    return [sql for sql in (_early_customers_sql(given), _early_reps_sql(given)) if sql]


def _early_customers_sql(given: Given) -> str:
    """Systems often set ``since`` after the first order."""
    if not (
        {"customer_id", "since"} <= given.get("customers", set())
        and {"customer_id", "date"} <= given.get("orders", set())
    ):
        return ""
    return (
        f'CREATE TABLE book.{EARLY_CUSTOMERS} AS SELECT c.customer_id, min(o."date") AS first_day'
        ' FROM book.orders o JOIN book.customers c USING (customer_id) WHERE o."date" < c.since'
        " GROUP BY c.customer_id"
    )


REP_DAYS = {  # the day on which a row of each table names its rep
    "orders": "date",
    "opportunities": "created",
    "activities": "date",
}


def _early_reps_sql(given: Given) -> str:
    """Reps who sold before they were hired: a day mistyped, or sales put under today's owner."""
    dated = {t: d for t, d in REP_DAYS.items() if {"rep_id", d} <= given.get(t, set())}
    if not dated or not {"rep_id", "hired"} <= given.get("reps", set()):
        return ""
    days = " UNION ALL ".join(
        f'SELECT rep_id, min("{day}") AS day FROM book.{table} GROUP BY rep_id'
        for table, day in dated.items()
    )
    return (
        f"CREATE TABLE book.{EARLY_REPS} AS SELECT r.rep_id, min(d.day) AS first_day,"
        f" min(d.day) < min(r.hired) - {HIRING_LAG} AS long_before FROM ({days}) d JOIN book.reps r"
        " USING (rep_id) WHERE d.day < r.hired GROUP BY r.rep_id"
    )


def _earlier(name: str, day: str, given: Given) -> str:
    """A customer who has bought and a rep who has sold are known, whatever their own day says."""
    if name == "customers" and _early_customers_sql(given):
        table, key = EARLY_CUSTOMERS, "customer_id"
    elif name == "reps" and _early_reps_sql(given):
        table, key = EARLY_REPS, "rep_id"
    else:
        return ""
    return f" OR o.{key} IN (SELECT {key} FROM book.{table} WHERE first_day <= {day})"


def _target_begun(as_of: date, settings: Settings) -> str:
    """Targets are known for the fiscal year of the as-of date and before; those of later years are
    not set yet.
    """
    start = settings.book.fiscal_year_start
    _, last = fiscal_year(Month.of(as_of), start)
    year = "CAST(left(o.period, 4) AS INTEGER) * 12"
    if start > 1 and settings.book.fiscal_year_name == "end":
        year = f"({year} - 12)"
    month = "CAST(left(o.period, 4) AS INTEGER) * 12"
    first = (
        f"CASE WHEN o.period LIKE '%Q%' THEN {year} + {start - 1} + 3 * (CAST(right(o.period, 1) AS"
        f" INTEGER) - 1) WHEN length(o.period) = 7 THEN {month} + CAST(right(o.period, 2) AS"
        f" INTEGER) - 1 ELSE {year} + {start - 1} END"
    )
    return f"({first}) <= {last.number}"


def _learnt_elsewhere(name: str, day: str, given: Given) -> dict[str, str]:
    """Columns that point at something which may not exist yet (a lead's deal, the contract that
    renews another), and the day of hiring of reps who sold long before it: nobody knows it.
    """
    have = given[name]
    if name == "reps" and _early_reps_sql(given):
        doubted = f"SELECT rep_id FROM book.{EARLY_REPS} WHERE long_before"
        return {"hired": f"CASE WHEN o.rep_id NOT IN ({doubted}) THEN o.hired END AS hired"}
    if name == "leads" and "converted_opportunity_id" in have and "opportunities" in given:
        later = (
            f"SELECT o.opportunity_id FROM book.opportunities o WHERE {_deal_known_on(given)} >"
            f" {day}"
        )
        return {
            "converted_opportunity_id": (
                f"CASE WHEN o.converted_opportunity_id IN ({later}) THEN NULL ELSE"
                " o.converted_opportunity_id END AS converted_opportunity_id"
            )
        }
    if name == "contracts" and {"renewed_by", "start", "contract_id"} <= have:
        renewed_on = "o.renewed_on" if "renewed_on" in have else "CAST(NULL AS DATE)"
        later = f'SELECT contract_id FROM book.contracts WHERE "start" > {day}'
        return {
            "renewed_by": (
                f"CASE WHEN {renewed_on} > {day} OR ({renewed_on} IS NULL AND o.renewed_by IN"
                f" ({later})) THEN NULL ELSE o.renewed_by END AS renewed_by"
            )
        }
    return {}


def _deal_known_on(given: Given) -> str:
    """SQL for the day a deal is first heard of: created, else closed. Its stage entries do not say:
    a later one is not known yet.
    """
    closed, created = (
        f"o.{day}" if day in given["opportunities"] else "CAST(NULL AS DATE)"
        for day in ("closed", "created")
    )
    return f"coalesce({created}, {closed})"


def _deals(day: str, given: Given, settings: Settings) -> tuple[dict[str, str], str, str]:
    """Special columns, joins and condition of deals as known: decided later = open, in the last
    stage entered by then; without any table of entries its stage then is not known, unless there is
    one only. An entry to what is no stage of the book (lost) is an outcome, no stage.
    """
    known_on = _deal_known_on(given)
    closed = "o.closed" if "closed" in given["opportunities"] else "CAST(NULL AS DATE)"
    stages = settings.book.stages
    first = _text(stages[0])
    joins = ""
    if {"opportunity_id", "stage", "entered_at"} <= given.get("stage_events", set()):
        listed = f"[{', '.join(_text(stage) for stage in stages)}]"
        joins = f""" LEFT JOIN (
            SELECT opportunity_id AS last_id,
            arg_max(stage, (entered_at, list_position({listed}, stage))) AS last_stage
            FROM book.stage_events
            WHERE CAST(entered_at AS DATE) <= {day} AND list_contains({listed}, stage)
            GROUP BY opportunity_id) l ON l.last_id = o.opportunity_id
            LEFT JOIN (SELECT DISTINCT opportunity_id AS later_id, stage AS later_stage
            FROM book.stage_events WHERE CAST(entered_at AS DATE) > {day}) n
            ON n.later_id = o.opportunity_id AND n.later_stage = o.stage"""
        still = (
            f"coalesce(l.last_stage, CASE WHEN {closed} > {day} OR n.later_id IS NOT NULL THEN"
            f" {first} ELSE o.stage END)"
        )
    else:
        unknown = first if len(stages) == 2 else "CAST(NULL AS VARCHAR)"
        still = f"CASE WHEN {closed} > {day} THEN {unknown} ELSE o.stage END"
    special = {
        "outcome": f"CASE WHEN {closed} > {day} THEN 'open' ELSE o.outcome END AS outcome",
        "stage": (
            f"CASE WHEN {closed} <= {day} OR (o.outcome <> 'open' AND {closed} IS NULL) THEN"
            f" o.stage ELSE {still} END AS stage"
        ),
    }
    return special, joins, f"({known_on} IS NULL OR {known_on} <= {day})"


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
