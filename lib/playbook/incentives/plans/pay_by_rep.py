"""Twelve months' pay under two plans: per rep, and in sum."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pandas as pd

from playbook.base import contracts as c
from playbook.base.contracts import Frame
from playbook.base.settings.plans import CommissionPlan
from playbook.methods.inequality import gini, pay_slope, top_share
from playbook.pay.history import History, minor_money, money
from playbook.pay.lines import credited_once

WINDOW = "trailing_12m"


class PayUnderTwoPlans(Frame):
    """One row per rep paid or credited in the twelve months, largest gain first."""

    rep_id = c.text("rep")
    rep = c.text("the rep's name")
    amount = c.money("credited under the plan in force")
    current = c.money("pay under the plan in force")
    other = c.money("pay under the other plan")
    change = c.money("other − current")
    relative = c.share("change ÷ current; none where current is not above nought")


class PlanCosts(Frame):
    """One row per plan: what it costs in twelve months and how it spreads pay over reps."""

    plan = c.text("the plan's name")
    payout = c.money("pay of all reps")
    revenue = c.money("revenue of the plan's basis")
    cost_of_sales = c.share("payout ÷ revenue; none without revenue")
    median = c.money("median pay of a rep")
    top_share = c.share("share of pay that the best-paid fifth of reps gets")
    gini = c.score("Gini coefficient of pay, 0 all alike to 1")
    slope = c.share("pay per unit sold: least-squares slope over reps")
    explained = c.share("share of the variance of pay that sales explain (R²)")


def pay_by_rep(past: History, pays: list[pd.DataFrame]) -> pd.DataFrame:
    """Pay per rep under both plans, largest gain first, then by id."""
    once = credited_once(pays[0], past.chosen.current)
    credit = pays[0][once].groupby("rep_id")["amount"].sum()
    both = (
        pd.concat(
            [credit, *(lines.groupby("rep_id")["pay"].sum() for lines in pays)],
            axis=1,
            keys=["amount", "current", "other"],
        )
        .fillna(0)
        .sort_index()
    )
    frame = pd.DataFrame(
        {
            "rep_id": both.index,
            "rep": [past.name(rep) for rep in both.index],
            "amount": [money(v) for v in both["amount"]],
            "current": [minor_money(v, past.minor) for v in both["current"]],
            "other": [minor_money(v, past.minor) for v in both["other"]],
        }
    )
    frame["change"] = [b - a for a, b in zip(frame["current"], frame["other"], strict=True)]
    frame["relative"] = [
        float(c / a) if a > 0 else None
        for a, c in zip(frame["current"], frame["change"], strict=True)
    ]
    return frame.sort_values(
        ["change", "rep_id"], ascending=[False, True], kind="stable"
    ).reset_index(drop=True)


def plan_summary(past: History, plan: CommissionPlan, amount: pd.Series, pay: pd.Series) -> dict:
    numbers = pay.astype(float).to_numpy()
    revenue, total = past.revenue(plan, WINDOW), sum(pay, Decimal(0))
    slope, explained = pay_slope(amount.astype(float).to_numpy(), numbers)
    return {
        "plan": plan.name,
        "payout": total,
        "revenue": revenue,
        "cost_of_sales": float(total / revenue) if revenue > 0 else None,
        "median": float(np.median(numbers)),
        "top_share": top_share(numbers),
        "gini": gini(numbers),
        "slope": slope,
        "explained": explained,
    }
