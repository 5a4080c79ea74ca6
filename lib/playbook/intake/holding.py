"""What the pack will hold with the tables there are, and which further table would add most."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from playbook.base.language import later, say


@dataclass(frozen=True)
class Part:
    """One thing the pack shows, and the columns it needs: any of several ways."""

    what: str
    ways: tuple[tuple[str, ...], ...]
    weight: int = 1


def _part(what: str, *ways: str, weight: int = 1) -> Part:
    return Part(what, tuple(tuple(way.split()) for way in ways), weight)


WON = "opportunities.outcome opportunities.closed opportunities.amount"
PARTS = (
    _part(later("sales by month"), "orders.amount", WON, weight=3),
    _part(later("sales by rep"), "orders.rep_id", f"{WON} opportunities.rep_id", weight=2),
    _part(later("sales by region"), "orders.region", f"{WON} opportunities.region"),
    _part(later("sales by product line"), "orders.product_line",
          f"{WON} opportunities.product_line"),
    _part(later("customers' value (RFM, ABC, cohorts)"), "orders.customer_id",
          f"{WON} opportunities.customer_id", weight=3),
    _part(later("gross profit"), "orders.cost"),
    _part(later("discounts and prices"), "orders.list_amount", "opportunities.discount"),
    _part(later("money received against sales"), "payments.amount", "orders.paid_amount"),
    _part(later("win rate"), "opportunities.outcome opportunities.closed", weight=3),
    _part(later("open pipeline"), "opportunities.amount opportunities.stage", weight=2),
    _part(later("weighted pipeline"), "opportunities.probability"),
    _part(later("cycle time"), "opportunities.created opportunities.closed", weight=2),
    _part(later("reasons for losing"), "opportunities.lost_reason"),
    _part(later("conversion from stage to stage"), "stage_events.entered_at", weight=3),
    _part(later("attainment of targets"), "targets.target", weight=3),
    _part(later("leads by channel"), "leads.channel", weight=2),
    _part(later("cost per new customer, return by channel"), "channel_costs.cost leads.channel",
          "channel_costs.cost opportunities.channel", "channel_costs.cost orders.channel",
          weight=2),
    _part(later("contacts and overdue follow-up"), "activities.date", weight=2),
    _part(later("renewals and recurring revenue"), "contracts.start", weight=2),
    _part(later("names, teams, ramp-up and leavers"), "reps.hired", weight=1),
    _part(later("sales by team"), "reps.team", weight=1),
    _part(later("customers by industry"), "customers.industry", "opportunities.industry"),
    _part(later("commission statements (with a plan)"), "orders.rep_id",
          f"{WON} opportunities.rep_id"),
)  # fmt: skip
# Columns that a table is taken to bring, when it is asked what it would add.
BRINGS = {
    "orders": "amount rep_id region product_line customer_id",
    "opportunities": "outcome closed amount stage created rep_id customer_id lost_reason channel",
    "stage_events": "entered_at",
    "targets": "target",
    "leads": "channel",
    "channel_costs": "cost",
    "activities": "date",
    "contracts": "start",
    "reps": "hired team",
    "customers": "industry",
    "payments": "amount",
}
INPUTS = {
    "opportunities.close_date": ("opportunities.closed", "opportunities.expected_close"),
    "opportunities.is_won": ("opportunities.outcome",),
    "contracts.monthly_value": ("contracts.annual_value",),
}


def _held(part: Part, have: set[str]) -> bool:
    return any(set(way) <= have for way in part.ways)


def holds(tables: Mapping[str, tuple[str, ...]]) -> list[str]:
    """What a pack of these tables (name → columns) will show."""
    have = _columns(tables)
    return [say(part.what) for part in PARTS if _held(part, have)]


def adds_most(tables: Mapping[str, tuple[str, ...]]) -> tuple[str, list[str]]:
    """The absent table that would add most, and what it would add; empty where all are there."""
    have = _columns(tables)
    best: tuple[int, str, list[str]] = (0, "", [])
    for table, columns in BRINGS.items():
        if table in tables:
            continue
        more = have | {f"{table}.{column}" for column in columns.split()}
        new = [p for p in PARTS if _held(p, more) and not _held(p, have)]
        weight = sum(p.weight for p in new)
        if weight > best[0]:
            best = (weight, table, [say(p.what) for p in new])
    return best[1], best[2]


def _columns(tables: Mapping[str, tuple[str, ...]]) -> set[str]:
    have = {f"{table}.{column}" for table, columns in tables.items() for column in columns}
    for given, gives in INPUTS.items():  # columns that are given in place of others
        if given in have:
            have |= set(gives)
    return have


def adds(table: str, column: str) -> list[str]:
    """What the pack shows by a column, one way or another."""
    one = f"{table}.{column}"
    return [say(part.what) for part in PARTS if any(one in way for way in part.ways)]
