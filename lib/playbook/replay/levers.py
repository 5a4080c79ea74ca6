"""The measures on and off: the company simulated again with each combination of its five measures, on common random numbers.

    python -m playbook.replay.levers --seeds 10

writes ``levers.csv`` beside this file; the chapter reads it, so that it runs in seconds.
"""

from __future__ import annotations

import argparse
import hashlib
from collections.abc import Iterable
from dataclasses import fields, replace
from itertools import combinations
from math import factorial
from pathlib import Path

import pandas as pd

from . import contracts, deals, people
from .days import LAST, quarter_of, quarter_start
from .parameters import Company, Levers

LEVERS = tuple(f.name for f in fields(Levers))
LABELS = {"objectives": "Objectives and key results", "tiers": "Value tiers and service", "funnel": "Channels and funnel", "incentives": "Renewal and referral awards", "enablement": "Training and mentoring"}
OUTCOMES = ("growth", "returning", "renewal", "churn", "match", "objection", "cycle", "won")
CACHE = Path(__file__).with_name("levers.csv")
BASE, LATEST = 6, 10      # 2022-Q3 and 2023-Q3


def switched(c: Company, on: Iterable[str]) -> Company:
    """The company with only the named measures taken, on their dates."""
    on = set(on)
    return replace(c, levers=replace(c.levers, **{name: getattr(c.levers, name) if name in on else "" for name in LEVERS}))


def outcomes(c: Company) -> dict[str, float]:
    """Indicators of the third quarter of 2023 (growth against the same quarter of 2022), refunds left out."""
    team = people.build_team(c)
    new = deals.new_business(c, team)
    owners = contracts.customers(c, team, new)
    ledger = contracts.lifetimes(c, owners)
    grown, renewed = pd.DataFrame(ledger.expansions), pd.DataFrame(ledger.renewals)
    first = new[(new.reached == 3) & (new.closed <= LAST)]
    more = grown[(grown.reached == 3) & (grown.closed <= LAST)]
    renewals = renewed["list"] * (100 - renewed["discount"]) // 100
    sold = {q: [float(first.amount[quarter_of(first.closed) == q].sum()), float(more.amount[quarter_of(more.closed) == q].sum() + renewals[quarter_of(renewed.day) == q].sum())] for q in (BASE, LATEST)}
    won = pd.concat([first[["day", "closed"]], more[["day", "closed"]]])
    won = won[quarter_of(won.closed) == LATEST]
    total = sum(sold[LATEST])
    return {"growth": total / sum(sold[BASE]) - 1, "returning": sold[LATEST][1] / total, **_contracts(ledger, owners), **_funnel(new, grown), "cycle": float((won.closed - won.day).median()), "won": float(len(won))}


def _contracts(ledger: contracts.Ledger, owners: pd.DataFrame) -> dict[str, float]:
    due = pd.DataFrame([(k["customer"], k["end"], k["next"] is not None) for k in ledger.contracts], columns=["customer", "end", "kept"])
    due = due[quarter_of(due.end) == LATEST]
    large = owners.type.to_numpy()[due.customer] == 0
    return {"renewal": float(due.kept[large].mean()), "churn": float(1 - due.kept[~large].mean())}


def _funnel(new: pd.DataFrame, grown: pd.DataFrame) -> dict[str, float]:
    start = quarter_start(LATEST)
    came = new[(new.day >= start) & (new.day <= LAST)]
    there = pd.concat([f[(f.reached >= 2) & (f.negotiation_day >= start) & (f.negotiation_day <= LAST)][["objected"]] for f in (new, grown)])
    return {"match": float(came.match.mean()), "objection": float(there.objected.mean())}


def runs(seeds: Iterable[int], c: Company | None = None) -> pd.DataFrame:
    """Every combination of measures for every seed: mask (one 0 or 1 per measure), seed, outcomes.

    One seed gives the same leads, customers and luck in all 32 companies; only what the measures change differs.
    """
    c = c or Company()
    rows = []
    for seed in seeds:
        for size in range(len(LEVERS) + 1):
            for on in combinations(LEVERS, size):
                rows.append({"mask": mask_of(on), "seed": seed, **outcomes(replace(switched(c, on), seed=seed))})
    return pd.DataFrame(rows)


def mask_of(on: Iterable[str]) -> str:
    on = set(on)
    return "".join("1" if name in on else "0" for name in LEVERS)


def shapley(values: dict[str, float], names: tuple[str, ...] = LEVERS) -> dict[str, float]:
    """Each measure's contribution: its mean effect over all orders in which the measures could have been added.

    values: outcome per mask, all 2**n of them. The contributions add up to all-on minus all-off.

    >>> shapley({"00": 0.0, "10": 1.0, "01": 2.0, "11": 4.0}, ("a", "b"))
    {'a': 1.5, 'b': 2.5}
    """
    n = len(names)
    shares = {}
    for i, name in enumerate(names):
        total = 0.0
        for mask in values:
            if mask[i] == "0":
                size = mask.count("1")
                weight = factorial(size) * factorial(n - size - 1) / factorial(n)
                total += weight * (values[mask[:i] + "1" + mask[i + 1:]] - values[mask])
        shares[name] = total
    return shares


def fingerprint(c: Company | None = None) -> str:
    """Of the parameters the cached runs were made with."""
    return hashlib.sha256(repr((c or Company()).describe()).encode()).hexdigest()[:12]


def cached() -> tuple[pd.DataFrame, str]:
    """The cached runs and the fingerprint of the parameters they were made with."""
    first = CACHE.read_text(encoding="utf-8").split("\n", 1)[0]
    return pd.read_csv(CACHE, comment="#", dtype={"mask": str}), first.removeprefix("# parameters ")


def main() -> None:
    parser = argparse.ArgumentParser(description="simulate every combination of measures and write levers.csv")
    parser.add_argument("--seeds", type=int, default=10)
    made = runs(range(1, parser.parse_args().seeds + 1))
    text = made.round(5).to_csv(index=False, lineterminator="\n")
    CACHE.write_text(f"# parameters {fingerprint()}\n{text}", encoding="utf-8")


if __name__ == "__main__":
    main()
