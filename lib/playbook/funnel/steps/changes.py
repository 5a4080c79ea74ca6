"""What changed at each step: the newest mature cohorts against those just before and against the
same months a year before.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import stats

from playbook.funnel.windows import label
from playbook.methods.intervals import LEVEL, wilson

SPAN_MONTHS = 3  # months of cohorts compared: one month of most books is too few deals
AGAINST = {"period": SPAN_MONTHS, "year": 12}  # months back
COLUMNS = [
    "step",
    "first",
    "last",
    "n",
    "now",
    *(
        f"{what}_{side}"
        for side in AGAINST
        for what in ("n", "rate", "change", "low", "high", "p", "reading")
    ),
]


def step_changes(cohorts: pd.DataFrame, steps: list[str], small: int) -> pd.DataFrame:
    """One row per step.

    cohorts: step, number (month), entered, advanced, mature. Returns step, first, last (months of
    the newest three mature cohorts), n, now [share], and for ``period`` (the three
    months before) and ``year`` (the same three a year before): n, rate, change [share, a
    difference], low, high (Newcombe 95 %), p and reading (up, down, within chance,
    too few deals, no cohorts). A change is called up or down when its p, adjusted over all steps
    and both comparisons (Holm), is at most 5 %.
    """
    rows = [
        _row(step, cohorts[(cohorts.step == step) & cohorts.mature].set_index("number"), small)
        for step in steps
    ]
    frame = pd.DataFrame(rows, columns=COLUMNS)
    looks = [
        (i, side) for i in frame.index for side in AGAINST if pd.notna(frame.loc[i, f"p_{side}"])
    ]
    worst = 0.0
    for rank, (i, side) in enumerate(
        sorted(looks, key=lambda look: frame.loc[look[0], f"p_{look[1]}"])
    ):
        worst = max(worst, min(1.0, frame.loc[i, f"p_{side}"] * (len(looks) - rank)))
        frame.loc[i, f"p_{side}"] = worst
        frame.loc[i, f"reading_{side}"] = (
            "within chance"
            if worst > 1 - LEVEL
            else "up"
            if frame.loc[i, f"change_{side}"] > 0
            else "down"
        )
    return frame


def _row(step: str, mature: pd.DataFrame, small: int) -> dict:
    if mature.empty:
        return {"step": step, **{f"reading_{side}": "no mature cohorts" for side in AGAINST}}
    last = int(mature.index.max())
    first = max(last - SPAN_MONTHS + 1, int(mature.index.min()))
    k, n = _counts(mature, first, last)
    row = {
        "step": step,
        "first": label(first),
        "last": label(last),
        "n": n,
        "now": k / n if n else None,
    }
    for side, back in AGAINST.items():
        k0, n0 = (
            _counts(mature, first - back, last - back)
            if last - first == SPAN_MONTHS - 1
            else (0, 0)
        )
        row |= {
            f"n_{side}": n0,
            f"rate_{side}": k0 / n0 if n0 else None,
            f"reading_{side}": "too few deals" if n0 else "no cohorts",
        }
        if min(n, n0) >= small:
            low, high = difference(k, n, k0, n0)
            row |= {
                f"change_{side}": k / n - k0 / n0,
                f"low_{side}": low,
                f"high_{side}": high,
                f"p_{side}": two_sided(k, n, k0, n0),
            }
    return row


def _counts(mature: pd.DataFrame, first: int, last: int) -> tuple[int, int]:
    """(advanced, entered) of the months, (0, 0) unless the first of them is in the records."""
    if first < mature.index.min():
        return 0, 0
    part = mature[(mature.index >= first) & (mature.index <= last)]
    return int(part.advanced.sum()), int(part.entered.sum())


def difference(k: int, n: int, k0: int, n0: int) -> tuple[float, float]:
    """Newcombe's interval of a difference of two proportions, from their Wilson intervals.

    References: R. G. Newcombe, Statistics in Medicine 17 (1998) 873-890, method 10.

    Examples
    --------
    >>> low, high = difference(56, 70, 48, 80); round(low, 4), round(high, 4)
    (0.0524, 0.3339)
    """
    p, p0 = k / n, k0 / n0
    (low, high), (low0, high0) = wilson(k, n), wilson(k0, n0)
    return p - p0 - float(np.hypot(p - low, high0 - p0)), p - p0 + float(
        np.hypot(high - p, p0 - low0)
    )


def two_sided(k: int, n: int, k0: int, n0: int) -> float:
    """p of no difference (two proportions, pooled)."""
    pooled = (k + k0) / (n + n0)
    spread = np.sqrt(pooled * (1 - pooled) * (1 / n + 1 / n0))
    return float(2 * stats.norm.sf(abs(k / n - k0 / n0) / spread)) if spread else 1.0
