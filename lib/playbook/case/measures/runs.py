"""The simulated company under every combination of its measures, on common random numbers.

    python -m playbook.case --seeds 50 --workers 2

writes ``levers.csv`` beside this file; the chapter reads it, so that it runs in seconds.
"""

from __future__ import annotations

import argparse
import hashlib
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from pathlib import Path

import pandas as pd

from playbook.base.language import say
from playbook.simulator.outcomes import OUTCOMES, outcomes
from playbook.simulator.parameters import Company

from .codes import codes, placed

CACHE = Path(__file__).with_name("levers.csv")


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
    """Simulates every combination again and writes ``levers.csv``."""
    parser = argparse.ArgumentParser(
        description=(
            say(
                "simulate every combination of measures, and each measure moved in"
                " time, and write levers.csv"
            )
        )
    )
    parser.add_argument(
        "--seeds", type=int, default=50, help=say("companies, each with all combinations")
    )
    parser.add_argument("--workers", type=int, default=2, help=say("processes"))
    asked = parser.parse_args()
    text = rounded(runs(range(1, asked.seeds + 1), workers=asked.workers)).to_csv(
        index=False, lineterminator="\n"
    )
    CACHE.write_text(f"# parameters {fingerprint()}\n{text}", encoding="utf-8")


def stale() -> bool:
    """Whether the parameters have changed since the cached runs were made."""
    return cached()[1] != fingerprint()
