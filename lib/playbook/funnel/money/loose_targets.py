"""Targets by member that do not sum to the whole book's target."""

from __future__ import annotations

import pandas as pd

from playbook.base.formats import Formats
from playbook.base.language import say
from playbook.funnel.dimension_words import dimension_word

from .member_sales import TOTAL


def loose(frame: pd.DataFrame, window: str) -> dict[str, float]:
    """By how much a dimension's targets fail to sum to the whole book's, where both are given."""
    rows = frame[frame.window == window]
    total = rows[rows.dimension == TOTAL].target.sum()
    if not total:
        return {}
    sums = rows[rows.dimension != TOTAL].dropna(subset=["target"]).groupby("dimension").target.sum()
    return {d: float(s - total) for d, s in sums.items()}


def loose_targets(dimension: str, target: float, off: float, fmt: Formats) -> str:
    """A note on targets that miss the whole book's by ``off``."""
    said = {
        "d": dimension_word(dimension),
        "target": fmt.money(target + off),
        "off": fmt.money(abs(off)),
    }
    if off < 0:
        return say(
            "The targets by {d} sum to {target}, {off} less than the target of the whole book;"
            " gaps by member are measured against their own targets.",
            **said,
        )
    return say(
        "The targets by {d} sum to {target}, {off} more than the target of the whole book; gaps by"
        " member are measured against their own targets.",
        **said,
    )
