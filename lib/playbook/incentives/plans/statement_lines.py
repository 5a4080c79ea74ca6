"""Statement lines: what every rep is paid, line by line, each with how it came about."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pandas as pd

from playbook.base.periods import Window
from playbook.base.settings.plans import CommissionPlan
from playbook.pay.advances import draws
from playbook.pay.history import History, minor_money, money
from playbook.pay.lines import within
from playbook.pay.payroll import Payroll
from playbook.pay.periods import period_share
from playbook.pay.tiers import stretched
from playbook.pay.total import Whole
from playbook.pay.wording import how_line

from .standing import standing


def statement_lines(
    past: History, made: Whole, plan: CommissionPlan, window: Window
) -> pd.DataFrame:
    """Lines of the window in money, by rep and day, awards after deals, each with how it came
    about.
    """
    rows = within(made.lines, window.start, window.end)
    rows = rows.sort_values(["rep_id", "date"], kind="stable").reset_index(drop=True)
    plans, steps = {one.name: one for one in past.in_force(plan)}, {}
    for name, number in set(zip(rows["plan"], rows["period"], strict=True)):
        one = plans[name]
        if (
            one.tiers
            and one.tiers_of == "amount"
            and one.accumulate != "deal"
            and one.prorate
            and number >= 0
        ):
            steps[name, number] = stretched(
                one.tiers, period_share(int(number), one, past.fiscal_year_start)
            )
    how = [
        r["why"]
        or how_line(r, plans[r["plan"]], past.book.fmt, steps.get((r["plan"], r["period"])))
        for r in rows.to_dict("records")
    ]
    return rows.assign(
        rep=[past.name(rep) for rep in rows["rep_id"]],
        how=how,
        amount=[money(v) for v in rows["amount"]],
        pay=[minor_money(v, past.minor) for v in rows["pay"]],
        steps=[steps.get(key) for key in zip(rows["plan"], rows["period"], strict=True)],
    )


def payroll_by_rep(
    lines: pd.DataFrame, paid: Payroll, past: History, deal: Decimal
) -> pd.DataFrame:
    """One row per rep, best paid first (then by id)."""
    own = lines["source"] != "award"
    once = own & (
        (lines["item"] != "attainment") if paid.plan.tiers else True
    )  # an order is credited once, though tiers and attainment both pay it
    credit = lines[once].groupby("rep_id")["amount"].sum().to_dict()
    frame = lines.groupby("rep_id")["pay"].sum().reset_index()
    frame["rep"] = [past.name(rep) for rep in frame["rep_id"]]
    frame["credited"] = [credit.get(rep, Decimal(0)) for rep in frame["rep_id"]]
    frame["rate"] = [
        float(p / c) if c > 0 else None
        for p, c in zip(frame["pay"], frame["credited"], strict=True)
    ]
    frame = frame.merge(standing(list(frame["rep_id"]), paid, past, deal), on="rep_id")
    return frame.sort_values(["pay", "rep_id"], ascending=[False, True], kind="stable").reset_index(
        drop=True
    )


def typical_deal(orders: pd.DataFrame, window: Window) -> Decimal:
    """Median amount of an order (its lines together) in the window, to whole currency units."""
    rows = within(orders, window.start, window.end)
    totals = rows[rows["amount"] > 0].groupby("order_id")["amount"].sum()
    return Decimal(round(float(np.median(totals)) / 10_000)) if len(totals) else Decimal(0)


def advances_of(past: History, plan: CommissionPlan, paid: Payroll, window: Window) -> pd.DataFrame:
    """The draw ledger of the window, one row per rep with an advance or a debt."""
    rows = draws(past, plan, paid, dated=True)
    rows = rows[rows["month"] >= str(window.start)[:7]]
    if not len(rows):
        return rows
    sums = rows.groupby("rep_id").agg(
        {**dict.fromkeys(("earned", "advanced", "recovered", "paid"), "sum"), "balance": "last"}
    )
    sums = sums[
        [
            a > 0 or b > 0 or r > 0
            for a, b, r in zip(sums["advanced"], sums["balance"], sums["recovered"], strict=True)
        ]
    ]
    return sums.assign(rep=[past.name(rep) for rep in sums.index]).reset_index()


def name_on(mine: pd.DataFrame, rep_id: str) -> str:
    return str(mine["rep"].iloc[0]) if len(mine) else rep_id
