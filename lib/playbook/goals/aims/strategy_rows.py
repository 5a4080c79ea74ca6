"""One strategy and its milestones as of a day."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd

from playbook.base.contracts import (
    Frame,
    count,
    day,
    money,
    number,
    ratio,
    share,
    text,
    thing,
)
from playbook.base.formats import is_missing
from playbook.base.language import later

from .spend import Spend


class StrategySheet(Frame):
    """One row per strategy."""

    strategy = text("the strategy")
    goal = text("what it wants")
    lever = text("product, price, channel or promotion")
    owner = text("who answers for it")
    start = day("start")
    due = day("end")
    budget = money("budget")
    spent = money("spent so far")
    people = text("people it takes, as the table gives it")
    people_planned = number("people planned, in their unit")
    people_used = number("people used so far, in their unit")
    people_unit = text("what its people are counted in")
    material = text("material it takes, as the table gives it")
    material_planned = number("material planned, in its unit")
    material_used = number("material used so far, in its unit")
    material_unit = text("what its material is counted in")
    expected = text("the change expected, as the table gives it")
    indicator = text("metric it is measured by")
    used = ratio("spent ÷ budget")
    over = money("spent beyond the budget; 0 where within it, missing without a budget or spend")
    people_over = number("people used beyond the plan; 0 within it, missing without plan or use")
    material_over = number("material used beyond the plan; 0 within it, missing without either")
    elapsed = share("share of its time that has gone")
    done = count("milestones met")
    milestones = count("milestones")
    late = count("milestones due and not met")
    state = text("done, over budget, ended short, late, over plan or on course")
    spend = thing("Spend: its indicator before and since, against what was expected")
    return_ = ratio("gross profit of the change ÷ spent; missing where not tied to money")


class StrategyMilestones(Frame):
    """One row per milestone of a strategy."""

    strategy = text("the strategy")
    milestone = text("the milestone")
    due = day("due date")
    done = day("day it was met")
    state = text("met, late or open")


DONE = later("done", context="strategy")


def milestone_state(row: dict[str, Any], as_of: date) -> str:
    """One of met, late (due and not done) or open."""
    if not is_missing(row["milestone_done"]):
        return later("met")
    return (
        later("late")
        if not is_missing(row["milestone_due"]) and row["milestone_due"] <= as_of
        else later("open")
    )


def strategy_row(
    rows: pd.DataFrame, steps: pd.DataFrame, as_of: date, spend: Spend
) -> dict[str, Any]:
    """One strategy as a row of ``StrategySheet``. rows: its lines of the table; steps: its
    ``StrategyMilestones``.
    """
    head = rows.iloc[0].to_dict()
    done, late = int((steps["state"] == "met").sum()), int((steps["state"] == "late").sum())
    start, due = head["start"], head["due"]
    length = (due - start).days if not is_missing(start) and not is_missing(due) else 0
    used = (
        head["spent"] / head["budget"]
        if not is_missing(head["budget"]) and head["budget"] and not is_missing(head["spent"])
        else None
    )
    elapsed = min(1.0, max(0.0, (as_of - start).days / length)) if length > 0 else None
    over = not is_missing(due) and due < as_of
    beyond = {f"{kind}_over": _beyond(head, kind) for kind in ("people", "material")}
    state = (
        DONE
        if len(steps) and done == len(steps)
        else (
            later("over budget")
            if used is not None and used > 1
            else later("ended short")
            if over
            else later("late")
            if late
            else later("over plan")
            if any(beyond.values())
            else later("on course")
        )
    )
    return {
        **{
            k: head[k]
            for k in (
                "strategy",
                "goal",
                "lever",
                "owner",
                "start",
                "due",
                "budget",
                "spent",
                *("people", "people_planned", "people_used", "people_unit"),
                *("material", "material_planned", "material_used", "material_unit"),
                "expected",
                "indicator",
            )
        },
        **beyond,
        "used": used,
        "over": None if used is None else max(0.0, float(head["spent"]) - float(head["budget"])),
        "elapsed": elapsed,
        "done": done,
        "milestones": len(steps),
        "late": late,
        "state": state,
        "spend": spend,
        "return_": spend.returned(head["spent"]),
    }


def _beyond(head: dict[str, Any], kind: str) -> float | None:
    """Used beyond what was planned; None where either is not known."""
    planned, used = head[f"{kind}_planned"], head[f"{kind}_used"]
    if is_missing(planned) or is_missing(used):
        return None
    return max(0.0, float(used) - float(planned))


def crowded_months(strategies: pd.DataFrame, most: int) -> list[tuple[pd.Timestamp, int]]:
    """(month's first day, strategies that run in it) where more than ``most`` do."""
    known = strategies.dropna(subset=["start", "due"])
    if known.empty:
        return []
    months = pd.period_range(min(known["start"]), max(known["due"]), freq="M")
    counts = [
        (
            m.to_timestamp(),
            sum(
                s <= m.end_time.date() and d >= m.start_time.date()
                for s, d in zip(known["start"], known["due"], strict=True)
            ),
        )
        for m in months
    ]
    return [(m, n) for m, n in counts if n > most]
