"""What people are credited by day, for whoever asks how much and when, not for which order."""

from __future__ import annotations

import pandas as pd

from playbook.base.settings.plans import CommissionPlan

from .credit import credit
from .history import History
from .sums import sums_by


def credited_days(past: History, plan: CommissionPlan) -> pd.DataFrame:
    """Credit of all history under ``plan``, as if it had always held: rep_id, period (its number),
    date, amount and sold (amounts above 0) [ticks], one row per rep, period and day. Of a plan that
    looks at one deal at a time a period is an order.
    """
    return past.once(("credited days", plan.model_dump_json()), lambda: _days(past, plan))


def _days(past: History, plan: CommissionPlan) -> pd.DataFrame:
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
