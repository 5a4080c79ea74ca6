"""The simulator's speed: one company-year, and what all combinations of the measures would take.

    python bench/replay.py --runs 6

Runs whole companies (2021-01 to 2023-09) with all and with no measures and prints seconds per company-year and the time 32 combinations × 50 seeds take.
"""

from __future__ import annotations

import argparse
import time

from playbook.replay.days import MONTHS
from playbook.replay.levers import LEVERS, outcomes, switched
from playbook.replay.parameters import Company

COMBINATIONS, SEEDS, WORKERS = 2 ** len(LEVERS), 50, 2


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=6, help="companies simulated")
    runs = parser.parse_args().runs
    outcomes(Company())                                   # imports and first calls are not what is measured
    start = time.process_time()
    for i in range(runs):
        outcomes(switched(Company(seed=i + 1), LEVERS if i % 2 else ()))
    each = (time.process_time() - start) / runs
    print(f"one company of {MONTHS} months: {each:.2f} s of processor time; one company-year: {each / MONTHS * 12:.2f} s")
    print(f"{COMBINATIONS} combinations × {SEEDS} seeds on {WORKERS} workers: about {each * COMBINATIONS * SEEDS / WORKERS:.0f} s")


if __name__ == "__main__":
    main()
