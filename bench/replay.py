"""The simulator's speed: one company-year, and what all combinations of the measures take.

    python bench/replay.py --seeds 4 --workers 2

Simulates companies (2021-01 to 2023-09) under all 32 combinations of the measures for so many
seeds, in so many processes. Prints processor seconds per company-year, the time taken, and what 50
seeds take at that pace.
"""

from __future__ import annotations

import argparse
import time

from playbook.case.measures.codes import LEVERS, codes
from playbook.case.measures.runs import runs
from playbook.simulator.days import MONTHS
from playbook.simulator.outcomes import outcomes
from playbook.simulator.parameters import Company

SEEDS = 50


def main() -> None:
    """Takes the times and prints them."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--seeds", type=int, default=4, help="seeds simulated, each under every combination"
    )
    parser.add_argument("--workers", type=int, default=2, help="processes")
    asked = parser.parse_args()
    switched = codes()[: 2 ** len(LEVERS)]
    outcomes(Company())  # imports and first calls are not what is measured
    start = time.process_time()
    for seed in (1, 2):
        outcomes(Company(seed=seed))
    print(
        f"one company of {MONTHS} months: {(time.process_time() - start) / 2:.3f} s of processor"
        f" time; one company-year: {(time.process_time() - start) / 2 / MONTHS * 12:.3f} s"
    )
    start = time.perf_counter()
    made = runs(range(1, asked.seeds + 1), wanted=switched, workers=asked.workers)
    taken = time.perf_counter() - start
    print(
        f"{len(switched)} combinations × {asked.seeds} seeds ({len(made)} companies) on"
        f" {asked.workers} workers: {taken:.1f} s; × {SEEDS} seeds at that pace:"
        f" {taken / asked.seeds * SEEDS:.0f} s"
    )


if __name__ == "__main__":
    main()
