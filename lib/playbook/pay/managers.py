"""What managers earn on the credit of those who reported to them on the day of the sale."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

import numpy as np
import pandas as pd

from playbook.base.language import say
from playbook.base.periods import Month
from playbook.base.settings.plans import CommissionPlan
from playbook.data.measures.credits import TICKS

from .award_line import AwardLine
from .history import History, minor_money
from .lines import credited_once
from .payroll import Payroll


class ManagerPay(NamedTuple):
    """What a manager earns on one report's credit of a month. ticks: the credit. units: the pay
    [minor units]. level: 0 for the direct manager, 1 for that one's manager …
    """

    manager: str
    rep: str
    month: Month
    level: int
    ticks: int
    units: int


def manager_lines(past: History, plan: CommissionPlan, paid: Payroll) -> list[AwardLine]:
    """The managers' rates on what each report is credited, one line per report and month."""
    rates = manager_rates(plan)
    return [
        AwardLine(
            one.manager,
            pd.Timestamp(min(one.month.end, past.book.as_of)),
            None,
            None,
            "manager",
            minor_money(one.units, past.minor),
            say(
                "{normalize:f} % of the credit of {name}",
                normalize=(rates[one.level] * 100).normalize(),
                name=past.name(one.rep),
            ),
            one.ticks,
        )
        for one in manager_pay(past, plan, paid)
    ]


def manager_rates(plan: CommissionPlan) -> list[Decimal]:
    """The rate of each level of managers, the direct one first."""
    return [plan.manager_rate, *plan.manager_rates]


def manager_pay(past: History, plan: CommissionPlan, paid: Payroll) -> list[ManagerPay]:
    """What every manager earns by report and month: the rate on the credit of sales made while the
    report was theirs; a refund goes back to whoever managed on the day of its sale.

    Each month adds to the rounded pay of all months before it, so that credit taken back in full
    leaves nothing paid.
    """
    if not any(manager_rates(plan)):
        return []
    orders = paid.lines[credited_once(paid.lines, plan)]
    orders = orders[["rep_id", "sold", "date", "amount"]].assign(
        month=orders["date"].to_numpy().astype("datetime64[M]").astype(np.int64) + 1970 * 12
    )
    found: list[ManagerPay] = []
    above = orders["rep_id"]
    for level, rate in enumerate(manager_rates(plan)):
        above = pd.Series(past.roster.on("manager", above, orders["sold"]), index=orders.index)
        if rate:
            found += _of_level(orders.assign(manager=above), level, rate, past.minor)
        above = above.fillna("")
    return sorted(found, key=lambda one: (one.level, one.rep, one.month, one.manager))


def _of_level(orders: pd.DataFrame, level: int, rate: Decimal, minor: int) -> list[ManagerPay]:
    known = orders[orders["manager"].notna() & (orders["manager"] != "")]
    sums = known.groupby(["manager", "rep_id", "month"])["amount"].sum().sort_index()
    found = []
    total: dict[tuple[str, str], int] = {}
    done: dict[tuple[str, str], int] = {}
    for (manager, rep, number), ticks in sums.items():
        key = (manager, rep)
        total[key] = total.get(key, 0) + int(ticks)
        upto = round(Fraction(total[key], TICKS) * Fraction(rate) * 10**minor)
        units = upto - done.get(key, 0)
        done[key] = upto
        month = Month.from_number(int(number))
        found.append(ManagerPay(manager, rep, month, level, int(ticks), units))
    return found
