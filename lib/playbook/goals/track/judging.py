"""One target judged: completion, pace, status, what is still to go, and where it is heading; rising
and falling targets each by their own rule.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from playbook.base.formats import is_missing
from playbook.base.settings import GoalSettings
from playbook.goals.actuals import Actual
from playbook.goals.progress import progress
from playbook.methods.forecast import band, forecast, reached


def judge(actual: Any, target: float, due: float, settings: GoalSettings) -> dict[str, Any]:
    """Completion, pace and status of one target.

    actual, target : in the metric's unit; due : share of the target asked for by now (1 = the
    period is over).

    >>> round(judge(285, 300, 1.0, GoalSettings())["completion"], 2)
    0.95
    """
    if is_missing(actual) or not target:
        return {
            "completion": None,
            "pace": None,
            "to_date": target * due,
            "status": "not measured" if is_missing(actual) else "no target",
        }
    completion = float(actual) / target
    pace = completion / due if due > 0 else None
    if pace is None:
        return {"completion": completion, "pace": None, "to_date": 0.0, "status": "not due yet"}
    status = (
        "green"
        if pace >= settings.green_from
        else "amber"
        if pace >= settings.amber_from
        else "red"
    )
    return {"completion": completion, "pace": pace, "to_date": target * due, "status": status}


def judge_falling(
    actual: Any, target: float, due: float, settings: GoalSettings, base: Actual
) -> dict[str, Any]:
    """Completion, pace and status of a target of which less is better.

    Completion is the way covered from the baseline (the same span a year before): (baseline −
    actual) ÷ (baseline − target); None with the reason where the baseline is not known or already
    at the target. Pace is what the plan allows by now ÷ actual, so that 1 is on plan and more is
    better.

    >>> judged = judge_falling(75, 60, 1.0, GoalSettings(), Actual(90))
    >>> judged["completion"], judged["pace"]
    (0.5, 0.8)
    """
    allowed = target * due
    if is_missing(actual):
        return {"completion": None, "pace": None, "to_date": allowed, "status": "not measured"}
    way = (
        None
        if is_missing(base.value)
        else progress(actual, base.value, target)
        if float(base.value) > target
        else None
    )
    why = (
        ""
        if way is not None
        else f"no completion: {base.why or 'the year before was already at the target'}"
    )
    pace = allowed / float(actual) if float(actual) > 0 else None
    status = (
        "green"
        if pace is None or pace >= settings.green_from
        else "amber"
        if pace >= settings.amber_from
        else "red"
    )
    return {"completion": way, "pace": pace, "to_date": allowed, "status": status, "why": why}


def gap(row: dict[str, Any], days: int) -> dict[str, Any]:
    """What is still to reach and how much of it each remaining working day has to bring; reached
    targets have no gap.
    """
    if is_missing(row["actual"]) or not row["additive"]:
        return {"gap": None, "days": days, "per_day": None}
    gap = max(0.0, row["target"] - float(row["actual"]))
    return {"gap": gap, "days": days, "per_day": gap / days if days else None}


def projection(history: pd.Series, row: dict[str, Any], ahead: int) -> dict[str, Any]:
    """Where a target's period is heading: 80 % interval, median, chance of the target, method.

    history: monthly values to the as-of month; ahead: months left in the period.
    """
    done = float(row["actual"])
    if ahead <= 0:
        return {
            "low": done,
            "middle": done,
            "high": done,
            "chance": float(done <= row["target"] if row["falls"] else done >= row["target"]),
            "method": "the period is over",
        }
    made = forecast(history, ahead)
    if made is None:
        return nothing()
    totals = done + made.totals
    low, middle, high = band(totals)
    chance = (
        float((totals <= row["target"]).mean()) if row["falls"] else reached(totals, row["target"])
    )
    return {"low": low, "middle": middle, "high": high, "chance": chance, "method": made.method}


def nothing() -> dict[str, Any]:
    """The columns of a projection where none can be made."""
    return {"low": None, "middle": None, "high": None, "chance": None, "method": ""}


def parts(row: dict[str, Any]) -> dict[str, Any]:
    """Numerator and denominator of the completion; where less is better, the way covered from the
    baseline and the way from the baseline to the target.
    """
    if not row["falls"]:
        return {"numerator": row["actual"], "denominator": row["target"]}
    if is_missing(row["completion"]):
        return {}
    base = float(row["baseline"])
    return {
        "numerator": base - float(row["actual"]),
        "denominator": base - row["target"],
        "method": "(baseline − actual) ÷ (baseline − target), baseline the same span a year before",
    }
