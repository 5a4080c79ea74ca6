"""Money in advance of pay: what was advanced, what later pay took back, and what is still owed."""

from __future__ import annotations

from decimal import Decimal

import pandas as pd

from playbook.base.periods import Month, months_between
from playbook.base.settings.plan_parts import Draw
from playbook.base.settings.plans import CommissionPlan

from .award_line import AwardLine
from .history import History, minor_money
from .payroll import Payroll


def ledger(earned: list[Decimal], draw: Draw) -> pd.DataFrame:
    """Month by month: earned, advanced, recovered, balance (owed back), paid [currency].

    Below the draw the difference is advanced. Above it, a recoverable draw takes back what is owed,
    but never below the draw.
    Over all months paid = earned + balance at the end for a recoverable draw, and earned + advanced
    otherwise.
    """
    rows, owed = [], Decimal(0)
    for pay in earned:
        advanced = max(draw.monthly - pay, Decimal(0))
        recovered = (
            min(owed, max(pay - draw.monthly, Decimal(0))) if draw.recoverable else Decimal(0)
        )
        owed += (advanced if draw.recoverable else Decimal(0)) - recovered
        rows.append(
            {
                "earned": pay,
                "advanced": advanced,
                "recovered": recovered,
                "balance": owed,
                "paid": pay + advanced - recovered,
            }
        )
    return pd.DataFrame(rows, columns=["earned", "advanced", "recovered", "balance", "paid"])


def advance_ledgers(
    past: History, plan: CommissionPlan, paid: Payroll, *, dated: bool = False
) -> pd.DataFrame:
    """Advances of every rep entitled to a draw, month by month to the as-of month.

    dated: only months in which the plan is in force. Returns rep_id, month (``YYYY-MM``) and the
    columns of ``ledger``.
    """
    columns = ["rep_id", "month", "earned", "advanced", "recovered", "balance", "paid"]
    made = []
    if plan.draw is not None:
        monthly = (
            paid.lines.assign(month=paid.lines["date"].dt.to_period("M"))
            .groupby(["rep_id", "month"])["pay"]
            .sum()
            .to_dict()
        )
        for rep, months in entitled_months(past, plan, dated=dated).items():
            earned = [
                minor_money(
                    monthly.get((rep, pd.Period(year=m.year, month=m.month, freq="M")), 0),
                    paid.minor,
                )
                for m in months
            ]
            made.append(
                ledger(earned, plan.draw).assign(rep_id=rep, month=[str(m) for m in months])
            )
    return pd.concat(made, ignore_index=True) if made else pd.DataFrame(columns=columns)


def entitled_months(
    past: History, plan: CommissionPlan, *, dated: bool = False
) -> dict[str, list[Month]]:
    """Rep id → months in which the rep may draw: on board, to the as-of month, and where the plan
    limits the draw to the first months after hiring within those.

    dated: only months in which the plan is in force. Somebody without a day of hiring counts as on
    board from the first order on and is entitled to no draw that is limited to first months.
    """
    if plan.draw is None or not len(past.orders):
        return {}
    start, last = Month.of(past.orders["date"].min().date()), Month.of(past.book.as_of)
    if dated:
        start, last = (
            max(start, Month.of(plan.starts)),
            min(last, Month.of(plan.ends)) if plan.ends else last,
        )
    found = {}
    for person in past.people[past.people["rep_id"].isin(past.sellers)].itertuples(index=False):
        hired = Month.of(person.hired.date()) if pd.notna(person.hired) else None
        months = months_between(
            max(start, hired) if hired else start,
            min(last, Month.of(person.left.date())) if pd.notna(person.left) else last,
        )
        if plan.draw.months:
            months = [month for month in months if hired and month - hired < plan.draw.months]
        if months:
            found[person.rep_id] = months
    return found


def advance_lines(
    past: History, plan: CommissionPlan, paid: Payroll, *, dated: bool = False
) -> list[AwardLine]:
    """Money in advance of pay and what later pay makes up for it, one line a month, so that a
    statement adds up to what is paid out.
    """
    rows: list[AwardLine] = []
    for r in advance_ledgers(past, plan, paid, dated=dated).itertuples(index=False):
        day = pd.Timestamp(min(Month.parse(r.month).end, past.book.as_of))
        owed = past.book.fmt.text(r.balance, "money.exact")
        if r.advanced:
            rows.append(
                AwardLine(
                    r.rep_id,
                    day,
                    None,
                    None,
                    "draw",
                    r.advanced,
                    "made up to the draw of the month"
                    + (f"; {owed} owed" if plan.draw.recoverable else ""),
                )
            )
        if r.recovered:
            rows.append(
                AwardLine(
                    r.rep_id,
                    day,
                    None,
                    None,
                    "draw recovered",
                    -r.recovered,
                    f"makes up for money advanced; {owed} still owed",
                )
            )
    return rows
