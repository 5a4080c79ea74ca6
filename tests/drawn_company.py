"""Small companies drawn by lot over every table of the contract, whose rows crowd at edges: first
and last days of months, amounts that equal thresholds or are next to nothing, equal values, missing
cells, tables and columns that are not there. The same number always draws the same company.

Numbers from ``FULL`` on draw companies that have every table and most settings, and three times as
many rows: many members of every kind, few gaps.

What a column holds follows from its kind in the contract; ``POOLS`` names the values of those that
must fit together. A column the contract gains is drawn without a change here.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from functools import cache
from random import Random
from typing import Any

import pandas as pd

from drawn_plan import valid
from playbook.base.periods import Month
from playbook.data.book import Book
from playbook.data.table_specs import ColumnSpec, TableSpec
from playbook.data.tables import TABLES

STAGES = ["lead", "intent", "negotiation", "won"]
SMALL = (0, 0.5, 1)  # what is given away, less than a unit, and one
FIRST, LAST = date(2021, 5, 1), date(2023, 9, 30)
STEP = 100  # amounts are multiples of it, and so are most thresholds
ROWS = {
    "customers": 9,
    "orders": 90,
    "opportunities": 60,
    "stage_events": 0,  # follow from the deals
    "snapshots": 0,
    "leads": 50,
    "activities": 110,
    "contracts": 24,
    "targets": 0,  # follow from the periods
    "reps": 5,
    "training": 14,
    "check_ins": 12,
    "payments": 25,
    "cases": 30,
    "channel_costs": 40,
    "fit_scores": 16,
    "rates": 0,
}
FEW = 7  # rows of the others
FULL = 100
PAID_FROM = ("orders", "reps", "customers", "opportunities", "leads", "contracts", "activities")
PAID_FROM += ("awards", "rates", "assignments", "deal_splits", "payments", "pay_adjustments")
NEEDED = ("orders", "opportunities", "contracts", "training")  # one of them is always there
KEPT = {  # columns without which a table says nothing
    "opportunities": ("closed", "created", "rep_id"),
    "customers": ("since",),
    "strategies": ("milestone",),
    "reps": ("name", "hired"),
    "deal_splits": ("opportunity_id", "kind"),
    "targets": ("region", "product_line", "customer_type", "team", "rep_id"),
}
POOLS: dict[str, list[Any]] = {
    "customer_id": [f"C{n}" for n in range(1, 10)],
    "rep_id": [f"R{n}" for n in range(1, 6)],
    "owner": [f"R{n}" for n in range(1, 6)],
    "manager_id": ["R1", None],
    "mentor_id": ["R2", "R3", None, None],
    "region": ["East", "West", "Süd"],
    "team": ["A", "B"],
    "product_line": ["Suite", "Help", "Data"],
    "channel": ["Web", "Fair", "Referral"],
    "industry": ["Finance", "Retail", "Public"],
    "customer_type": ["large", "small"],
    "size_employees": [10, 50, 100, 500],
    "role": ["seller", "manager"],
    "objection": ["price", "time", "need", None],
    "lost_reason": ["price", "rival", None],
    "forecast_category": ["commit", "best case", "pipeline"],
    "need": ["planning", "reports", "service"],
    "course": ["Product", "Talk"],
    "billing": ["monthly", "quarterly", "yearly"],
    "frequency": ["weekly", "monthly", "quarterly", "yearly"],
    "progressed": [True, False, None],
    "quantity": [1, 2, 3],
    "months": [12, 24, 36],
    "discount": [0, 0.05, 0.1, 0.2, 0.4, 0.5],
    "probability": [0, 0.2, 0.5, 0.8, 1.0],
    "share": [0.5],
    "score": [1, 3, 4, 5],
    "our_share": [0.0, 0.02, 0.1],
    "annual_value": [1200, 2400, 6000],
    "cost": [100, 200, 400],
    "base_pay": [300, 500],
    "pre_score": [40, 50, 60],
    "post_score": [50, 60, 80],
    "max_score": [100],
    "attendance": [0.5, 0.8, 1.0],
    "size": [50_000, 100_000],
    "weight": [1, 2, 0],
    "satisfaction": [1, 3, 4, 5],
    "metric": ["sales", "customers", "new_customers", "win_rate"],
    "award": ["champion", "best"],
    "invoice": [None],
    "field": ["expected_close", "amount"],
    "opportunity_id": [f"D{n}" for n in range(1, 61)],
    "converted_opportunity_id": [f"D{n}" for n in range(1, 61)] + [None] * 40,
    "lead_id": [f"L{n}" for n in range(1, 51)],
    "contract_id": [f"K{n}" for n in range(1, 25)],
    "order_id": [f"O{n}" for n in range(1, 71)],
    "subject_id": [f"L{n}" for n in range(30, 51)] + [f"C{n}" for n in range(1, 10)],
    "key_result": ["Sales", "Wins", "Visits", "Calls"],
    "year": [2022, 2023],
    "currency": ["EUR", "EUR", "EUR", "USD"],
    "segment": ["north", "south"],
    "unit": ["pieces"],
}
MANY = {  # the pools of a full company
    name: [f"{letter}{n}" for n in range(1, most + 1)]
    for name, letter, most in (
        ("customer_id", "C", 27),
        ("rep_id", "R", 9),
        ("owner", "R", 9),
        ("opportunity_id", "D", 180),
        ("lead_id", "L", 150),
        ("contract_id", "K", 72),
        ("order_id", "O", 210),
    )
}
MANY |= {
    "manager_id": ["R1", "R2", None],
    "mentor_id": ["R3", "R4", None],
    "subject_id": [f"L{n}" for n in range(120, 151)] + MANY["customer_id"],
    "converted_opportunity_id": MANY["opportunity_id"] + [None] * 120,
}
WORDS = {  # of one table only
    "activities.kind": ["call", "visit", "demo", "email", "proposal", "request", "complaint"],
    "cases.kind": ["question", "complaint", "fault"],
    "care_plan.action": ["visit", "call", "review"],
    "strategies.milestone": ["first", "second", "third"],
    "strategies.strategy": ["Fairs"],
    "orders.kind": ["new", "repurchase", "upgrade", "renewal", None, None],
    "orders.status": ["confirmed", "delivered"],
}
OWN_KEYS = {"orders": "O", "customers": "C", "opportunities": "D", "leads": "L", "reps": "R"}
OWN_KEYS |= {"contracts": "K", "activities": "A", "payments": "P", "cases": "T"}
OWN_KEYS |= {"pay_adjustments": "J", "action_log": "X"}


class Lot(Random):
    """Draws of one company; a full one has all that may be missing, three times over."""

    def __init__(self, number: int, *, full: bool | None = None) -> None:
        super().__init__(number)
        self.full = number >= FULL if full is None else full
        self.times = 3 if self.full else 1
        self.pools = POOLS | (MANY if self.full else {})


def drawn(number: int) -> Book:
    """The company of that number, in a month and with settings of its own."""
    rng = Lot(number)
    month = str(Month.of(LAST) - rng.choice([0, 0, 1, 2, 5]))
    tables = drawn_tables(rng)
    return Book.from_frames(month=month, settings=drawn_settings(rng, tables), **tables)


def drawn_tables(rng: Lot) -> dict[str, pd.DataFrame]:
    present = {name for name in TABLES if rng.full or rng.random() < 0.8}
    present |= {rng.choice(NEEDED)} if not present & set(NEEDED) else set()
    present -= {"deal_splits", "assignments", "action_log"}
    made = {name: _table(TABLES[name], rng) for name in TABLES if name in present}
    if "opportunities" in made:
        made |= {n: t for n, t in _courses(made["opportunities"], rng).items() if n in present}
    for name in {"stage_events", "snapshots", "changes"} - (
        set(made) if "opportunities" in made else set()
    ):
        made.pop(name, None)
    if "targets" in made:
        made["targets"] = _targets(rng)
    made["rates"] = _rates(rng)
    if "orders" in made and "opportunities" in made and (rng.full or rng.random() < 0.4):
        made["deal_splits"] = _splits(made["opportunities"], rng)
    if "reps" in made and (rng.full or rng.random() < 0.4):
        made["assignments"] = _assignments(rng)
    if rng.random() < 0.3:  # a dimension of the firm's own
        for name in sorted({"orders", "opportunities"} & set(made)):
            for row in made[name]:
                row["segment"] = rng.choice(POOLS["segment"])
    kept = {name: _thinned(TABLES[name], rows, rng) for name, rows in made.items()}
    return {name: pd.DataFrame(rows).astype(object) for name, rows in kept.items() if rows}


@cache
def paid_company(number: int) -> dict[str, pd.DataFrame]:
    """Tables of the first companies drawn that have people, orders and what rates go by."""
    found, seed = [], 100
    while len(found) <= number:
        seed += 1
        tables = drawn_tables(Lot(seed, full=False))
        if {"orders", "reps", "customers"} <= set(tables) and "rep_id" in tables["orders"]:
            kept = {name: rows for name, rows in tables.items() if name in PAID_FROM}
            found.append({n: t.drop(columns="segment", errors="ignore") for n, t in kept.items()})
    return found[number]


def some_day(rng: Lot) -> date:
    """A first or last day of a month or quarter more often than any other."""
    any_day = FIRST + timedelta(days=rng.randrange((LAST - FIRST).days + 1))
    month = Month.of(any_day)
    return rng.choice([month.start, month.end, any_day, any_day])


def _table(spec: TableSpec, rng: Lot) -> list[dict[str, Any]]:
    rows, keys = [], set()
    for n in range(1, rng.times * ROWS.get(spec.name, FEW) + 1):
        row = {column.name: _cell(spec, column, n, rng) for column in spec.columns}
        row |= _together(spec.name, row, rows, n, rng)
        for earlier, later in spec.order:
            if row.get(earlier) and row.get(later) and row[later] < row[earlier]:
                row[later] = row[earlier]
        key = tuple(row[column] for column in spec.key)
        if not spec.key or key not in keys:
            keys.add(key)
            rows.append(row)
    return rows


def _cell(spec: TableSpec, column: ColumnSpec, n: int, rng: Lot) -> Any:
    name = column.name
    if spec.name in OWN_KEYS and name == spec.columns[0].name:
        return f"{OWN_KEYS[spec.name]}{n}"
    if not column.required and rng.random() < (0.04 if rng.full else 0.12):
        return None
    pool = WORDS.get(f"{spec.name}.{name}") or column.choices or rng.pools.get(name)
    return rng.choice(pool) if pool else OF_KIND[column.kind](rng, column)


OF_KIND: dict[str, Callable[[Lot, ColumnSpec], Any]] = {
    "text": lambda rng, column: f"{column.name} {rng.randrange(1, 5)}",
    "day": lambda rng, column: some_day(rng),
    "time": lambda rng, column: f"{some_day(rng)} {rng.choice(['00:00', '09:30', '23:59'])}",
    "money": lambda rng, column: rng.choice([*range(STEP, 16 * STEP, STEP), *SMALL]),
    "number": lambda rng, column: rng.randrange(12),
    "count": lambda rng, column: rng.randrange(1, 6),
    "share": lambda rng, column: rng.choice([0, 0.25, 0.5, 1]),
    "flag": lambda rng, column: rng.random() < 0.5,
    "score": lambda rng, column: rng.randrange(1, 6),
    "month": lambda rng, column: str(Month.of(some_day(rng))),
    "period": lambda rng, column: str(Month.of(some_day(rng))),
    "year": lambda rng, column: rng.choice([2022, 2023]),
}


def _together(
    table: str, row: dict[str, Any], rows: list[dict[str, Any]], n: int, rng: Lot
) -> dict[str, Any]:
    """Cells that must fit others of their row, or of the rows before it."""
    if table == "orders":
        if n > 70 * rng.times:  # further lines and refunds of earlier orders
            earlier = n - 60 * rng.times
            row["order_id"] = f"O{earlier}"
            later = timedelta(days=rng.choice([0, 0, 2, 20, 40]))
            row["date"] = min(rows[earlier - 1]["date"] + later, LAST)
            row["customer_id"] = rows[earlier - 1]["customer_id"]
        refund = rng.random() < 0.06
        amount = row["amount"] * (-1 if refund else 1)
        full = row["list_amount"] and abs(amount) / rng.choice([1, 1, 0.95, 0.9, 0.8, 0.5])
        return {
            **{name: row[name] for name in ("order_id", "date", "customer_id")},
            "amount": amount,
            "kind": "refund" if refund else row["kind"],
            "list_amount": None if refund else full,
            "cost": None if refund else row["cost"],
            "paid_amount": rng.choice([amount, amount / 2, None]) if not refund else None,
            "paid_date": row["date"] + timedelta(days=rng.choice([0, 30, 31, 90])),
        }
    if table == "opportunities":
        decided = rng.random() < 0.8
        won = decided and rng.random() < 0.5
        opened = row["created"] or some_day(rng)
        closed = min(opened + timedelta(days=rng.choice([0, 5, 14, 30, 31, 60, 90, 200])), LAST)
        return {
            "created": opened,
            "outcome": ("won" if won else "lost") if decided else "open",
            "stage": "won" if won else rng.choice(STAGES[:3]),
            "closed": closed if decided else None,
            "amount": row["amount"] if won or rng.random() < 0.5 else None,
            "expected_close": closed + timedelta(days=rng.choice([-10, 0, 20, 60])),
            "lost_reason": row["lost_reason"] if decided and not won else None,
        }
    if table == "leads":
        wants = rng.choice([0, 7, 30, 31, 60, 92, 200])
        return {"expected_purchase": row["created"] + timedelta(days=wants)}
    if table == "activities":
        return {
            "due": row["date"] + timedelta(days=rng.choice([0, 1, 3, 7, 30, 90])),
            "recorded_at": f"{row['date'] + timedelta(days=rng.choice([0, 2, 3]))} 10:00",
        }
    if table == "contracts":
        lasts = rng.choice([30, 89, 90, 180, 365, 365, 730])
        return {
            "end": row["start"] + timedelta(days=lasts) if rng.random() < 0.85 else None,
            "renewed_by": None,
            "renewed_on": None,
        }
    if table == "cases":
        opened = row["opened"][:10]
        return {"answered": f"{opened} 23:59", "solved": rng.choice([None, f"{opened} 23:59"])}
    if table == "reps":
        left = rng.random() < 0.25
        return {
            "manager_id": row["manager_id"] if n > 1 else None,
            "mentor_id": row["mentor_id"] if row["mentor_id"] != f"R{n}" else None,
            "hired": some_day(rng) if n > 3 * rng.times else date(2019, 1, n),
            "left": LAST - timedelta(days=rng.choice([0, 1, 30, 91, 200])) if left else None,
        }
    if table == "tasks":
        return {"finished": rng.choice([None, row["due"], row["due"] + timedelta(days=1)])}
    if table == "key_results":
        return {"key_result": POOLS["key_result"][n % 4], "target": 10 * n, "baseline": n % 3}
    if table == "customers":
        return {"name": f"Firm {row['customer_id']}"}
    return {}


def _courses(deals: list[dict[str, Any]], rng: Lot) -> dict[str, list[dict[str, Any]]]:
    """Stage entries, snapshots and changes of deals: each passes the stages up to its own between
    the day it was opened and the day it was decided.
    """
    events, seen, changed = [], [], []
    for deal in deals:
        opened, ended = deal["created"], deal["closed"] or LAST
        upto = STAGES.index(deal["stage"]) + 1
        between = (ended - opened).days
        days = sorted(rng.randrange(between + 1) for _ in range(upto - 1))
        for stage, after in zip(STAGES[:upto], [0, *days], strict=True):
            last = deal["outcome"] == "won" and stage == "won"
            at = ended if last else opened + timedelta(days=after)
            if stage == STAGES[0] or rng.random() < 0.95:
                events.append(
                    {"opportunity_id": deal["opportunity_id"], "stage": stage, "entered_at": at}
                )
        if rng.random() < 0.3:
            moved = {"opportunity_id": deal["opportunity_id"], "changed_at": opened}
            field, before, after = rng.choice(
                [("amount", 1000, 800), ("expected_close", opened, ended)]
            )
            changed.append({**moved, "field": field, "from": str(before), "to": str(after)})
        for back in range(5):
            day = (Month.of(LAST) - back).end
            if opened <= day and (deal["closed"] is None or deal["closed"] > day):
                seen.append(
                    {
                        "snapshot_date": day,
                        "opportunity_id": deal["opportunity_id"],
                        "stage": deal["stage"] if deal["stage"] != "won" else STAGES[2],
                        "amount": STEP * rng.randrange(1, 9),
                        "expected_close": rng.choice([deal["expected_close"], day, None]),
                        "probability": rng.choice(POOLS["probability"]),
                    }
                )
    return {"stage_events": events, "snapshots": seen, "changes": changed}


def _targets(rng: Lot) -> list[dict[str, Any]]:
    """Of years, quarters or months, some with those of members beside them."""
    month = rng.choice([500, 1000, 3000])
    rows = [{"period": str(year), "metric": "sales", "target": 12 * month} for year in (2022, 2023)]
    if rng.random() < 0.5:
        rows += [
            {"period": f"2023-Q{q}", "metric": "sales", "target": 3 * month} for q in range(1, 5)
        ]
    if rng.random() < 0.5:
        rows += [
            {"period": f"2023-{m:02}", "metric": "sales", "target": month} for m in range(1, 13)
        ]
    for column in ("region", "product_line", "customer_type", "team"):
        if rng.random() < 0.4:
            share = 12 * month // len(POOLS[column])
            rows += [
                {"period": "2023", "metric": "sales", "target": share, column: member}
                for member in POOLS[column]
            ]
    if rng.random() < 0.6:
        rows += [
            {"period": "2023-Q3", "metric": "sales", "target": 200 * n, "rep_id": f"R{n}"}
            for n in range(1, 6)
        ]
    if rng.random() < 0.4:
        rows.append({"period": "2023", "metric": "new_customers", "target": 4, "owner": "R1"})
    return rows


def _rates(rng: Lot) -> list[dict[str, Any]]:
    months = [Month.of(FIRST) + n for n in range(Month.of(LAST) - Month.of(FIRST) + 1)]
    return [
        {"month": str(month), "currency": "USD", "rate": rng.choice([0.9, 0.92, 1.0])}
        for month in months
    ]


def _splits(deals: list[dict[str, Any]], rng: Lot) -> list[dict[str, Any]]:
    """Deals that two people share, and one more who is credited on top of some."""
    found = []
    for deal in deals:
        if rng.random() < 0.2:
            one, other, third = rng.sample(rng.pools["rep_id"], 3)
            part = rng.choice([0.5, 0.7, 1.0])
            shares = [(one, part, "split"), (other, round(1 - part, 2), "split")]
            shares += [(third, 0.2, "overlay")] if rng.random() < 0.3 else []
            found += [
                {"opportunity_id": deal["opportunity_id"], "rep_id": r, "share": s, "kind": k}
                for r, s, k in shares
                if s
            ]
    return found


def _assignments(rng: Lot) -> list[dict[str, Any]]:
    """Customers that changed hands and a rep who changed teams, on a first day of a month."""
    found = []
    for customer in rng.sample(rng.pools["customer_id"], 4):
        day = Month.of(some_day(rng)).start
        before, after = rng.sample(rng.pools["rep_id"], 2)
        one = {"subject": "customer", "subject_id": customer, "role": "owner"}
        found.append({**one, "value": before, "from": None, "to": day - timedelta(days=1)})
        found.append({**one, "value": after, "from": day, "to": None})
    return found


def _thinned(spec: TableSpec, rows: list[dict], rng: Lot) -> list[dict[str, Any]]:
    """Without some of the columns a book may lack."""
    kept = {*spec.required, *KEPT.get(spec.name, ())}
    gone = {
        c.name
        for c in spec.columns
        if c.name not in kept and rng.random() < (0.02 if rng.full else 0.12)
    }
    gone |= {column.name for column in spec.columns if column.personal}
    gone -= {"currency"} if rng.random() < 0.5 else set()
    return [{name: cell for name, cell in row.items() if name not in gone} for row in rows]


# -- settings


def drawn_settings(rng: Lot, tables: dict[str, pd.DataFrame]) -> dict[str, Any]:
    def maybe(chance: float = 0.5, **values: Any) -> dict[str, Any]:
        return (
            values if rng.random() < (max(chance, 0.8) if rng.full and chance else chance) else {}
        )

    plans, awards = drawn_plans(rng), "awards" in tables
    for plan in plans:
        if not awards:
            plan.pop("awards", None)
    owned = any("segment" in rows for rows in tables.values())
    orders = tables.get("orders", pd.DataFrame())
    sellers = sorted(orders["rep_id"].dropna().unique()) if "rep_id" in orders else []
    return {
        "book": {
            "name": "drawn",
            "currency": "EUR",
            "stages": STAGES,
            "fiscal_year_start": rng.choice([1, 1, 4, 7, 10]),
            "language": rng.choice(["en", "en", "en", "zh"]),
            **maybe(0.3, holidays="DE"),
            **maybe(1, dimensions=["segment"] if owned else []),
        },
        "goals": {
            **maybe(size_bands={"large": 1000, "medium": 500, "small": 0}),
            **maybe(strategic_industries=["Finance"]),
            **maybe(largest_share=rng.choice([0.1, 0.25, 0.4])),
            **maybe(phasing=rng.choice(["history", "working_days", "even", "phases"])),
            **maybe(lines=[0.9, 0.6, 0.3], green_from=1.1, amber_from=0.8),
            **maybe(probability=rng.choice([0.5, 0.7, 0.9])),
            **maybe(reserve_leads=rng.choice([0, 5, 20]), stale_days=rng.choice([1, 30])),
            **maybe(0.3, over_assignment=1.1, quota_floor=0.5, quota_cap=1.5),
            **maybe(0.3, ramp=[0.5, 1.0]),
            **maybe(0.3, agenda={"key customers": 1, "new leads": 1, "follow-ups": 2}),
        },
        "segments": {
            **maybe(0.7, tiers={"names": ["gold", "silver", "plain"], "lower": [3000, 1000, 0]}),
            **maybe(tier_visits=[12, 4, 1], tier_calls=[4, 2, 0]),
            **maybe(rfm_months=rng.choice([6, 12, 18])),
            **maybe(renewal_days=rng.choice([0, 30, 90])),
            **maybe(segment_map="source"),
            **maybe(0.3, recency_days=[30, 60, 90, 180], frequency=[1, 2, 3, 5]),
            **maybe(0.3, fit_rule="totals", fit_totals=[12, 6]),
            **maybe(visit_hours=1.0, selling_hours=8.0),
            **maybe(verify_days=7, satisfaction_days=5, notice_days=60),
        },
        "funnel": {
            "min_group": rng.choice([2, 4, 8]),
            **maybe(
                0.7,
                ladder={
                    "rungs": [
                        {"lower": 0, "discount": 0.05},
                        {"lower": 500, "discount": 0.1},
                        {"lower": 1000, "free_months": 3},
                    ],
                    "renewal": rng.choice([0, 0.1, 0.2]),
                    "stacking": rng.choice(["largest", "add", "multiply"]),
                    "floor": rng.choice([0.25, 0.4]),
                },
            ),
            **maybe(margin=0.5, ltv_months=24),
            **maybe(mature_percentile=0.8, stuck_percentile=0.7),
            **maybe(horizons=[14, 30, 60], step_days=[5, 14, 31]),
        },
        **maybe(
            0.5 if sellers else 0,
            pilot={
                "by": "rep",
                "groups": sellers[:2],
                "starts": "2023-04-01",
                "months": rng.choice([2, 3]),
                "cost": 500,
            },
        ),
        "incentives": {**maybe(budget_uplift=0.0), **maybe(ramp_days=30), **maybe(effort=0.5)},
        "commission_plans": plans,
    }


def drawn_plans(rng: Lot) -> list[dict[str, Any]]:
    """No plan, one, or one that replaced another."""
    edges = {"amount": (0, 500, 1000), "quota": (0, 0.8, 1)}
    made = []
    if rng.full:
        now = valid(rng) | {"name": "now", "replaces": "before"}
        return [now, valid(rng) | {"name": "before", "starts": "2020-01-01"}]
    for name, starts in (("now", "2023-01-01"), ("before", "2020-01-01"))[: rng.choice([0, 1, 2])]:
        of = rng.choice(["amount", "quota"])
        low, mid, high = edges[of]
        plan: dict[str, Any] = {
            "name": name,
            "starts": starts,
            "tiers_of": of,
            "mode": rng.choice(["marginal", "whole"]),
            "accumulate": rng.choice(["month", "quarter", "year"]),
            "basis": rng.choice(["bookings", "bookings", "cash"]),
            "quota": 900,
            "tiers": [
                {"lower": low, "upper": mid, "rate": 0.05},
                {"lower": mid, "upper": high, "rate": 0.08},
                {"lower": high, "rate": 0.12},
            ],
        }
        if rng.random() < 0.3:
            plan |= {"cap": 150, "floor": 10}
        if rng.random() < 0.3:
            plan["manager_rate"] = 0.01
        if rng.random() < 0.3:
            plan["rules"] = [{"name": "renewals", "kind": ["renewal"], "times": 1.5}]
        if rng.random() < 0.3:
            plan["splits"] = [{"to": "order", "share": 0.7}, {"to": "customer", "share": 0.3}]
        if rng.random() < 0.3:
            plan["ramp"] = [0.25, 0.5]
        if rng.random() < 0.3:
            plan["attainment"] = {
                "target_pay": 200,
                "levels": [{"at": 0.8, "pays": 0.5}, {"at": 1.0, "pays": 1.0}],
                "between": rng.choice(["interpolated", "stepped"]),
            }
        made.append(plan)
    if len(made) == 2:
        made[0]["replaces"] = "before"
    return made
