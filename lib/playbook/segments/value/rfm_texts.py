"""Sentences about the segments: who stands apart from them, and where scores are few."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from playbook.base.formats import Formats, joined, plural
from playbook.base.language import later, say, term
from playbook.segments.states import UNNAMED

from .scores import AXIS_LABEL

NUMBERS = later({2: "two", 3: "three", 4: "four", 5: "five", 6: "six", 7: "seven", 8: "eight"})


def outside_text(table: pd.DataFrame, fmt: Formats) -> str:
    """Customers without scores, and sales that name no customer; empty where there are none.

    table: a frame of ``SegmentRows``.
    """
    outside = table[table["outside"]].to_dict("records")
    parts = [
        say(
            "{customers} {segment} ({revenue})",
            customers=plural(int(row["customers"]), "customer"),
            segment=term(row["segment"]),
            revenue=fmt.money(row["revenue"], compact=True),
        )
        for row in outside
        if row["customers"]
    ]
    apart = say("Listed apart: {parts}.", parts=joined(parts)) if parts else ""
    return joined(filter(None, (apart, _unnamed_text(table, fmt))), " ")


def _unnamed_text(table: pd.DataFrame, fmt: Formats) -> str:
    """Sales that name no customer, with their share; empty where there are none."""
    row = table[table["segment"] == UNNAMED].iloc[0]
    if not row["revenue"]:
        return ""
    share = row["revenue_share"]
    told = say(", {share} of revenue", share=fmt.share(share)) if pd.notna(share) else ""
    return say(
        "Sales of {revenue} name no customer{told}: they are in revenue and"
        " in no count of customers.",
        revenue=fmt.money(row["revenue"], compact=True),
        told=told,
    )


def ties_text(distinct: Mapping[str, int], classes: int) -> str:
    """Axes on which fewer scores are in use than there are; empty where there are none.

    distinct: axis → different scores given.
    """
    few = [f"{say(AXIS_LABEL[axis][0]).lower()} {n}" for axis, n in distinct.items() if n < classes]
    return (
        say(
            "Values that are few or alike leave fewer than {get} scores in use: {few}.",
            get=say(NUMBERS[classes]) if classes in NUMBERS else classes,
            few=joined(few),
        )
        if few
        else ""
    )


def alike_text(table: pd.DataFrame) -> str:
    """That all scored customers have the same scores. table: a frame of ``SegmentRows``."""
    n = int(table.loc[~table["outside"], "customers"].sum())
    if n == 1:
        return say("One customer is scored: there is nobody to compare it with.")
    return say(
        "All {n:,} customers have the same scores: they cannot be told apart"
        " by recency, frequency and amount, and their segment says nothing.",
        n=n,
    )
