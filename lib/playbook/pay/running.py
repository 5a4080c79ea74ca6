"""The order lines that decide what running periods pay, of a history too long to be paid twice."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from playbook.base.settings.plans import CommissionPlan

from .history import History
from .periods import period_span

FEW = 100_000  # order lines that are paid whole rather than looked through
IDS = ("order_id", "opportunity_id")


def running_lines(past: History, plans: Sequence[CommissionPlan]) -> pd.DataFrame | None:
    """Order lines of the running periods of ``plans`` with all lines that share an order or a deal
    with a refund among them, and so on; None where the history is short, or where a plan looks
    further back.

    What an order of the as-of day adds to pay is the same with these lines as with all: it changes
    its rep's running period alone, and that period is complete.
    """
    orders = past.orders
    if len(orders) <= FEW or any(_looks_back(one) for one in plans):
        return None
    if "currency" in orders and orders["currency"].notna().any():
        return None  # a refund's rate is that of its sale, a payment's that of its order
    starts = [
        period_span(past.period_now(one), one.accumulate, past.fiscal_year_start)[0]
        for one in plans
        if one.accumulate != "deal"
    ]
    first = np.datetime64(min(starts, default=past.book.as_of))
    own = ((orders["date"] >= first) | (orders["paid_date"] >= first)).to_numpy()
    return orders[_with_linked(orders, own)].reset_index(drop=True)


def _looks_back(plan: CommissionPlan) -> bool:
    """Whether pay of a period hangs on lines of others."""
    tiers = any(rule.customer_tier for rule in plan.rules)
    first = "new_logos" in plan.measured
    return tiers or first or plan.change == "carry" or plan.cap_year is not None


def _with_linked(orders: pd.DataFrame, keep: np.ndarray) -> np.ndarray:
    """The lines kept and those that share an order or a deal with a refund kept."""
    back = (orders["amount"] < 0).to_numpy()
    while True:
        more = keep.copy()
        for name in IDS:
            refunded = orders[name][keep & back].dropna().unique()
            if len(refunded):
                more |= orders[name].isin(refunded).to_numpy()
        if (more == keep).all():
            return keep
        keep = more
