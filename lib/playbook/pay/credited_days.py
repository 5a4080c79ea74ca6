"""What people are credited by day, for whoever asks how much and when, not for which order."""

from __future__ import annotations

import pandas as pd

from playbook.base.settings.plans import CommissionPlan

from .credit import credit
from .history import History
from .periods import period_number
from .sums import sums_by


def credited_days(past: History, plan: CommissionPlan) -> pd.DataFrame:
    """Credit of all history under ``plan``, as if it had always held: rep_id, period (its number),
    date, amount and sold (amounts above 0) [ticks], one row per rep, period and day. Of a plan that
    looks at one deal at a time a period is an order.
    """
    return past.once(("credited days", plan.model_dump_json()), lambda: _days(past, plan))


def _days(past: History, plan: CommissionPlan) -> pd.DataFrame:
    if past.sums_before is not None and _as_prepared(past, plan):
        return _of_prepared(past, plan)
    bare = plan.model_copy(update={"rules": []})  # they set rates, and credit what tiers do
    found = credit(past.orders, bare, fiscal_year_start=past.fiscal_year_start)
    rows = found.rows[["rep", "period", "date", "amount"]]
    if plan.accumulate == "deal":
        order = pd.factorize(found.lines["order_id"])[0][found.rows["line"].to_numpy()]
        rows = rows.assign(period=order)[order >= 0]
    rows = rows.assign(sold=rows["amount"].clip(lower=0))
    first, sums = sums_by(rows, ("rep", "period", "date"), ("amount", "sold"))
    made = rows.iloc[first].assign(**sums).reset_index(drop=True)
    return made.assign(rep_id=found.reps(made)).drop(columns="rep")


def _as_prepared(past: History, plan: CommissionPlan) -> bool:
    """Whether the lines that pay is worked out of hold the whole credit: nobody is left out, no
    order is split, and no amount is at another rate.
    """
    orders = past.orders
    alone = plan.accumulate != "deal" and not plan.splits and not len(past.shares)
    own = "currency" not in orders or not orders["currency"].notna().any()
    return alone and own and plan.for_all and not plan.measured


def _of_prepared(past: History, plan: CommissionPlan) -> pd.DataFrame:
    """``credited_days`` of millions of lines, from those prepared for the engine."""
    made = past.prepared_lines(plan)
    nobody = made.unassigned
    nobody = nobody.assign(
        rep=-1,
        period=period_number(nobody["date"], plan.accumulate, past.fiscal_year_start),
    )
    keys, values = ("rep", "period", "date"), ("amount", "sold")
    parts = []
    for rows in (made.core, made.late, made.beyond, nobody):
        rows = rows[[*keys, "amount"]]
        rows = rows.assign(sold=rows["amount"].clip(lower=0))
        first, sums = sums_by(rows, keys, values)
        parts.append(rows.iloc[first].assign(**sums))
    kinds = made.core.dtypes[[*keys, "amount"]]
    every = pd.concat([part for part in parts if len(part)] or parts, ignore_index=True)
    first, sums = sums_by(every, keys, values)
    found = every.iloc[first].assign(**sums).reset_index(drop=True).astype(kinds)
    return found.assign(rep_id=made.credit.reps(found)).drop(columns="rep")
