"""One target judged: completion, pace, status, what is still to go, and where it is heading; rising
and falling targets each by their own rule.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from playbook.base.formats import is_missing
from playbook.base.language import say
from playbook.base.settings import GoalSettings
from playbook.goals.actuals import Actual
from playbook.goals.progress import progress
from playbook.methods.forecast import band, reached


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
        return {
            "completion": completion,
            "pace": None,
            "to_date": 0.0,
            "status": "not due yet",
        }
    status = _status(pace, settings)
    return {"completion": completion, "pace": pace, "to_date": target * due, "status": status}


def _status(pace: float, settings: GoalSettings) -> str:
    """The colour of a pace as the page shows it, in hundredths: 1.00 is never amber.

    >>> _status(0.998, GoalSettings()), _status(0.994, GoalSettings())
    ('green', 'amber')
    """
    shown = round(pace, 2)
    if shown >= settings.green_from:
        return "green"
    return "amber" if shown >= settings.amber_from else "red"


ORDER = ("green", "amber", "red")


def combined(row: dict[str, Any], settings: GoalSettings) -> str:
    """The colour of a target by its pace and, while its period runs, its chance: the worse of the
    two, but amber where one is green and the other red.

    >>> row = {"status": "green", "days": 20, "chance": 0.1}
    >>> combined(row, GoalSettings()), combined({**row, "chance": 0.45}, GoalSettings())
    ('amber', 'amber')
    """
    by_pace, chance = row["status"], row["chance"]
    if by_pace not in ORDER or is_missing(chance) or row["days"] <= 0:
        return by_pace
    shown = round(chance, 3)
    by_chance = (
        "green"
        if shown >= settings.green_chance
        else "amber"
        if shown >= settings.amber_chance
        else "red"
    )
    both = {by_pace, by_chance}
    return "amber" if both == {"green", "red"} else max(both, key=ORDER.index)


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
        else say(
            "no completion: {why}",
            why=base.why or say("the year before was already at the target"),
        )
    )
    pace = allowed / float(actual) if float(actual) > 0 else None
    status = "green" if pace is None else _status(pace, settings)
    return {"completion": way, "pace": pace, "to_date": allowed, "status": status, "why": why}


def gap(row: dict[str, Any], days: int) -> dict[str, Any]:
    """What is still to reach and how much of it each remaining working day has to bring; reached
    targets have no gap.
    """
    if is_missing(row["actual"]) or not row["additive"]:
        return {"gap": None, "days": days, "per_day": None}
    gap = max(0.0, row["target"] - float(row["actual"]))
    return {"gap": gap, "days": days, "per_day": gap / days if days else None}


def projection(
    rest: np.ndarray | None, method: str, row: dict[str, Any], ahead: int
) -> dict[str, Any]:
    """Where a target's period is heading: 80 % interval, median, chance of the target, method.

    rest: simulated totals of the months left, None where nothing can be forecast; method: how they
    were made, or why there are none; ahead: months left in the period.
    """
    done = float(row["actual"])
    if ahead <= 0:
        return {
            "low": done,
            "middle": done,
            "high": done,
            "chance": float(done <= row["target"] if row["falls"] else done >= row["target"]),
            "method": say("the period is over"),
        }
    if rest is None:
        return nothing() | {"method": method}
    totals = done + rest
    low, middle, high = band(totals)
    chance = (
        float((totals <= row["target"]).mean()) if row["falls"] else reached(totals, row["target"])
    )
    return {"low": low, "middle": middle, "high": high, "chance": chance, "method": method}


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
