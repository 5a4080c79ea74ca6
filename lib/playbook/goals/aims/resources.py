"""What each strategy takes: people and material beside money, and budgets that are overspent."""

from __future__ import annotations

from typing import Any

import pandas as pd

from playbook.base.formats import Formats, is_missing, listing
from playbook.base.language import say
from playbook.page import Col, Table, table
from playbook.page.blocks import Tone
from playbook.page.trim import filled


def resources_tables(strategies: pd.DataFrame, fmt: Formats) -> list[Table]:
    """People, material, budget, spend and what lies beyond the budget, one line per strategy; no
    table where none of it is given.

    strategies: ``StrategySheet``.
    """
    given = ["people", "material", "budget", "spent"]
    if not strategies[given].notna().any(axis=None):
        return []
    columns = [
        Col("strategy", weight=2),
        Col("people", label="People", weight=2),
        Col("material", label="Material", weight=2),
        Col("budget", "money", "Budget"),
        Col("spent", "money", "Spent"),
        Col("used", "share", "Used", decimals=0, tone=_tone),
        Col("over", "money", "Over budget", tone=_tone),
        Col("elapsed", "share", "Time gone", decimals=0),
    ]
    rows = strategies.assign(over=strategies["over"].where(strategies["over"] > 0))
    made = table(
        rows,
        columns,
        fmt,
        title=say("What the strategies take"),
        note=say("people and material as the sheet gives them · used: spent ÷ budget"),
    )
    return [filled(made)]


def _tone(row: dict[str, Any]) -> Tone:
    return "bad" if not is_missing(row["used"]) and row["used"] > 1 else ""


def overspent_sentence(strategies: pd.DataFrame, fmt: Formats) -> str:
    """Which strategies spent more than their budget, finished ones as well; empty without any."""
    over = strategies[strategies["over"].astype(float) > 0]
    if over.empty:
        return ""
    said = [
        say(
            "{strategy} by {over} ({used} of its budget)",
            strategy=row["strategy"],
            over=fmt.money(row["over"]),
            used=fmt.share(row["used"], decimals=0),
        )
        for row in over.to_dict("records")
    ]
    return say(" Over budget: {said}.", said=listing(said, 3))
