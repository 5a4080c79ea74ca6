"""Money in advance of pay: what was advanced, what later pay made up for, and what is still owed."""

from __future__ import annotations

from decimal import Decimal

import pandas as pd

from playbook.base.periods import Month, months_between
from playbook.base.plans import CommissionPlan, Draw

from .history import History, minor_money
from .pay import Payroll


def ledger(earned: list[Decimal], draw: Draw) -> pd.DataFrame:
    """Month by month: earned, advanced, recovered, balance (owed back), paid [currency].

    Below the draw the difference is advanced. Above it, a recoverable draw takes back what is owed, but never below the draw.
    Over all months paid = earned + balance at the end for a recoverable draw, and earned + advanced otherwise.
    """
    rows, owed = [], Decimal(0)
    for pay in earned:
        advanced = max(draw.monthly - pay, Decimal(0))
        recovered = min(owed, max(pay - draw.monthly, Decimal(0))) if draw.recoverable else Decimal(0)
        owed += (advanced if draw.recoverable else Decimal(0)) - recovered
        rows.append({"earned": pay, "advanced": advanced, "recovered": recovered, "balance": owed, "paid": pay + advanced - recovered})
    return pd.DataFrame(rows, columns=["earned", "advanced", "recovered", "balance", "paid"])


def draws(past: History, plan: CommissionPlan, paid: Payroll) -> pd.DataFrame:
    """The draw ledger of every rep entitled to one, from hiring (or the first paid line) to the as-of month: rep_id, month and ``ledger``."""
    if plan.draw is None:
        return pd.DataFrame(columns=["rep_id", "month", "earned", "advanced", "recovered", "balance", "paid"])
    last, made = Month.of(past.book.as_of), []
    monthly = paid.lines.assign(month=paid.lines["date"].dt.to_period("M")).groupby(["rep_id", "month"])["pay"].sum()
    start = Month.of(plan.starts or past.orders["date"].min().date())
    for person in past.people.itertuples(index=False):
        months = months_between(max(start, Month.of(person.hired.date())) if pd.notna(person.hired) else start,
                                min(last, Month.of(person.left.date())) if pd.notna(person.left) else last)
        if plan.draw.months:
            months = months[: plan.draw.months] if pd.notna(person.hired) and person.hired.date() >= start.start else []
        if not months:
            continue
        earned = [minor_money(monthly.get((person.rep_id, pd.Period(year=m.year, month=m.month, freq="M")), 0), paid.minor) for m in months]
        made.append(ledger(earned, plan.draw).assign(rep_id=person.rep_id, month=[str(m) for m in months]))
    return pd.concat(made, ignore_index=True) if made else pd.DataFrame(columns=["rep_id", "month", "earned", "advanced", "recovered", "balance", "paid"])
