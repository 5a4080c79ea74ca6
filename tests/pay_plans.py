"""Small commission plans and order lines, for the tests of pay and of the incentive chapter."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pandas as pd

from playbook.base.periods import Month
from playbook.base.settings.plans import CommissionPlan
from playbook.pay.monthly import MonthlyHistory
from playbook.pay.period_pay import PeriodPay

THREE = [(0, 1_000_000, "0.08"), (1_000_000, 2_000_000, "0.10"), (2_000_000, None, "0.12")]


def plan(bands=THREE, **options) -> CommissionPlan:
    tiers = [{"lower": low, "upper": high, "rate": rate} for low, high, rate in bands]
    return CommissionPlan.model_validate(
        {"name": "test", "tiers": tiers, "starts": "2000-01-01", **options}
    )


def orders(*rows: dict) -> pd.DataFrame:
    """Order lines as ``measures.credits`` gives them; amounts in currency, everything else
    optional.
    """
    blank = {
        "order_id": None,
        "opportunity_id": None,
        "customer_id": "C1",
        "customer_type": None,
        "product_line": None,
        "channel": None,
        "kind": "new",
        "region": None,
        "rep_id": "R1",
        "deal_rep": None,
        "customer_rep": None,
        "lead_rep": None,
        "paid_date": None,
        "source": "order",
    }
    made = []
    for i, row in enumerate(rows):
        line = {**blank, "order_id": f"O{i:04d}", **row}
        line["amount"] = int(Decimal(str(row["amount"])) * 10_000)
        line["paid_amount"] = int(Decimal(str(row.get("paid_amount", 0))) * 10_000)
        made.append(line)
    frame = pd.DataFrame(made, columns=[*blank, "date", "amount", "paid_amount"])
    for day in ("date", "paid_date"):
        frame[day] = pd.to_datetime(frame[day]).astype("datetime64[s]")
    return frame


def sale(amount, date="2023-01-10", **more) -> dict:
    return {"amount": amount, "date": date, **more}


def by_hand(amount: Fraction, bands=THREE, mode="marginal") -> Fraction:
    """Tier pay straight from the definition, with fractions."""
    amount = Fraction(amount)
    if mode == "whole":
        rate = next(
            (Fraction(r) for low, high, r in bands if (high is None or amount <= high)), None
        )
        return amount * rate
    return sum(
        (
            Fraction(r) * max(0, (min(amount, high) if high is not None else amount) - low)
            for low, high, r in bands
        ),
        Fraction(0),
    )


def pay_of(amount, one: CommissionPlan, quota=None) -> Fraction:
    """What the engine pays for a period's amount at the plain rates [currency]."""
    return PeriodPay(one, quota and Decimal(quota)).pay([Decimal(amount)])[0]


def months_of(sales: np.ndarray, one: CommissionPlan) -> MonthlyHistory:
    """Months (rows) of reps (columns) with one credited line each [currency], and nothing else."""
    ticks, (months, reps) = np.rint(sales * 10_000).astype(np.int64), sales.shape
    none = np.zeros((months, reps), dtype=np.int64)
    return MonthlyHistory(
        plan=one,
        minor=2,
        reps=[f"R{i}" for i in range(reps)],
        months=[Month(2023, 1) + i for i in range(months)],
        amount=ticks.ravel(),
        rule=np.full(ticks.size, -1),
        deal=np.arange(ticks.size),
        count=none + 1,
        credit=ticks,
        sales=ticks,
        alone=None,
        back=none,
        other=none,
        managed=none,
        manager=np.full(reps, -1),
        quota=None,
        aboard=none,
        days=np.full(months, 30),
        entitled=none > 0,
        owed=none[0],
    )


def one_quota(amount: int):
    """The same quota for every rep and period [currency]."""
    return lambda groups: np.full(len(groups), amount * 10_000, dtype=np.int64)
