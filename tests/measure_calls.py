"""Every public measure with what it is asked, so that engines can be compared on all of them."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import narwhals as nw

import playbook.data.measures as room
from playbook.data.book import Book
from playbook.data.measures import (
    movement,
    sales,
)
from playbook.data.measures.deals import deals_of
from playbook.data.measures.frames import collect
from playbook.data.measures.order_ids import on_first_day
from playbook.data.measures.people import reps
from playbook.data.tables import TABLES

# Arithmetic on frames and days of this machine, and expressions without rows.
NO_ROWS = {
    "acquisition.months_of",
    "as_given.plain_days",
    "case.heads_by_month",
    "customers.is_order",
    "days.*",
    "deals.deal_value",
    "deals.whole_day",
    "few_buyers.*",
    "few_deals.*",
    "frames.*",
    "many_rows.*",
    "order_windows.as_months",
    "order_windows.orders_in",
    "people.early_first_deals",
    "people.names",
    "plan_curves.*",
    "plan_moves.factor_of",
    "plan_moves.parts_of",
    "plan_moves.sum_of",
    "plan_moves.sums_above",
    "plan_rounding.*",
    "renewal.follow",
    "renewal.inferred",
    "renewal.upgraded",
    "sales.in_window",
    "sales.month_numbers_of",
    "sales.total",
    "sales.total_of",
    "sales.within",
    "shared.*",
    "silence.longest_silences",
    "silence.silent_at",
    "targets.*",
}

# Measures whose answer has a row per member, and of which table: pay names every order line it
# pays, a list of customers every customer. Bounded by [engine] most_rows; all others are grouped.
PER_MEMBER = {
    "as_given.customer_industries": "customers",
    "awards.researched": "activities",
    "awards.progress": "activities",
    "assigned.payments": "orders",  # whose day of payment stands in for the table
    "case.daily": "contracts",
    "case.renewals_by_month": "contracts",
    "cause_rows.discounts_by": "orders",
    "contacts.care": "care_plan",
    "contacts.fit": "fit_scores",
    "contacts.leads": "leads",
    "contacts.log": "activities",
    "contacts.outcomes": "opportunities",
    "credits.best_of_month": "activities",
    "credits.credits": "orders",
    "credits.first_responses": "activities",
    "credits.won_discounts": "opportunities",
    "customer_list.last_rep": "customers",
    "customer_list.who": "customers",
    "customers.totals": "customers",
    "day_counts.decided_between": "opportunities",
    "movement.against_their_day": "opportunities",
    "plan.plan_of": "targets",
    "plan_frames.month_targets": "targets",
    "plan_frames.plan_sums": "targets",
    "plan_frames.sales_targets": "targets",
    "as_given.target_rows": "targets",
    "potential.rep_potential": "customers",
    "purchases.first_purchase": "customers",
    "purchases.histories": "customers",
    "purchases.purchases": "customers",
    "reasons.discounted_deals": "opportunities",
    "reasons.priced_lines": "orders",
    "reasons.priced_orders": "orders",
    "recurring.mrr": "contracts",
    "recurring.mrr_bridge": "contracts",
    "recurring.mrr_months": "contracts",
    "renewal.contracts": "contracts",
    "renewal.stopped": "contracts",
    "sales.active": "customers",
    "sales.by_customer": "customers",
    "silence.decided_contacts": "activities",
    "week_work.customer_silence": "customers",
}


def _orders(b: Book) -> nw.LazyFrame:
    return b.table("orders")


def _start(b: Book) -> date:
    return b.as_of - timedelta(days=120)


def _since(b: Book) -> int:
    return (b.month - 6).number


def _two(b: Book) -> tuple[Any, Any]:
    return b.window("month"), b.window("month")


# What a measure is asked besides the book (or its deals); named in the order of its parameters.
ASKED: dict[str, Callable[[Book], tuple[Any, ...]]] = {
    "acquisition.new_between": lambda b: (b, _start(b), b.as_of),
    "acquisition.short_history": lambda b: (b, _start(b)),
    "awards.progress": lambda b: (b.table("activities"),),
    "case.sales_parts": lambda b: (b, 3),
    "case.first_deals_by_month": lambda b: (b, reps(b), 90),
    "cause_rows.won_amounts": lambda b: (deals_of(b), ["channel"], _since(b)),
    "cause_rows.match_by": lambda b: (deals_of(b), "channel", _since(b)),
    "cause_rows.discounts_by": lambda b: (b, ["channel"]),
    "channels.customers_by_channel": lambda b: (b, *_two(b)),
    "comebacks.comebacks": lambda b: (_orders(b), _start(b), b.as_of),
    "contacts.leads": lambda b: (b.table("leads"),),
    "contacts.fit": lambda b: (b.table("fit_scores"),),
    "contacts.outcomes": lambda b: (b.table("opportunities"),),
    "contacts.log": lambda b: (b.table("activities"), _start(b), b.as_of),
    "contacts.care": lambda b: (b.table("care_plan"),),
    "counter_sales.without_customer": lambda b: (b, _start(b), b.as_of),
    "credits.order_lines": lambda b: (_orders(b),),
    "credits.won_lines": lambda b: (b.table("opportunities"),),
    "credits.best_of_month": lambda b: (b.table("activities"), "visit"),
    "credits.first_responses": lambda b: (b.table("leads"), b.table("activities")),
    "customer_list.who": lambda b: (b.table("customers"),),
    "customer_list.last_rep": lambda b: (_orders(b),),
    "customer_list.rep_names": lambda b: (b.table("reps"),),
    "customers.has_lines": lambda b: (_orders(b),),
    "customers.totals": lambda b: (_orders(b), {"all": b.window("all"), "m": b.window("month")}),
    "day_counts.day_counts": lambda b: (deals_of(b), b, _start(b), b.as_of),
    "day_counts.contacts_on": lambda b: (b, b.as_of),
    "day_counts.decided_between": lambda b: (deals_of(b), _start(b), b.as_of),
    "deals.with_dimensions": lambda b: (b, ["channel"]),
    "deals.step_counts": lambda b: (deals_of(b), 0, 1),
    "deals_to_act_on.open_deals": lambda b: (deals_of(b), {0: 10.0, 1: 20.0}, 5),
    "movement.moved": lambda b: (deals_of(b), _start(b), b.as_of),
    "movement.movement_sums": lambda b: (movement.moved(deals_of(b), _start(b), b.as_of),),
    "movement.largest_in": lambda b: (movement.moved(deals_of(b), _start(b), b.as_of), "won", 5),
    "movement.against_their_day": lambda b: (deals_of(b), _since(b)),
    "names.customer_names": lambda b: (b, set(_ids(b, "customers")), set(_ids(b, "leads"))),
    "objections.objected_deals": lambda b: (deals_of(b), 1, _since(b)),
    "objections.words_of_contacts": lambda b: (b, _ids(b, "opportunities")),
    "order_ids.with_order": lambda b: (b, _orders(b)),
    "order_ids.order_keys": lambda b: (
        b,
        collect(
            b.table("orders").select("order_id", "customer_id", "date"),
            sort=["order_id", "customer_id", "date"],
        ).head(20),
    ),
    "order_ids.keyed": lambda b: (b, _orders(b)),
    "order_ids.orders_by_month": lambda b: (b, sales.filled_rows(b)),
    "order_ids.repeats": lambda b: (b, sales.filled_rows(b), ["channel"]),
    "passages.passages": lambda b: (b.table("opportunities"), b.table("stage_events"), b.stages),
    "people.top_sellers": lambda b: (b, b.window("month")),
    "people.new_hires": lambda b: (b, b.window("all")),
    "people.leavers": lambda b: (b, b.window("all")),
    "people.steps": lambda b: (b, _start(b)),
    "people.won_deals": lambda b: (b, _start(b), b.as_of),
    "performance.customer_cells": lambda b: (b, *_two(b)),
    "performance.customer_sales": lambda b: (b, ["channel"], *_two(b)),
    "performance.unit_of": lambda b: (b, *_two(b)),
    "pipeline.created_sums": lambda b: (b, _start(b), b.as_of),
    "plan_frames.plan_sums": lambda b: (b, b.month - 5, b.month),
    "plan_history.history": lambda b: (b, "sales"),
    "process.by_month": lambda b: (b, "orders", "date"),
    "process.manager_of": lambda b: (b, _ids(b, "reps")[-1]),
    "profit.with_profit": lambda b: (b, sales.filled_rows(b).with_columns(cost=nw.col("cost"))),
    "profit.profit_by": lambda b: (_profit(b), ["channel"]),
    "purchases.cohort_counts": lambda b: (on_first_day(b), b.as_of, "1q", b.table("customers")),
    "purchases.first_month": lambda b: (on_first_day(b), b.as_of, b.table("customers")),
    "purchases.newcomers": lambda b: (on_first_day(b), b.as_of, b.table("customers")),
    "purchases.channel_sales": lambda b: (_orders(b), b.window("all"), {"web", "direct"}),
    "purchases.deliveries": lambda b: (_orders(b), _start(b), b.as_of),
    "purchases.first_purchase": lambda b: (on_first_day(b), b.as_of),
    "purchases.histories": lambda b: (on_first_day(b), [b.as_of, _start(b)]),
    "purchases.purchases": lambda b: (on_first_day(b), b.as_of),
    "reasons.objection_counts": lambda b: (deals_of(b), 1),
    "reasons.discount_counts": lambda b: (deals_of(b), [0.0, 0.05, 0.1]),
    "reasons.micro_counts": lambda b: (deals_of(b), b, 1, {"quote": "proposal"}),
    "recurring.mrr": lambda b: (b, b.as_of),
    "recurring.mrr_bridge": lambda b: (b, _start(b), b.as_of),
    "recurring.mrr_months": lambda b: (b, b.month - 5, b.month),
    "renewal.stopped": lambda b: (b, _contracts(b)),
    "repurchase.counts_from": lambda b: (_orders(b), 19_600),
    "rows.stopped_deals": lambda b: (deals_of(b), 0, 1, {}, _since(b), 5),
    "sales.own_columns": lambda b: (b, "orders"),
    "sales.with_members": lambda b: (sales.order_rows(b),),
    "sales.between": lambda b: (sales.filled_rows(b), _start(b), b.as_of),
    "sales.by_month": lambda b: (sales.filled_rows(b), ["channel"]),
    "sales.by_day": lambda b: (sales.filled_rows(b),),
    "sales.distinct_orders": lambda b: (sales.filled_rows(b), ["channel"]),
    "sales.buyers": lambda b: (sales.filled_rows(b), ["channel"]),
    "sales.first_orders": lambda b: (sales.filled_rows(b),),
    "sales.active": lambda b: (sales.filled_rows(b), _start(b), b.as_of, {}),
    "sales.returning": lambda b: (sales.filled_rows(b), _start(b), b.as_of),
    "sales.by_customer": lambda b: (sales.filled_rows(b),),
    "silence.decided_contacts": lambda b: (deals_of(b), b, _since(b)),
    "snapshots.newest_before": lambda b: (b, b.as_of),
    "splits.has_split": lambda b: (b, "region"),
    "splits.split_again": lambda b: (b, ["region"]),
    "splits.split_months": lambda b: (b, ["region"]),
    "stage_rates.win_wait": lambda b: (deals_of(b), 0, 0.5),
    "week_work.waiting_lead_rows": lambda b: (b, _start(b)),
    "window_counts.window_counts": lambda b: (
        sales.order_rows(b),
        {"all": b.window("all"), "m": b.window("month")},
    ),
    "won_ahead.won_ahead": lambda b: (b, _start(b), b.as_of),
    "won_ahead.won_new": lambda b: (b, _start(b), b.as_of),
    "work.contacts": lambda b: (b, _start(b), b.as_of),
    "work.open_actions": lambda b: (b, b.as_of),
}
NAMED: dict[str, dict[str, Any]] = {
    "case.renewals_by_month": {"large": False},
    "window_counts.window_counts": {"unique": True},
}


def _ids(b: Book, table: str, most: int = 200) -> list[str]:
    key = TABLES[table].key[0]
    return list(collect(b.table(table).select(key).sort(key).head(most))[key])


def _contracts(b: Book) -> Any:
    from playbook.data.measures.renewal import contracts

    return contracts(b)


def _profit(b: Book) -> nw.LazyFrame:
    from playbook.data.measures.profit import with_profit

    return with_profit(b, sales.filled_rows(b))


def measures() -> dict[str, Callable[..., Any]]:
    """Every public function of data/measures that asks rows, by ``module.name``."""
    found = {}
    for place in pkgutil.iter_modules(room.__path__):
        module = importlib.import_module(f"{room.__name__}.{place.name}")
        for name, function in vars(module).items():
            own = inspect.isfunction(function) and function.__module__ == module.__name__
            full = f"{place.name}.{name}"
            if own and not name.startswith("_") and not {full, f"{place.name}.*"} & NO_ROWS:
                found[full] = function
    return found


def asked(name: str, function: Callable[..., Any], book: Book) -> Any:
    """A measure's answer on a book."""
    if name in ASKED:
        return function(*ASKED[name](book), **NAMED.get(name, {}))
    needed = [
        parameter.name
        for parameter in inspect.signature(function).parameters.values()
        if parameter.default is inspect.Parameter.empty
        and parameter.kind is not parameter.KEYWORD_ONLY
    ]
    given = {"book": lambda: book, "deals": lambda: deals_of(book)}
    return function(*(given[one]() for one in needed), **NAMED.get(name, {}))
