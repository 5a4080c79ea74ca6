"""Is the promised rhythm of contacts kept?"""

from __future__ import annotations

import pandas as pd

from playbook.base import contracts as column
from playbook.base.language import later
from playbook.methods.intervals import wilson

GROUPS = (
    "A",
    "B",
    "C",
    later("high intent"),
    later("medium intent"),
    later("low intent"),
    later("unknown intent"),
)


class RhythmGroups(column.Frame):
    """One row per ABC class and grade of intent that occurs."""

    group = column.text("A, B or C for customers, the intent for leads")
    promised_days = column.days("promised between two contacts")
    subjects = column.count("customers or leads")
    kept = column.count("of them contacted within the promised days")
    share = column.share("kept of subjects", low="low", high="high")
    low = column.share("lower end of the Wilson 95 % interval")
    high = column.share("upper end")
    never = column.count("without a contact in the trailing 12 months")
    silent_days = column.days("median time since the last contact")


def rhythm(subjects: pd.DataFrame) -> pd.DataFrame:
    """A frame of ``RhythmGroups`` from one of ``ContactSubjects``."""
    rows = []
    for group in GROUPS:
        of = subjects[subjects["group"] == group]
        if of.empty:
            continue
        k, n = int((of["silent_days"] <= of["promised_days"]).sum()), len(of)
        low, high = wilson(k, n)
        rows.append(
            {
                "group": group,
                "promised_days": of["promised_days"].iloc[0],
                "subjects": n,
                "kept": k,
                "share": k / n,
                "low": low,
                "high": high,
                "never": int(of["last"].isna().sum()),
                "silent_days": of["silent_days"].median(),
            }
        )
    return RhythmGroups.make(rows)
