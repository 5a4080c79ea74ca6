"""Who differs from the rest: rates of members with intervals, small groups drawn to the common
rate.
"""

from __future__ import annotations

import pandas as pd

from playbook.methods.intervals import Rate
from playbook.methods.shrinkage import shrink


def judged(passed: pd.Series, of: pd.Series, small: int) -> pd.DataFrame:
    """rate, its Wilson interval (low, high), the shrunk rate and a verdict for each member.

    passed, of: counts per member. A member is above or below the rest when the interval of its
    shrunk rate leaves out the common rate; with fewer than ``small`` deals it is never judged.
    """
    rates = [Rate(k, n) for k, n in zip(passed, of, strict=True)]
    shrunk = shrink(passed, of)
    verdict = [
        "too few deals"
        if rate.n < small
        else "above the rest"
        if low > shrunk.mean
        else "below the rest"
        if high < shrunk.mean
        else "as the rest"
        for rate, low, high in zip(rates, shrunk.low, shrunk.high, strict=True)
    ]
    return pd.DataFrame(
        {
            "rate": [r.value for r in rates],
            "low": [r.interval[0] for r in rates],
            "high": [r.interval[1] for r in rates],
            "shrunk": shrunk.value,
            "verdict": verdict,
        },
        index=passed.index,
    )
