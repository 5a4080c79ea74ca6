"""What a manager earns on the credit of direct reports."""

from __future__ import annotations

from fractions import Fraction

import pandas as pd

from playbook.base.periods import Month
from playbook.base.settings.plans import CommissionPlan
from playbook.data.measures.credits import TICKS

from .award_line import AwardLine
from .history import History, minor_money
from .payroll import Payroll


def manager_lines(past: History, plan: CommissionPlan, paid: Payroll) -> list[AwardLine]:
    """The manager's rate on what each direct report is credited, one line per report and month."""
    if not plan.manager_rate:
        return []
    rows: list[AwardLine] = []
    for rep, month, ticks, units in manager_pay(past, plan, paid):
        rows.append(
            AwardLine(
                past.managers[rep],
                pd.Timestamp(min(month.end, past.book.as_of)),
                None,
                None,
                "manager",
                minor_money(units, past.minor),
                f"{(plan.manager_rate * 100).normalize():f} % of the credit of {past.name(rep)}",
                ticks,
            )
        )
    return rows


def manager_pay(
    past: History, plan: CommissionPlan, paid: Payroll
) -> list[tuple[str, Month, int, int]]:
    """(report, month, credit [ticks], what the manager earns on it [minor units]).

    Each month adds to the rounded pay of all months before it, so that credit taken back in full
    leaves nothing paid.
    """
    found: list[tuple[str, Month, int, int]] = []
    total: dict[str, int] = {}
    done: dict[str, int] = {}
    for (rep, month), ticks in reports_credit(past, paid).sort_index().items():
        total[rep] = total.get(rep, 0) + int(ticks)
        exact = Fraction(total[rep], TICKS) * Fraction(plan.manager_rate)
        upto = round(exact * 10**past.minor)
        units = upto - done.get(rep, 0)
        found.append((rep, Month(month.year, month.month), int(ticks), units))
        done[rep] = upto
    return found


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
