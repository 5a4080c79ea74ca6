"""Members whose deals stay longer in a stage: found by name with their factor; nobody where all are
alike.
"""

import numpy as np
import pandas as pd

from playbook.methods.slow_search import slow_members


def stays(seed: int, factor: float = 1.0, deals: int = 900, drift: float = 1.0) -> pd.DataFrame:
    """Stays of a year at two stages, twelve reps in three regions; rep 3's are ``factor`` times as
    long at the second stage; ``drift`` slows everybody in the last quarter.
    """
    rng = np.random.default_rng(seed)
    frames = []
    for stage in ("talk", "offer"):
        rep, day = rng.integers(0, 12, deals), rng.integers(0, 364, deals)
        length = rng.gamma(1.5, 12, deals) * np.where((rep == 3) & (stage == "offer"), factor, 1)
        length = length * np.where(day >= 273, drift, 1)
        frames.append(
            pd.DataFrame(
                {
                    "stage": stage,
                    "stratum": day // 91,
                    "days": np.floor(np.minimum(length, 365 - day)),
                    "left": length <= 365 - day,
                    "n": 1,
                    "rep": [f"rep{i:02d}" for i in rep],
                    "region": [f"region{i % 3}" for i in rep],
                }
            )
        )
    return pd.concat(frames, ignore_index=True)


def found(rows: pd.DataFrame):
    return slow_members(rows, ["region", "rep"], 30, np.random.default_rng(1))


def test_a_doubled_stay_is_named_once_with_its_factor():
    for seed in (1, 2, 3):
        named, comparisons = found(stays(seed, 2.0))
        assert [(m.stage, m.by) for m in named] == [("offer", {"rep": "rep03"})]
        assert named[0].low <= 2 <= named[0].high and named[0].p <= 0.01
        assert comparisons == 2 * (12 + 3)


def test_nobody_is_named_where_all_are_alike():
    assert sum(bool(found(stays(seed))[0]) for seed in range(20, 35)) <= 1


def test_a_slow_quarter_of_all_is_nobodys_doing():
    rows = stays(4, drift=3.0)
    late = rows.stratum == 3  # rep 5 sells in the slow quarter only
    rows = rows[(rows.rep != "rep05") | late]
    assert found(rows)[0] == []


def test_members_of_few_deals_are_not_compared_and_row_order_does_not_show():
    rows = stays(1, 2.0)
    few = rows[(rows.rep != "rep03") | (rows.index % 4 == 0)]
    assert {"rep": "rep03"} not in [m.by for m in found(few)[0]]
    assert found(rows) == found(rows.sample(frac=1, random_state=2).reset_index(drop=True))
    assert slow_members(rows.iloc[:0], ["rep"], 30, np.random.default_rng(1)) == ([], 0)
