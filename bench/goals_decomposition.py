"""A yearly target taken to regions, lines, people and months with whole cents at every level: time,
memory, and the proof.

``python -m bench.goals_decomposition`` prints the figures. Where the cascade engine
``b2b-revenue-forecasting`` (0.46, with networkx) can be
imported, for example from a folder of its own named by PYTHONPATH, the part both can do (regions →
lines → people, no months) is timed on both
sides, the best of three each, and their parts and sums are compared.
"""

from __future__ import annotations

import importlib.util
import resource
import time
import tracemalloc
from collections.abc import Callable
from typing import Any

import numpy as np

from playbook.methods.apportionment import cascade, proof

REGIONS, LINES, REPS, MONTHS = 50, 40, 500, 12
TOTAL = 1_000_000_000_00  # 1 bn in cents
SECONDS, MEGABYTES = 2.0, 500.0


def weights(*sizes: int, seed: int = 7) -> list[np.ndarray]:
    """Weights that differ from parent to parent down to the lines, shared below."""
    rng = np.random.default_rng(seed)
    regions, lines, reps, months = sizes
    return [rng.random(regions), rng.random((regions, lines)), rng.random(reps), rng.random(months)]


def run() -> dict[str, float]:
    """Time (best of three), peak memory of the arrays, resident memory, and the largest difference
    found by the proof.
    """
    levels = weights(REGIONS, LINES, REPS, MONTHS)
    times = []
    for _ in range(3):
        started = time.perf_counter()
        made = cascade(TOTAL, levels)
        times.append(time.perf_counter() - started)
    busy = time.process_time()
    cascade(TOTAL, levels)
    busy = time.process_time() - busy
    off = max(difference for _, _, difference in proof(made, TOTAL))
    resident = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    del made
    tracemalloc.start()
    cascade(TOTAL, levels)
    peak = tracemalloc.get_traced_memory()[1] / 2**20
    tracemalloc.stop()
    return {
        "cells": REGIONS * LINES * REPS * MONTHS,
        "seconds": min(times),
        "busy": busy,
        "peak_mb": peak,
        "resident_mb": resident,
        "off": off,
    }


def against_cascade_engine() -> str:
    """The published engine on regions, lines, people where installed; a sentence either way."""
    if importlib.util.find_spec("b2b_revenue_forecasting") is None:
        return "b2b-revenue-forecasting is not installed: no comparison"
    import pandas as pd
    from b2b_revenue_forecasting import MetricSpec, QuotaCascader, SalesHierarchy

    regions, lines, people = REGIONS, LINES, 5
    frame = pd.DataFrame(
        [
            ("C", f"R{r}", f"R{r}L{n}", f"R{r}L{n}P{p}", 1.0 + (r * 7 + n * 3 + p) % 11)
            for r in range(regions)
            for n in range(lines)
            for p in range(people)
        ],
        columns=["company", "region", "line", "person", "Q1_weight"],
    )
    hierarchy = SalesHierarchy()
    hierarchy.from_dataframe(
        frame, path_cols=["company", "region", "line", "person"], metrics_cols=["Q1_weight"]
    )
    theirs, quotas = _best(
        lambda: QuotaCascader(hierarchy).cascade_quota(
            "C", TOTAL / 100, metrics=[MetricSpec("weight", lookback=1)], verbose=False
        )
    )
    w = frame["Q1_weight"].to_numpy().reshape(regions, lines, people)
    ours, levels = _best(lambda: cascade(TOTAL, [w.sum(axis=(1, 2)), w.sum(axis=2), w]))
    rounded = np.array([round(quotas[person] * 100) for person in frame["person"]])
    apart = int(np.abs(levels[-1].ravel() - rounded).max())
    return (
        f"{regions} × {lines} × {people} without months: {ours * 1000:.1f} ms against"
        f" {theirs * 1000:.1f} ms, {theirs / ours:.0f} times as fast; parts differ by {apart} cents"
        f" at most; parts in cents miss the total by {levels[-1].sum() - TOTAL} here, by"
        f" {rounded.sum() - TOTAL} there"
    )


def _best(run: Callable[[], Any]) -> tuple[float, Any]:
    """Seconds of the best of three runs, and what the last one made."""
    times = []
    for _ in range(3):
        started = time.perf_counter()
        made = run()
        times.append(time.perf_counter() - started)
    return min(times), made


def main() -> None:
    found = run()
    print(
        f"{found['cells']:,} cells ({REGIONS} regions × {LINES} lines × {REPS} people × {MONTHS}"
        " months), whole cents at every level"
    )
    print(
        f"time {found['seconds']:.2f} s, of it {found['busy']:.2f} s of processor (asked"
        f" {SECONDS:.0f} s) · peak {found['peak_mb']:.0f} MB, resident {found['resident_mb']:.0f}"
        f" MB (asked {MEGABYTES:.0f} MB) · largest difference {found['off']:.0f}"
    )
    print(against_cascade_engine())


if __name__ == "__main__":
    main()
