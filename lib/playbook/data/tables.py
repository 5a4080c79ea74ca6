"""The contract: every table of a book, its columns, types, keys, ranges and references. Data, not
code paths.
"""

from __future__ import annotations

from typing import Any

from .table_specs import SQL_TYPE, ColumnSpec, Kind, TableSpec, columns_of

__all__ = [
    "EVENT_TABLES",
    "LEARNT",
    "ONE_OF",
    "SQL_TYPE",
    "TABLES",
    "TOTALS",
    "ColumnSpec",
    "Kind",
    "TableSpec",
    "days_of",
]

_CUSTOMER: dict[str, Any] = {"refers": "customers.customer_id"}
_REP: dict[str, Any] = {"refers": "reps.rep_id"}
_DEAL: dict[str, Any] = {"refers": "opportunities.opportunity_id"}
_LEAD: dict[str, Any] = {"refers": "leads.lead_id"}
_NOT_NEGATIVE: dict[str, Any] = {"low": 0}

TABLES: dict[str, TableSpec] = {
    table.name: table
    for table in (
        TableSpec(
            "customers",
            "one row per customer",
            columns_of(
                "customer_id:text* name:text industry:text region:text customer_type:text"
                " size_employees:count since:day channel:text rep_id:text strategic:flag"
                " contact_name:text! phone:text! email:text!",
                rep_id=_REP,
                size_employees=_NOT_NEGATIVE,
            ),
            key=("customer_id",),
            known="since",
        ),
        TableSpec(
            "orders",
            "one row per order, or per order line (then order_id repeats)",
            columns_of(
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
        TableSpec(
            "opportunities",
            "one row per deal",
            columns_of(
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
        TableSpec(
            "stage_events",
            "one row per deal entering a stage",
            columns_of(
                "opportunity_id:text* stage:text* entered_at:time* rep_id:text",
                opportunity_id=_DEAL,
                rep_id=_REP,
            ),
            known="entered_at",
        ),
        TableSpec(
            "leads",
            "one row per lead",
            columns_of(
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
        TableSpec(
            "fit_scores",
            "one row per need of a lead or customer",
            columns_of(
                "subject_id:text* need:text* score:score* weight:number buying_power:text"
                " scored_by:text scored_at:day",
                score={"low": 1, "high": 5},
                weight=_NOT_NEGATIVE,
                buying_power={"choices": ("high", "medium", "low")},
            ),
            key=("subject_id", "need"),
            known="scored_at",
        ),
        TableSpec(
            "activities",
            "one row per contact with a customer or lead",
            columns_of(
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
        TableSpec(
            "channel_costs",
            "one row per channel and month",
            columns_of("month:month* channel:text* cost:money*", cost=_NOT_NEGATIVE),
            key=("month", "channel"),
            known="month",
        ),
        TableSpec(
            "targets",
            "one row per target: period, metric and the members it is for",
            columns_of(
                "period:period* metric:text* target:number* region:text product_line:text"
                " customer_type:text rep_id:text team:text owner:text remark:text",
                rep_id=_REP,
                target=_NOT_NEGATIVE,
            ),
            key=("period", "metric", "region", "product_line", "customer_type", "rep_id", "team"),
        ),
        TableSpec(
            "reps",
            "one row per salesperson",
            columns_of(
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
        TableSpec(
            "contracts",
            "one row per contract",
            columns_of(
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
        TableSpec(
            "key_results",
            "one row per key result",
            columns_of(
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
        TableSpec(
            "check_ins",
            "one row per key result and check-in",
            columns_of(
                "key_result:text* date:day* value:number* confidence:share note:text",
                confidence={"low": 0, "high": 1},
            ),
            key=("key_result", "date"),
            known="date",
        ),
        TableSpec(
            "strategies",
            "one row per strategy",
            columns_of(
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
        TableSpec(
            "care_plan",
            "one row per customer and action",
            columns_of(
                "customer_id:text* action:text* frequency:text owner:text last_done:day"
                " satisfaction:number note:text",
                customer_id=_CUSTOMER,
            ),
            key=("customer_id", "action"),
        ),
        TableSpec(
            "tasks",
            "one row per sub-task",
            columns_of(
                "task:text* item:text* target:number done:number unit:text owner:text* start:day"
                " due:day* finished:day acceptor:text remark:text"
            ),
            key=("task", "item", "owner"),
            known="start",
        ),
        TableSpec(
            "meetings",
            "one row per action agreed in a review meeting",
            columns_of(
                "meeting_date:day* topic:text action:text* owner:text* due:day* done_on:day"
                " decision:text"
            ),
            known="meeting_date",
        ),
        TableSpec(
            "training",
            "one row per person and course",
            columns_of(
                "rep_id:text* course:text* date:day* pre_score:number post_score:number"
                " max_score:number attendance:share interactions:count satisfaction:number"
                " control:flag",
                rep_id=_REP,
                attendance={"low": 0, "high": 1},
            ),
            key=("rep_id", "course", "date"),
            known="date",
        ),
        TableSpec(
            "market",
            "one row per industry and year",
            columns_of(
                "year:year* industry:text* size:money* our_share:share",
                our_share={"low": 0, "high": 1},
                size=_NOT_NEGATIVE,
            ),
            key=("year", "industry"),
        ),
        TableSpec(
            "awards",
            "one row per award given by hand",
            columns_of("date:day* rep_id:text* award:text* amount:money note:text", rep_id=_REP),
            known="date",
        ),
    )
}

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
