"""The open pipeline by stage: deals, amounts and what they are worth."""

from __future__ import annotations

import pandas as pd

from playbook.base import contracts as col
from playbook.base.contracts import Frame
from playbook.base.language import later


class WeightedStages(Frame):
    """One row per stage before the win."""

    stage = col.text(later("the stage open deals are in"))
    deals = col.count(later("open deals"))
    amount = col.money(later("their amount; missing where none of them carries one"))
    unpriced = col.count(later("of them, without an amount"))
    own = col.money(later("amount × chance from the book's own past, by stage and time in it"))
    unknown = col.count(later("of the priced ones, those whose own chance is not known"))
    pooled = col.count(
        later("of the priced ones, those taken at the share won of all that came so far")
    )
    undated = col.count(
        later("of the unknown ones, those of which the day they entered their stage is not known")
    )
    given = col.money(later("amount × chance that the source gives"))
    without = col.count(later("of the priced ones, those without a given chance"))


def _sum(parts: pd.Series, deals: pd.DataFrame) -> float:
    """The sum of what is known: 0 where no deal stands, missing where nothing is known of any."""
    return float(parts.sum(min_count=1)) if len(deals) else 0.0


def whole(rows: pd.DataFrame) -> dict[str, float]:
    """Sums over the stages; of money, over those that know it where deals stand."""
    total = rows.drop(columns="stage").sum().to_dict()
    there = rows[rows["deals"] > 0]
    for name in ("amount", "own", "given"):
        total[name] = float(there[name].sum(min_count=1)) if len(there) else 0.0
    return total


def stage_row(part: pd.DataFrame, stage: str) -> dict:
    """One stage: its open deals (``open_worth``) in numbers and money."""
    priced = part[part.value.notna()]
    return {
        "stage": stage,
        "deals": len(part),
        "amount": _sum(priced.value, part),
        "unpriced": len(part) - len(priced),
        "own": _sum(priced.value * priced.own, part),
        "unknown": int(priced.own.isna().sum()),
        "pooled": int(priced.pooled.sum()),
        "undated": int(priced.undated.sum()),
        "given": _sum(priced.value * priced.probability, part),
        "without": int(priced.probability.isna().sum()),
    }
