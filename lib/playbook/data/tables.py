"""The contract: every table of a book, its columns, types, keys, ranges and references. Data, not
code paths.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from .contract.aims import AIMS
from .contract.contacts import CONTACTS
from .contract.people import PEOPLE
from .contract.sold import SOLD
from .table_specs import OWN_DIMENSION, SQL_TYPE, ColumnSpec, Kind, TableSpec

__all__ = [
    "DATED",
    "EVENT_TABLES",
    "EXTRA",
    "LEARNT",
    "PAST",
    "SQL_TYPE",
    "TABLES",
    "TOTALS",
    "ColumnSpec",
    "Kind",
    "TableSpec",
    "days_of",
    "table_of",
]

_ORDER = (  # in which tables are listed
    "customers",
    "orders",
    "opportunities",
    "stage_events",
    "leads",
    "fit_scores",
    "activities",
    "channel_costs",
    "targets",
    "reps",
    "contracts",
    "key_results",
    "check_ins",
    "strategies",
    "care_plan",
    "tasks",
    "meetings",
    "training",
    "market",
    "awards",
)
# Tables that sharpen what others say; a book without them is not told that they are missing.
EXTRA = (
    "assignments",
    "payments",
    "snapshots",
    "changes",
    "cases",
    "rates",
    "deal_splits",
    "pay_adjustments",
    "action_log",
)
_BY_NAME = {table.name: table for table in (*SOLD, *CONTACTS, *PEOPLE, *AIMS)}
TABLES: dict[str, TableSpec] = {name: _BY_NAME[name] for name in (*_ORDER, *EXTRA)}

# What a row looked like on the as-of date: columns whose value was only learnt on the day another
# column names.
LEARNT: dict[str, dict[str, tuple[str, ...]]] = {
    "orders": {"paid_date": ("paid_amount", "paid_date")},
    # the amount of a deal stays: it is the asking price before, and what it was sold for after
    "opportunities": {"closed": ("closed", "lost_reason", "discount")},
    "contracts": {"renewed_on": ("renewed_by", "renewed_on")},
    "reps": {"left": ("left",)},
    "tasks": {"finished": ("finished", "done")},
    "meetings": {"done_on": ("done_on",)},
    "strategies": {"milestone_done": ("milestone_done",)},
    "care_plan": {"last_done": ("last_done", "satisfaction")},
    "action_log": {"done_on": ("done", "done_on", "note")},
    "assignments": {"to": ("to",)},
    "cases": {"answered": ("answered",), "solved": ("solved", "satisfaction")},
    "activities": {"due": ("status",)},  # what became of an action due later is not known yet
}
EVENT_TABLES = (
    "orders",
    "opportunities",
    "stage_events",
    "leads",
    "activities",
)  # whose newest day dates the data
# Tables whose days have passed when they are written down: one far after all others is a slip.
PAST = (*EVENT_TABLES, "payments", "cases", "awards", "training")
# A book needs rows in one of these: tables whose rows carry the day of something done.
DATED = tuple(
    name
    for name, table in TABLES.items()
    if table.known and name not in ("customers", "reps", "rates", "assignments")
)

# The money a table adds up to in the data stamp, and of which rows.
TOTALS: dict[str, tuple[str, str]] = {
    "orders": ("amount", ""),
    "opportunities": ("amount", "outcome = 'won'"),
    "contracts": ("annual_value", ""),
    "channel_costs": ("cost", ""),
    "strategies": ("spent", ""),
    "awards": ("amount", ""),
    "payments": ("amount", ""),
    "pay_adjustments": ("amount", ""),
}


def table_of(name: str, dimensions: Sequence[str] = ()) -> TableSpec:
    """The table with the firm's own dimensions as further columns."""
    table = TABLES[name]
    own = tuple(
        ColumnSpec(name, "text", OWN_DIMENSION) for name in dimensions if name not in table.names
    )
    return replace(table, columns=(*table.columns, *own)) if own else table


def days_of(name: str) -> tuple[str, ...]:
    """Day columns that say when something in the table happened; deals open and close."""
    if name == "opportunities":
        return ("created", "closed")
    known = TABLES[name].known
    return (known,) if known else ()
