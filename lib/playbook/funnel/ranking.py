"""Who differs from the rest: rates of members with intervals, small groups drawn towards the common
rate, and verdicts that are corrected for the number of members compared.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from playbook.methods.comparisons import SEARCH_LEVEL, holm, rates_apart
from playbook.methods.intervals import Rate
from playbook.methods.shrinkage import shrink

ABOVE, BELOW, SAME, FEW = "above the rest", "below the rest", "as the rest", "too few deals"


def member_rates(passed: pd.Series, of: pd.Series, small: int) -> pd.DataFrame:
    """rate, its Wilson interval (low, high), the shrunk rate and the exact p of each member against
    all others (not adjusted; nan with fewer than ``small`` deals: never compared).

    passed, of: counts per member.
    """
    rates = [Rate(k, n) for k, n in zip(passed, of, strict=True)]
    p = rates_apart(passed, of)
    return pd.DataFrame(
        {
            "rate": [r.value for r in rates],
            "low": [r.interval[0] for r in rates],
            "high": [r.interval[1] for r in rates],
            "shrunk": shrink(passed, of).value,
            "p": np.where(np.asarray(of) >= small, p, np.nan),
            "apart": _side(np.asarray(passed, float), np.asarray(of, float)),
        },
        index=passed.index,
    )


def with_verdicts(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows of every comparison made side by side, their p adjusted (Holm) and a verdict.

    rows: those of ``member_rates``, of all dimensions and steps among which somebody may be named.
    A member is above or below the rest when its adjusted p is at most 1 %.
    """
    p = holm(rows.p.to_numpy(float))
    verdict = np.select(
        [np.isnan(p), p > SEARCH_LEVEL, rows.apart > 0], [FEW, SAME, ABOVE], default=BELOW
    )
    return rows.assign(p=p, verdict=verdict).drop(columns="apart")


def _side(passed: np.ndarray, of: np.ndarray) -> np.ndarray:
    """Sign of each member's rate less that of all others together."""
    return np.sign(passed * of.sum() - passed.sum() * of)
