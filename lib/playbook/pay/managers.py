"""What a manager earns on the credit of direct reports."""

from __future__ import annotations

from decimal import Decimal

import pandas as pd

from playbook.base.periods import Month
from playbook.base.settings.plans import CommissionPlan
from playbook.data.measures.credits import TICKS

from .award_line import AwardLine
from .history import History
from .payroll import Payroll
from .tiers import to_money


def manager_lines(past: History, plan: CommissionPlan, paid: Payroll) -> list[AwardLine]:
    """The manager's rate on what each direct report is credited, one line per report and month."""
    if not plan.manager_rate:
        return []
    rows: list[AwardLine] = []
    for (rep, month), ticks in reports_credit(past, paid).items():
        day = pd.Timestamp(min(Month(month.year, month.month).end, past.book.as_of))
        pay = to_money(Decimal(int(ticks)) / TICKS * plan.manager_rate, past.minor)
        rows.append(
            AwardLine(
                past.managers[rep],
                day,
                None,
                None,
                "manager",
                pay,
                f"{(plan.manager_rate * 100).normalize():f} % of the credit of {past.name(rep)}",
                int(ticks),
            )
        )
    return rows


def reports_credit(past: History, paid: Payroll) -> pd.Series:
    """Credit of everyone who has a manager, by rep and month [ticks]; an order that tiers and
    attainment both pay counts once.
    """
    once = (paid.lines["item"] != "attainment") if paid.plan.tiers else True
    orders = paid.lines[once & paid.lines["rep_id"].isin(list(past.managers))]
    return (
        orders.assign(month=orders["date"].dt.to_period("M"))
        .groupby(["rep_id", "month"])["amount"]
        .sum()
    )
