"""The contract: every table of a book, its columns, types, keys, ranges and references. Data, not
code paths.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal[
    "text",
    "day",
    "time",
    "money",
    "number",
    "count",
    "share",
    "flag",
    "score",
    "month",
    "period",
    "year",
]

# DuckDB type of each kind. Money is exact to a hundredth of a cent; a time keeps its clock where it
# matters.
SQL_TYPE: dict[Kind, str] = {
    "text": "VARCHAR",
    "day": "DATE",
    "time": "TIMESTAMP",
    "money": "DECIMAL(18,4)",
    "number": "DOUBLE",
    "count": "BIGINT",
    "share": "DOUBLE",
    "flag": "BOOLEAN",
    "score": "DOUBLE",
    "month": "DATE",
    "period": "VARCHAR",
    "year": "BIGINT",
}


@dataclass(frozen=True)
class Column:
    name: str
    kind: Kind
    required: bool = False
    personal: bool = False
    refers: str | None = (
        None  # "customers.customer_id": unknown values are counted and judged by share
    )
    choices: tuple[str, ...] = ()  # closed vocabulary; other words are refused
    low: float | None = None  # smallest allowed value
    high: float | None = None  # largest allowed value


@dataclass(frozen=True)
class Table:
    """``key`` columns identify a row. ``known`` is the day column from which a row is known; later
    rows do not exist yet.
    """

    name: str
    grain: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()
    known: str | None = None
    order: tuple[tuple[str, str], ...] = ()  # (earlier, later) pairs of days that must not swap

    def __getitem__(self, name: str) -> Column:
        return next(column for column in self.columns if column.name == name)

    @property
    def names(self) -> list[str]:
        return [column.name for column in self.columns]

    @property
    def required(self) -> list[str]:
        return [column.name for column in self.columns if column.required]


def _columns(spec: str, **extra: dict) -> tuple[Column, ...]:
    """Columns from ``name:kind`` words; ``*`` marks required, ``!`` personal. ``extra`` adds fields
    by column name.
    """
    columns = []
    for word in spec.split():
        name, kind = word.rstrip("*!").split(":")
        columns.append(
            Column(name, kind, required="*" in word, personal="!" in word, **extra.get(name, {}))
        )  # type: ignore[arg-type]
    return tuple(columns)


_CUSTOMER = {"refers": "customers.customer_id"}
_REP = {"refers": "reps.rep_id"}
_DEAL = {"refers": "opportunities.opportunity_id"}
_LEAD = {"refers": "leads.lead_id"}
_NOT_NEGATIVE = {"low": 0}

TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        Table(
            "customers",
            "one row per customer",
            _columns(
                "customer_id:text* name:text industry:text region:text customer_type:text"
                " size_employees:count since:day channel:text rep_id:text strategic:flag"
                " contact_name:text! phone:text! email:text!",
                rep_id=_REP,
                size_employees=_NOT_NEGATIVE,
            ),
            key=("customer_id",),
            known="since",
        ),
        Table(
            "orders",
            "one row per order, or per order line (then order_id repeats)",
            _columns(
                "order_id:text* date:day* customer_id:text* amount:money* rep_id:text region:text"
                " product_line:text channel:text kind:text quantity:number list_amount:money"
                " cost:money paid_amount:money paid_date:day opportunity_id:text",
                customer_id=_CUSTOMER,
                rep_id=_REP,
                opportunity_id=_DEAL,
                kind={"choices": ("new", "repurchase", "upgrade", "renewal", "refund")},
            ),
            known="date",
        ),
        Table(
            "opportunities",
            "one row per deal",
            _columns(
                "opportunity_id:text* created:day stage:text* outcome:text* closed:day amount:money"
                " expected_amount:money expected_close:day customer_id:text lead_id:text"
                " rep_id:text region:text product_line:text industry:text channel:text"
                " need_match:flag objection:text lost_reason:text discount:share",
                customer_id=_CUSTOMER,
                rep_id=_REP,
                lead_id=_LEAD,
                outcome={"choices": ("open", "won", "lost")},
                amount=_NOT_NEGATIVE,
                expected_amount=_NOT_NEGATIVE,
                discount={"low": 0, "high": 1},
            ),
            key=("opportunity_id",),
            known="created",
            order=(("created", "closed"),),
        ),
        Table(
            "stage_events",
            "one row per deal entering a stage",
            _columns(
                "opportunity_id:text* stage:text* entered_at:time* rep_id:text",
                opportunity_id=_DEAL,
                rep_id=_REP,
            ),
            known="entered_at",
        ),
        Table(
            "leads",
            "one row per lead",
            _columns(
                "lead_id:text* created:day* channel:text company:text industry:text"
                " size_employees:count annual_revenue:money region:text rep_id:text need:text"
                " expected_purchase:day budget:money decision_maker:flag"
                " converted_opportunity_id:text contact_name:text! phone:text! email:text!",
                rep_id=_REP,
                converted_opportunity_id=_DEAL,
                size_employees=_NOT_NEGATIVE,
            ),
            key=("lead_id",),
            known="created",
        ),
        Table(
            "fit_scores",
            "one row per need of a lead or customer",
            _columns(
                "subject_id:text* need:text* score:score* weight:number buying_power:text"
                " scored_by:text scored_at:day",
                score={"low": 1, "high": 5},
                weight=_NOT_NEGATIVE,
                buying_power={"choices": ("high", "medium", "low")},
            ),
            key=("subject_id", "need"),
            known="scored_at",
        ),
        Table(
            "activities",
            "one row per contact with a customer or lead",
            _columns(
                "activity_id:text* date:day* rep_id:text* kind:text* customer_id:text lead_id:text"
                " opportunity_id:text summary:text feedback:text objection:text progressed:flag"
                " next_action:text next_owner:text due:day status:text recorded_at:time",
                rep_id=_REP,
                customer_id=_CUSTOMER,
                lead_id=_LEAD,
                opportunity_id=_DEAL,
                status={"choices": ("open", "done", "failed")},
            ),
            key=("activity_id",),
            known="date",
        ),
        Table(
            "channel_costs",
            "one row per channel and month",
            _columns("month:month* channel:text* cost:money*", cost=_NOT_NEGATIVE),
            key=("month", "channel"),
            known="month",
        ),
        Table(
            "targets",
            "one row per target: period, metric and the members it is for",
            _columns(
                "period:period* metric:text* target:number* region:text product_line:text"
                " customer_type:text rep_id:text team:text owner:text remark:text",
                rep_id=_REP,
                target=_NOT_NEGATIVE,
            ),
            key=("period", "metric", "region", "product_line", "customer_type", "rep_id", "team"),
        ),
        Table(
            "reps",
            "one row per salesperson",
            _columns(
                "rep_id:text* name:text team:text region:text role:text manager_id:text"
                " mentor_id:text hired:day left:day base_pay:money",
                manager_id=_REP,
                mentor_id=_REP,
                base_pay=_NOT_NEGATIVE,
            ),
            key=("rep_id",),
            known="hired",
            order=(("hired", "left"),),
        ),
        Table(
            "contracts",
            "one row per contract",
            _columns(
                "contract_id:text* customer_id:text* start:day* end:day* annual_value:money*"
                " renewed_by:text renewed_on:day product_line:text rep_id:text",
                customer_id=_CUSTOMER,
                rep_id=_REP,
                renewed_by={"refers": "contracts.contract_id"},
                annual_value=_NOT_NEGATIVE,
            ),
            key=("contract_id",),
            known="start",
            order=(("start", "end"),),
        ),
        Table(
            "key_results",
            "one row per key result",
            _columns(
                "objective:text* key_result:text* metric:text unit:text baseline:number"
                " target:number* owner:text start:day due:day* weight:number direction:text"
                " parent:text level:text",
                direction={"choices": ("up", "down")},
                level={"choices": ("company", "team", "person")},
                weight=_NOT_NEGATIVE,
            ),
            key=("objective", "key_result"),
            known="start",
            order=(("start", "due"),),
        ),
        Table(
            "check_ins",
            "one row per key result and check-in",
            _columns(
                "key_result:text* date:day* value:number* confidence:share note:text",
                confidence={"low": 0, "high": 1},
            ),
            key=("key_result", "date"),
            known="date",
        ),
        Table(
            "strategies",
            "one row per strategy",
            _columns(
                "strategy:text* goal:text* lever:text budget:money spent:money start:day due:day"
                " owner:text expected:text indicator:text milestone:text milestone_due:day"
                " milestone_done:day",
                lever={"choices": ("product", "price", "channel", "promotion")},
                budget=_NOT_NEGATIVE,
                spent=_NOT_NEGATIVE,
            ),
            key=("strategy", "milestone"),
            known="start",
            order=(("start", "due"),),
        ),
        Table(
            "care_plan",
            "one row per customer and action",
            _columns(
                "customer_id:text* action:text* frequency:text owner:text last_done:day"
                " satisfaction:number note:text",
                customer_id=_CUSTOMER,
            ),
            key=("customer_id", "action"),
        ),
        Table(
            "tasks",
            "one row per sub-task",
            _columns(
                "task:text* item:text* target:number done:number unit:text owner:text* start:day"
                " due:day* finished:day acceptor:text remark:text"
            ),
            key=("task", "item", "owner"),
            known="start",
        ),
        Table(
            "meetings",
            "one row per action agreed in a review meeting",
            _columns(
                "meeting_date:day* topic:text action:text* owner:text* due:day* done_on:day"
                " decision:text"
            ),
            known="meeting_date",
        ),
        Table(
            "training",
            "one row per person and course",
            _columns(
                "rep_id:text* course:text* date:day* pre_score:number post_score:number"
                " max_score:number attendance:share interactions:count satisfaction:number"
                " control:flag",
                rep_id=_REP,
                attendance={"low": 0, "high": 1},
            ),
            key=("rep_id", "course", "date"),
            known="date",
        ),
        Table(
            "market",
            "one row per industry and year",
            _columns(
                "year:year* industry:text* size:money* our_share:share",
                our_share={"low": 0, "high": 1},
                size=_NOT_NEGATIVE,
            ),
            key=("year", "industry"),
        ),
        Table(
            "awards",
            "one row per award given by hand",
            _columns("date:day* rep_id:text* award:text* amount:money note:text", rep_id=_REP),
            known="date",
        ),
    )
}

# What a row looked like on the as-of date: columns whose value was only learnt on the day another
# column names.
LEARNT: dict[str, dict[str, tuple[str, ...]]] = {
    "orders": {"paid_date": ("paid_amount", "paid_date")},
    "opportunities": {"closed": ("closed", "amount", "lost_reason", "discount")},
    "contracts": {"renewed_on": ("renewed_by", "renewed_on")},
    "reps": {"left": ("left",)},
    "tasks": {"finished": ("finished", "done")},
    "meetings": {"done_on": ("done_on",)},
    "strategies": {"milestone_done": ("milestone_done",)},
    "care_plan": {"last_done": ("last_done", "satisfaction")},
    "activities": {"due": ("status",)},  # what became of an action due later is not known yet
}
EVENT_TABLES = (
    "orders",
    "opportunities",
    "stage_events",
    "leads",
    "activities",
)  # whose newest day dates the data
ONE_OF = ("orders", "opportunities")  # a book needs at least one of these

# The money a table adds up to in the data stamp, and of which rows.
TOTALS: dict[str, tuple[str, str]] = {
    "orders": ("amount", ""),
    "opportunities": ("amount", "outcome = 'won'"),
    "contracts": ("annual_value", ""),
    "channel_costs": ("cost", ""),
    "strategies": ("spent", ""),
    "awards": ("amount", ""),
}


def days_of(name: str) -> tuple[str, ...]:
    """Day columns that say when something in the table happened; deals open and close."""
    if name == "opportunities":
        return ("created", "closed")
    known = TABLES[name].known
    return (known,) if known else ()
