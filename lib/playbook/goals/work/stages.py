"""Entries needed at each stage for a number of deals."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from playbook.base.contracts import (
    Frame,
    count,
    number,
    share,
    text,
)
from playbook.methods.planning import chain, needed_for

from .capacity import (
    Capacity,
    per_week,
)
from .rates import Step


class StageNeeds(Frame):
    """One row per stage, first stage first, and a last one for the deals themselves."""

    stage = text("the stage, or 'won'")
    rate = share("rate to the next stage; missing for 'won'", low="low", high="high")
    low = share("lower end of the Wilson 95 % interval of the rate")
    high = share("upper end of the Wilson 95 % interval of the rate")
    n = count("cases the rate is learnt from; missing where it is given")
    source = text("what the rate is learnt from, or empty")
    expected = count("entries needed in expectation")
    sure = count("entries that are enough with the probability asked for")
    week = number("sure a week")
    day = number("sure a working day of the next month")
    rep = number("sure a rep and week; missing where the number of reps is not known")


def stages(
    deals: int, steps: Sequence[Step], probability: float, capacity: Capacity
) -> pd.DataFrame:
    """Entries needed at each stage, as ``StageNeeds``; no rows without steps."""
    expected = chain(deals, [step.rate for step in steps])
    rows: list[dict[str, Any]] = []
    for i, step in enumerate(steps):
        onward = float(np.prod([later.rate for later in steps[i:]]))
        low, high = step.counts.interval if step.counts else (None, None)
        rows.append(
            {
                "stage": step.start,
                "rate": step.rate,
                "low": low,
                "high": high,
                "n": step.counts.n if step.counts else None,
                "source": step.source,
                "expected": expected[i],
                "sure": needed_for(deals, onward, probability),
            }
        )
    if not steps:
        return StageNeeds.make([])
    unknown = dict.fromkeys(("rate", "low", "high", "n"))
    rows.append({"stage": "won", **unknown, "source": "", "expected": deals, "sure": deals})
    return StageNeeds.make(dict(per_week(pd.DataFrame(rows), capacity).items()))
