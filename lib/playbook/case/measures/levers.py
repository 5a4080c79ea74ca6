"""The measures on, off and moved in time: the company simulated again with each combination, on
common random numbers.

    python -m playbook.replay --seeds 50 --workers 2

writes ``levers.csv`` beside this file; the chapter reads it, so that it runs in seconds.
"""

from __future__ import annotations

import argparse
import hashlib
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import fields, replace
from itertools import combinations
from math import factorial
from pathlib import Path

import numpy as np
import pandas as pd

from playbook.simulator import contracts, deals, people, records
from playbook.simulator.days import LAST, quarter_start
from playbook.simulator.parameters import Company, Levers

LEVERS = tuple(f.name for f in fields(Levers))
LABELS = {
    "objectives": "Objectives and key results",
    "tiers": "Value tiers and service",
    "funnel": "Channels and funnel",
    "incentives": "Renewal and referral awards",
    "enablement": "Training and mentoring",
}
OUTCOMES = (
    "growth",
    "sales_year",
    "returning",
    "per_head",
    "leads",
    "match",
    "objection",
    "won",
    "cycle",
    "renewal",
    "churn",
    "first_deal",
)
SHIFT = 3  # months a measure is moved
CACHE = Path(__file__).with_name("levers.csv")
BASE, BEFORE, LATEST = (
    6,
    8,
    10,
)  # 2022-Q3, which growth is measured against; 2023-Q1, the last before the measures; 2023-Q3


def switched(c: Company, on: Iterable[str]) -> Company:
    """The company with only the named measures taken, on their dates."""
    return placed(c, mask_of(on))


def outcomes(c: Company) -> dict[str, float]:
    """Indicators of the third quarter of 2023, straight from the simulated deals and contracts,
    without writing tables.

    The definitions are those of ``replay.course``; a test holds the two together. growth and
    per_head: against the same quarter of 2022; sales_year: January to September [currency];
    leads: against the first quarter of 2023. A rate nobody counts for is nan.
    """
    team = people.build_team(c)
    new = deals.new_business(c, team)
    held = contracts.owners(c, team, new)
    ledger = contracts.lifetimes(c, held)
    grown = ledger.expansions
    sold = _sales(c, new, held, ledger)
    heads = {q: _heads(team, q) for q in (BASE, LATEST)}
    year = sum(sum(sold[q]) for q in (BEFORE, BEFORE + 1, LATEST))
    growth = sum(sold[LATEST]) / sum(sold[BASE]) - 1
    closed, day = (
        np.concatenate([f[column][f.reached == 3] for f in (new, grown)])
        for column in ("closed", "day")
    )
    latest = in_quarter(closed, LATEST)
    return {
        "growth": growth,
        "sales_year": year,
        "returning": sold[LATEST][1] / sum(sold[LATEST]),
        "per_head": (1 + growth) * heads[BASE] / heads[LATEST] - 1,
        **_funnel(new, grown),
        "won": float(latest.sum()),
        "cycle": float(np.median((closed - day)[latest])),
        **_contracts(ledger, held),
        "first_deal": _first_deals(team, new, held, grown),
    }


def in_quarter(day: np.ndarray | pd.Series, quarter: int) -> np.ndarray:
    """Which days lie in a quarter."""
    days = np.asarray(day)
    return (days >= quarter_start(quarter)) & (days < quarter_start(quarter + 1))


def _sales(
    c: Company, new: pd.DataFrame, held: pd.DataFrame, ledger: contracts.Ledger
) -> dict[int, tuple[float, float]]:
    """Net sales of the quarters growth and the year are made of: (to new customers, to those of
    before the quarter).
    """
    deal = held.deal.to_numpy()
    first = new.iloc[deal[deal >= 0]].assign(customer=np.flatnonzero(deal >= 0))
    more = ledger.expansions[(ledger.expansions.reached == 3) & (ledger.expansions.closed <= LAST)]
    again = ledger.renewals[ledger.renewals.day >= 0]
    frames = [f[["customer", "closed", "amount", "u_refund", "u_late"]] for f in (first, more)]
    frames.append(
        pd.DataFrame(
            {
                "customer": again.customer,
                "closed": again.day,
                "amount": again["list"] * (100 - again.discount) // 100,
                "u_refund": again.u,
                "u_late": again.v,
            }
        )
    )
    rows = pd.concat(frames, ignore_index=True)
    back = records.refunds(
        c,
        rows.closed.to_numpy(),
        rows.amount.to_numpy(),
        rows.u_refund.to_numpy(),
        rows.u_late.to_numpy(),
    )
    day, amount = np.concatenate([rows.closed, back[1]]), np.concatenate([rows.amount, back[2]])
    since = held.since.to_numpy()[
        np.concatenate([rows.customer, rows.customer.to_numpy()[back[0]]])
    ]
    made = {}
    for quarter in (BASE, BEFORE, BEFORE + 1, LATEST):
        here, known = in_quarter(day, quarter), since < quarter_start(quarter)
        made[quarter] = float(amount[here & ~known].sum()), float(amount[here & known].sum())
    return made


def _heads(team: people.Team, quarter: int) -> float:
    """Mean number of people employed over the days of a quarter."""
    days = np.arange(quarter_start(quarter), quarter_start(quarter + 1))[:, None]
    hired, left = (
        np.concatenate([a, b])
        for a, b in (
            (team.hired, people.SUCCESS_HIRED),
            (team.left, np.full(len(people.SUCCESS_HIRED), people.NEVER)),
        )
    )
    return float(((hired <= days) & (left >= days)).sum() / len(days))


def _contracts(ledger: contracts.Ledger, held: pd.DataFrame) -> dict[str, float]:
    due = ledger.contracts[in_quarter(ledger.contracts.end, LATEST)]
    large, kept = held.type.to_numpy()[due.customer] == 0, due.renewed_on.to_numpy() >= 0
    return {"renewal": share(kept[large]), "churn": 1 - share(kept[~large])}


def _funnel(new: pd.DataFrame, grown: pd.DataFrame) -> dict[str, float]:
    came = in_quarter(new.day, LATEST)
    there = np.concatenate(
        [f.objected[(f.reached >= 2) & in_quarter(f.negotiation_day, LATEST)] for f in (new, grown)]
    )
    return {
        "leads": came.sum() / in_quarter(new.day, BEFORE).sum() - 1,
        "match": share(new.match.to_numpy()[came]),
        "objection": share(there),
    }


def _first_deals(
    team: people.Team, new: pd.DataFrame, held: pd.DataFrame, grown: pd.DataFrame
) -> float:
    """Of the hires whose first 92 days were over in the quarter and who stayed that long, the share
    with a win in them.
    """
    within = 92
    hires = np.flatnonzero(
        in_quarter(team.hired + within, LATEST) & (team.left >= team.hired + within)
    )
    holder = held.rep.to_numpy()[grown.customer]
    seller, closed = (
        np.concatenate([new.rep[new.reached == 3], holder[grown.reached == 3]]),
        np.concatenate([f.closed[f.reached == 3] for f in (new, grown)]),
    )
    near = closed <= team.hired[hires].max(initial=0) + within
    at_close = np.array([team.on(r, d) for r, d in zip(seller[near], closed[near], strict=True)])
    return share(
        [
            bool(
                (
                    (at_close == hire)
                    & (closed[near] >= team.hired[hire])
                    & (closed[near] <= team.hired[hire] + within)
                ).any()
            )
            for hire in hires
        ]
    )


def share(hits: Sequence[bool] | np.ndarray) -> float:
    return float(np.mean(hits)) if len(hits) else float("nan")


def placed(c: Company, code: str) -> Company:
    """The company with each measure as ``code`` has it, one letter per measure in the order of
    ``LEVERS``: 0 never, 1 on its date, e earlier, l later by ``SHIFT`` months.
    """
    return replace(
        c,
        levers=replace(
            c.levers,
            **{
                name: start_of(getattr(c.levers, name), letter)
                for name, letter in zip(LEVERS, code, strict=True)
            },
        ),
    )


def start_of(day: str, letter: str) -> str:
    """First day of a measure under a letter of a code; empty = never.

    >>> start_of("2023-04-01", "e"), start_of("2023-04-01", "l"), start_of("2023-04-01", "0")
    ('2023-01-01', '2023-07-01', '')
    """
    if letter == "0":
        return ""
    year, month, rest = int(day[:4]), int(day[5:7]), day[7:]
    months = year * 12 + month - 1 + {"1": 0, "e": -SHIFT, "l": SHIFT}[letter]
    return f"{months // 12}-{months % 12 + 1:02d}{rest}"


def codes() -> list[str]:
    """All combinations of on and off; then with all on each measure alone earlier or later, and all
    of them.
    """
    every = "1" * len(LEVERS)
    moved = [every[:i] + letter + every[i + 1 :] for i in range(len(LEVERS)) for letter in "el"]
    return (
        [mask_of(on) for size in range(len(LEVERS) + 1) for on in combinations(LEVERS, size)]
        + moved
        + [letter * len(LEVERS) for letter in "el"]
    )


def runs(
    seeds: Iterable[int],
    c: Company | None = None,
    wanted: Sequence[str] | None = None,
    workers: int = 1,
) -> pd.DataFrame:
    """The company under every code for every seed: mask (the code), seed, outcomes.

    One seed gives the same leads, customers and luck in all companies; only what the measures
    change differs.
    """
    jobs = [(c or Company(), seed, tuple(wanted or codes())) for seed in seeds]
    if workers == 1:
        made = [_of_seed(job) for job in jobs]
    else:
        with ProcessPoolExecutor(workers) as pool:
            made = list(pool.map(_of_seed, jobs))
    return pd.DataFrame([row for rows in made for row in rows])


def _of_seed(job: tuple[Company, int, tuple[str, ...]]) -> list[dict]:
    c, seed, wanted = job
    return [
        {"mask": code, "seed": seed, **outcomes(placed(replace(c, seed=seed), code))}
        for code in wanted
    ]


def mask_of(on: Iterable[str]) -> str:
    on = set(on)
    return "".join("1" if name in on else "0" for name in LEVERS)


def shapley(values: dict[str, float], names: tuple[str, ...] = LEVERS) -> dict[str, float]:
    """Each measure's contribution: its mean effect over all orders in which the measures could have
    been added.

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
                total += weight * (values[mask[:i] + "1" + mask[i + 1 :]] - values[mask])
        shares[name] = total
    return shares


def fingerprint(c: Company | None = None) -> str:
    """Of the parameters the cached runs were made with."""
    return hashlib.sha256(repr((c or Company()).describe()).encode()).hexdigest()[:12]


def cached() -> tuple[pd.DataFrame, str]:
    """The cached runs and the fingerprint of the parameters they were made with."""
    first = CACHE.read_text(encoding="utf-8").split("\n", 1)[0]
    return pd.read_csv(CACHE, comment="#", dtype={"mask": str}), first.removeprefix("# parameters ")


def rounded(made: pd.DataFrame) -> pd.DataFrame:
    """Outcomes as the cache holds them: five decimals, sales in whole currency."""
    return made.round({name: 0 if name == "sales_year" else 5 for name in OUTCOMES})


def main() -> None:
    parser = argparse.ArgumentParser(
        description=(
            "simulate every combination of measures, and each measure moved in time, and write"
            " levers.csv"
        )
    )
    parser.add_argument(
        "--seeds", type=int, default=50, help="companies, each with all combinations"
    )
    parser.add_argument("--workers", type=int, default=2, help="processes")
    asked = parser.parse_args()
    text = rounded(runs(range(1, asked.seeds + 1), workers=asked.workers)).to_csv(
        index=False, lineterminator="\n"
    )
    CACHE.write_text(f"# parameters {fingerprint()}\n{text}", encoding="utf-8")
