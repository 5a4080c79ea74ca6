"""Time and memory of paying a million deals of 10,000 reps with all kinds of rules, statement lines
included, and of paying 1,000 simulated years of 500 reps. Run: ``python bench/pay_speed.py``.

Prints processor seconds (a busy machine does not count), their ratio to the limit, and the largest
memory of a process of its own for each.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "lib"), str(ROOT / "tests")]

import numpy as np  # noqa: E402 (needs the paths above)
import pandas as pd  # noqa: E402

from pay_plans import months_of, plan  # noqa: E402
from playbook.pay.payroll import payroll  # noqa: E402
from playbook.pay.resampled import yearly_pay  # noqa: E402

DEALS, REPS = 1_000_000, 10_000
BANDS = [(0, 100_000, "0.08"), (100_000, 300_000, "0.10"), (300_000, None, "0.12")]
RULES = [
    {"name": "renewal", "kind": ["renewal"], "customer_type": ["large"], "times": "1.2"},
    {"name": "service", "product_line": ["Service"], "rate": "0.02", "counts": False},
    {"name": "kit", "product_line": ["Kit"], "points": "0.015"},
]
TARGET = {
    "target_pay": 5_000,
    "levels": [{"at": "0.8", "pays": "0.5"}, {"at": 1, "pays": 1}],
    "between": "interpolated",
    "above": 2,
}
PLANS = {
    "marginal": plan(BANDS, rules=RULES, cap=80_000, attainment=TARGET),
    "whole": plan(BANDS, mode="whole", rules=RULES, cap=80_000, attainment=TARGET),
    "deal limits": plan(BANDS, rules=RULES, deal_cap=9_000, deal_floor=5, threshold="0.1"),
    "measures": plan(
        BANDS,
        rules=RULES,
        attainment={
            **TARGET,
            "measures": [
                {"name": "revenue", "weight": "0.7"},
                {
                    "name": "customers",
                    "of": "new_logos",
                    "weight": "0.3",
                    "quota": 3,
                    "gate": {"measure": "revenue", "at": "0.5"},
                },
            ],
        },
    ),
    "split in two": plan(
        BANDS,
        rules=RULES,
        cap=80_000,
        splits=[{"to": "order", "share": "0.6"}, {"to": "customer", "share": "0.4"}],
    ),
}
LIMITS = {name: (5.0, 1.5) for name in PLANS} | {"simulated years": (3.0, 1.5)}  # s, GB


def deals(count: int, reps: int, refunds: float = 0.03) -> pd.DataFrame:
    """Drawn order lines of a year; some of them refunds, in full and in part, in and after the
    quarter of their sale.
    """
    rng = np.random.default_rng(1)

    def names(letter: str, numbers: np.ndarray) -> pd.Series:
        return pd.Series(np.char.add(letter, numbers.astype(str)), dtype="str")

    def one_of(*words: str) -> pd.Series:
        known = pd.Series(words, dtype="str").array
        return pd.Series(known.take(rng.integers(0, len(words), count)))

    day = np.sort(np.datetime64("2023-01-01") + rng.integers(0, 365, count))
    amount = rng.integers(1, 200_000_000, count)
    back = np.sort(rng.choice(np.arange(1, count), int(count * refunds), replace=False))
    sold = (back * rng.random(len(back))).astype(int)
    number = np.arange(count)
    number[back] = number[sold]
    amount[back] = -np.maximum((np.abs(amount[sold]) * rng.choice([1, 0.5, 0.3], len(back))), 1)
    nothing = pd.Series([None] * count, dtype="str")
    return pd.DataFrame(
        {
            "order_id": names("O", number),
            "opportunity_id": nothing,
            "date": day.astype("datetime64[s]"),
            "customer_id": names("C", rng.integers(0, 100_000, count)),
            "customer_type": one_of("large", "small"),
            "product_line": one_of("Kit", "Service", "Other"),
            "channel": nothing,
            "kind": one_of("new", "renewal"),
            "region": nothing,
            "rep_id": names("R", rng.integers(0, reps, count)),
            "deal_rep": nothing,
            "customer_rep": names("R", rng.integers(0, reps, count)),
            "lead_rep": nothing,
            "amount": amount,
            "paid_amount": np.zeros(count, dtype=np.int64),
            "paid_date": np.full(count, np.datetime64("NaT"), dtype="datetime64[s]"),
            "source": pd.Series(["order"] * count, dtype="str"),
        }
    )


def measured(what: str) -> str:
    """One measurement as a line of text: seconds, ratio to the limit, memory, what was paid."""
    seconds, memory = LIMITS[what]
    if what == "simulated years":
        rng = np.random.default_rng(1)
        history = months_of(np.round(rng.gamma(2, 20_000, (36, 500)), 2), PLANS["marginal"])
        history = _with_quota(history)
        sampled = rng.integers(0, 36, (1000, 12))
        start = time.process_time()
        said = f"{yearly_pay(history, sampled).size:,} years of pay"
    else:
        rows = deals(DEALS, REPS)
        quota = np.full(1, 2_000_000_000)
        start = time.process_time()
        lines = payroll(rows, PLANS[what], quotas=lambda g: np.repeat(quota, len(g))).lines
        said = f"{len(lines):,} lines"
    took = time.process_time() - start
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    ok = took <= seconds and used <= memory
    return (
        f"{what}: {said}, {took:.2f} s ({took / seconds:.2f} of {seconds:g} s),"
        f" {used:.2f} GB ({used / memory:.2f} of {memory:g} GB){'' if ok else '  OVER'}"
    )


def _with_quota(history):
    from dataclasses import replace

    from playbook.pay.drawn_quotas import QUOTA_PARTS

    quota = np.full(history.credit.shape, 600_000_000, dtype=np.int64) * QUOTA_PARTS
    return replace(history, quota=quota)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(measured(sys.argv[1]))
        sys.exit()
    lines = [
        subprocess.run(
            [sys.executable, __file__, what], capture_output=True, text=True, check=True
        ).stdout.strip()
        for what in LIMITS
    ]
    print("\n".join(lines))
    sys.exit(any(line.endswith("OVER") for line in lines))
