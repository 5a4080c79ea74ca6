"""Who differs from the rest: rates of members with intervals, small groups drawn towards the common
rate, and verdicts that are corrected for the number of members compared.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from playbook.base.language import later
from playbook.methods.comparisons import rates_apart_of_many
from playbook.methods.intervals import Rate
from playbook.methods.shrinkage import shrink

# Error levels of one search. Steps are worth more of what the report may err than the win rate over
# all steps, in which a single halved step hardly shows.
WINS_LEVEL, STEPS_LEVEL = 0.008, 0.012
SEED = 20230930

BEYOND, WITHIN = later("beyond chance"), later("within chance")
ABOVE, BELOW, SAME, FEW = (
    later("above the rest"),
    later("below the rest"),
    later("as the rest"),
    later("too few deals"),
)


def member_rates(passed: pd.Series, of: pd.Series) -> pd.DataFrame:
    """rate, its Wilson interval (low, high), the shrunk rate of each member, and on which side of
    all others it lies (apart: −1 below, 1 above).

    passed, of: counts per member.
    """
    rates = [Rate(k, n) for k, n in zip(passed, of, strict=True)]
    return pd.DataFrame(
        {
            "rate": [r.value for r in rates],
            "low": [r.interval[0] for r in rates],
            "high": [r.interval[1] for r in rates],
            "shrunk": shrink(passed, of).value,
            "apart": _side(np.asarray(passed, float), np.asarray(of, float)),
        },
        index=passed.index,
    )


def with_verdicts(
    rows: pd.DataFrame,
    passed: pd.Series,
    of: pd.Series,
    groups: pd.Series,
    small: int,
    level: float,
) -> pd.DataFrame:
    """The rows of every comparison made side by side, with p adjusted for all of them and a
    verdict.

    rows: those of ``member_rates``, of all groups (dimensions, steps) among which somebody may be
    named. passed, of: their counts. small: fewest deals of a member that is compared. A member is
    above or below the rest of its group when its adjusted p is at most ``level``.
    """
    rng = np.random.default_rng(SEED)
    p = rates_apart_of_many(passed, of, groups, rng, small=small, level=level)
    verdict = np.select([np.isnan(p), p > level, rows.apart > 0], [FEW, SAME, ABOVE], default=BELOW)
    return rows.assign(p=p, verdict=verdict).drop(columns="apart")


def _side(passed: np.ndarray, of: np.ndarray) -> np.ndarray:
    """Sign of each member's rate less that of all others together."""
    return np.sign(passed * of.sum() - passed.sum() * of)
