"""What each strategy takes: people and material beside money, and what is used beyond the plan."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd

from playbook.base.formats import Formats, is_missing, joined, listing
from playbook.base.language import later, say
from playbook.page import Col, Table, table
from playbook.page.blocks import Tone
from playbook.page.kpi import Kpi
from playbook.page.trim import filled

KINDS = ("people", "material")
COUNTED = tuple(f"{kind}_{part}" for kind in KINDS for part in ("planned", "used"))


def used_of(row: dict[str, Any], kind: str, fmt: Formats) -> str:
    """``9.5 of 8 person-months``, of a row of ``StrategySheet``; what is not known is a dash, both
    unknown say nothing. kind: people or material.
    """
    planned, used = row[f"{kind}_planned"], row[f"{kind}_used"]
    if is_missing(planned) and is_missing(used):
        return ""
    places = {"used": _number(used, fmt), "planned": _number(planned, fmt)}
    if is_missing(unit := row[f"{kind}_unit"]):
        return say("{used} of {planned}", **places)
    return say("{used} of {planned} {unit}", unit=str(unit), **places)


def _number(value: Any, fmt: Formats) -> str:
    whole = is_missing(value) or float(value).is_integer()
    return fmt.text(value, "number", decimals=0 if whole else 1)


def _beyond(kind: str) -> Callable[[dict[str, Any]], Tone]:
    key = f"{kind}_over"
    return lambda row: "bad" if not is_missing(row[key]) and row[key] > 0 else ""


def _counted(strategies: pd.DataFrame, kind: str, label: str) -> list[Col]:
    """The column of what was used, where any strategy counts it."""
    given = strategies[[f"{kind}_planned", f"{kind}_used"]].notna().any(axis=None)
    return [Col(f"{kind}_shown", label=label, weight=1.5, tone=_beyond(kind))] if given else []


def resource_kpis(row: dict[str, Any], window: str) -> list[Kpi]:
    """People and material used of what was planned, where a strategy counts them."""
    return [
        Kpi(
            f"strategy.{kind}_used",
            window,
            None if is_missing(row[f"{kind}_used"]) else float(row[f"{kind}_used"]),
            "number",
            {"strategy": row["strategy"]},
            denominator=None
            if is_missing(row[f"{kind}_planned"])
            else float(row[f"{kind}_planned"]),
            why=say("what was used is not given"),
        )
        for kind in KINDS
        if not is_missing(row[f"{kind}_planned"]) or not is_missing(row[f"{kind}_used"])
    ]


def resources_tables(strategies: pd.DataFrame, fmt: Formats) -> list[Table]:
    """People, material, budget, spend and what lies beyond the budget, one line per strategy; no
    table where none of it is given.

    strategies: ``StrategySheet``.
    """
    given = ["people", "material", "budget", "spent", *COUNTED]
    if not strategies[given].notna().any(axis=None):
        return []
    columns = [
        Col("strategy", weight=2),
        Col("people", label="People", weight=2),
        *_counted(strategies, "people", later("People used")),
        Col("material", label="Material", weight=2),
        *_counted(strategies, "material", later("Material used")),
        Col("budget", "money", "Budget"),
        Col("spent", "money", "Spent"),
        Col("used", "share", "Used", decimals=0, tone=_tone),
        Col("over", "money", "Over budget", tone=_tone),
        Col("elapsed", "share", "Time gone", decimals=0),
    ]
    records = strategies.to_dict("records")
    rows = strategies.assign(
        over=strategies["over"].where(strategies["over"] > 0),
        **{f"{kind}_shown": [used_of(row, kind, fmt) or None for row in records] for kind in KINDS},
    )
    made = table(
        rows,
        columns,
        fmt,
        title=say("What the strategies take"),
        note=say(
            "people and material as the sheet gives them; where it counts them, used of planned"
            " · used: spent ÷ budget"
        )
        if strategies[list(COUNTED)].notna().any(axis=None)
        else say("people and material as the sheet gives them · used: spent ÷ budget"),
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


def beyond_plan_sentence(strategies: pd.DataFrame, fmt: Formats) -> str:
    """Which strategies used more people or material than planned; empty without any."""
    rows = strategies.to_dict("records")
    said = [
        say("people of {strategy}, {used}", **_named(row, kind, fmt))
        if kind == "people"
        else say("material of {strategy}, {used}", **_named(row, kind, fmt))
        for row in rows
        for kind in KINDS
        if not is_missing(row[f"{kind}_over"]) and row[f"{kind}_over"] > 0
    ]
    return say(" More used than planned: {said}.", said=joined(said[:4], "; ")) if said else ""


def _named(row: dict[str, Any], kind: str, fmt: Formats) -> dict[str, str]:
    return {"strategy": row["strategy"], "used": used_of(row, kind, fmt)}
