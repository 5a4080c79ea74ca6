"""What the speed claims about pay come from: 1 million deals of 10,000 reps over 12 months, and
1,000 simulated years of 500 reps.

Run: ``python bench/incentives.py``. Prints seconds and peak memory; nothing is asserted.
"""

from __future__ import annotations

import resource
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))

from playbook.base.periods import Month
from playbook.base.settings.plans import CommissionPlan
from playbook.incentives.plans.simulated_years import sample_years
from playbook.incentives.plans.simulated_years import simulate as run_years
from playbook.methods import exact
from playbook.pay.first_orders import referral
from playbook.pay.monthly import MonthlyHistory
from playbook.pay.payroll import payroll

BANDS = [
    {"lower": 0, "upper": 1_000_000, "rate": "0.08"},
    {"lower": 1_000_000, "upper": 2_000_000, "rate": "0.10"},
    {"lower": 2_000_000, "rate": "0.12"},
]
RENEWALS = [
    {
        "name": "large-customer renewal",
        "kind": ["renewal"],
        "customer_type": ["large"],
        "times": "1.2",
    }
]
REFERRALS = [
    {"name": "referral", "event": "referral", "amount": 1000, "to": ["rep", "customer_owner"]}
]


def deals(n: int = 1_000_000, reps: int = 10_000, seed: int = 1) -> pd.DataFrame:
    """Order lines as the measures give them: sorted by day and id, one in fifty refunded later."""
    rng = np.random.default_rng(seed)
    day = np.sort(rng.integers(0, 365, n))
    amount = np.round(rng.lognormal(9.5, 1.0, n), 2) * 10_000
    frame = pd.DataFrame(
        {
            "order_id": np.arange(n).astype(str),
            "opportunity_id": None,
            "date": np.datetime64("2023-01-01", "s") + day.astype("timedelta64[D]"),
            "customer_id": rng.integers(0, 200_000, n).astype(str),
            "customer_type": rng.choice(["large", "small"], n),
            "product_line": "A",
            "channel": rng.choice(["web", "ads", "referral"], n, p=[0.5, 0.45, 0.05]),
            "kind": rng.choice(["new", "renewal"], n),
            "region": None,
            "rep_id": np.char.add("R", rng.integers(0, reps, n).astype(str)),
            "deal_rep": None,
            "customer_rep": None,
            "lead_rep": None,
            "amount": amount.astype(np.int64),
            "paid_amount": 0,
            "paid_date": np.datetime64("NaT", "s"),
            "source": "order",
        }
    )
    back = frame.sample(n // 50, random_state=1)
    back = back.assign(
        amount=-back["amount"], kind="refund", date=back["date"] + pd.Timedelta(days=100)
    )
    return (
        pd.concat([frame, back[back["date"] < "2024-01-01"]])
        .sort_values(["date", "order_id"], kind="stable")
        .reset_index(drop=True)
    )


def timed(what: str, run) -> None:
    start, used = time.perf_counter(), time.process_time()
    result = run()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
    print(
        f"{what}: {time.perf_counter() - start:.2f} s ({time.process_time() - used:.2f} s of"
        f" processor), peak {peak:.2f} GB{f' · {result}' if result else ''}"
    )


def pay(frame: pd.DataFrame, plan: CommissionPlan) -> str:
    paid = payroll(frame, plan)
    statements = exact.group_sum(
        paid.lines["pay"].to_numpy(), exact.starts(pd.factorize(paid.lines["rep_id"])[0])
    )
    assert statements.sum() == paid.total()
    return (
        f"{len(paid.lines):,} lines, {len(statements):,} statements, payroll"
        f" {paid.total() / 100:,.2f}"
    )


def with_awards(frame: pd.DataFrame, plan: CommissionPlan) -> str:
    """Tiers, rules and a referral award for every referred customer's first order."""
    past = SimpleNamespace(orders=frame, mentors={})
    rows, _ = referral(past, plan.awards[0])
    return f"{pay(frame, plan)}, {len(rows):,} awards of {sum(row[5] for row in rows):,}"


def history(plan: CommissionPlan, reps: int, rules: bool, months: int = 24) -> MonthlyHistory:
    """Two years of ``reps`` people, one credited line a month each, or three where rules tell them
    apart.
    """
    rng, lines = np.random.default_rng(1), 3 if rules else 1
    amount = np.rint(rng.lognormal(12, 1, (months, reps, lines)) * 10_000 / lines).astype(np.int64)
    rule = rng.integers(-1, len(plan.rules), amount.shape) if rules else np.full(amount.shape, -1)
    credit, none = amount.sum(axis=2), np.zeros((months, reps), dtype=np.int64)
    return MonthlyHistory(
        plan=plan,
        minor=2,
        reps=[f"R{i}" for i in range(reps)],
        months=[Month(2022, 1) + i for i in range(months)],
        amount=amount.ravel(),
        rule=rule.ravel(),
        deal=np.arange(amount.size),
        count=none + lines,
        credit=credit,
        sales=credit,
        alone=None,
        back=none,
        other=none + 50_00,
        managed=none,
        manager=np.full(reps, -1),
        quota=None,
        aboard=none,
        days=np.full(months, 30),
        entitled=none > 0,
        owed=none[0],
    )


def simulate(rules: bool, years: int = 1000, reps: int = 500) -> str:
    """Both plans whole on drawn years, the second with sales that answer to it."""
    marginal = CommissionPlan(
        name="marginal", starts="2023-01-01", tiers=BANDS, rules=RENEWALS if rules else []
    )
    pair = [
        history(one, reps, rules)
        for one in (marginal, marginal.model_copy(update={"name": "whole", "mode": "whole"}))
    ]
    made = run_years(pair, sample_years(24, years, seed=1), 0.2)
    return (
        f"median pay {np.median(made.pay[0].sum(axis=1)) / 100:,.0f} and"
        f" {np.median(made.pay[1].sum(axis=1)) / 100:,.0f}"
    )


if __name__ == "__main__":
    only = sys.argv[1] if len(sys.argv) > 1 else ""
    if only == "years":
        timed("1,000 simulated years of 500 reps, two plans whole", lambda: simulate(rules=False))
        timed("… with a renewal rule, three lines a rep and month", lambda: simulate(rules=True))
        sys.exit()
    without = deals()
    sales = without[without["amount"] > 0].reset_index(drop=True)
    timed(
        "1,000,000 deals, marginal quarterly tiers",
        lambda: pay(sales, CommissionPlan(name="q", starts="2023-01-01", tiers=BANDS)),
    )
    timed(
        "… with a renewal rule and referral awards",
        lambda: with_awards(
            sales,
            CommissionPlan(
                name="q", starts="2023-01-01", tiers=BANDS, rules=RENEWALS, awards=REFERRALS
            ),
        ),
    )
    timed(
        "… and refunds clawed back",
        lambda: pay(
            without, CommissionPlan(name="q", starts="2023-01-01", tiers=BANDS, rules=RENEWALS)
        ),
    )
    timed("1,000 simulated years of 500 reps, two plans whole", lambda: simulate(rules=False))
    timed("… with a renewal rule, three lines a rep and month", lambda: simulate(rules=True))
