"""What lead records lack: empty fields, and words that are no answer."""

from __future__ import annotations

import pandas as pd

from playbook.base import contracts as column
from playbook.base.language import later

FIELDS = later(
    {
        "company": "company",
        "channel": "channel",
        "need": "need",
        "expected_purchase": "purchase plan",
        "budget": "budget",
        "decision_maker": "decision maker",
        "rep_id": "owner",
    }
)
NEEDED = {name: FIELDS[name] for name in ("expected_purchase", "budget", "decision_maker")}
VAGUE = {
    "",
    "-",
    "–",
    "?",
    "n/a",
    "na",
    "none",
    "unknown",
    "tbd",
    "later",
    "soon",
    "待定",
    "不详",
    "未知",
    "无",
    "以后",
    "尽快",
}


class LeadGaps(column.Frame):
    """One row per field of a lead, the most often lacking first."""

    field = column.text("the field")
    missing = column.count("leads without an entry")
    vague = column.count("leads whose entry is no answer: a vague word, a day before the lead")
    share = column.share("of leads, missing or vague")


def lead_gaps(frame: pd.DataFrame, absent: tuple[str, ...]) -> pd.DataFrame:
    """A frame of ``LeadGaps`` without the fields no lead carries.

    A decision maker marked as not known is an entry; only validity asks for a known one.
    """
    rows = []
    for key, field in FIELDS.items():
        if field in absent:
            continue
        missing = frame[key].isna()
        entry = (
            frame[key].astype("str").str.strip().str.lower()
            if key in ("company", "need", "channel")
            else pd.Series("x", index=frame.index)
        )
        vague = ~missing & entry.isin(VAGUE)
        if key == "expected_purchase":  # a day before the lead existed is no plan
            vague = frame[key] < frame["created"]
        rows.append(
            {
                "field": field,
                "missing": int(missing.sum()),
                "vague": int(vague.sum()),
                "share": float((missing | vague).mean()) if len(frame) else None,
            }
        )
    return (
        LeadGaps.make(rows)
        .sort_values(["share", "field"], ascending=[False, True])
        .reset_index(drop=True)
    )
