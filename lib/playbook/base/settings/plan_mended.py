"""Mistakes of commission plans that other mistakes hide: a plan is read again with the parts that
were refused mended, so that all is said at once and not one thing after the other.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from playbook.base.formats import joined

from .plan_checks import plan_mistakes
from .plans import CommissionPlan

NO_TIERS = [{"lower": 0, "rate": 0}]
MENDED: dict[str, Any] = {"tiers": NO_TIERS, "starts": "2000-01-01"}  # others are left out
DAYS = ("name", "starts", "ends", "replaces", "compare_only", "roles", "teams", "reps")
ROUNDS = 6  # readings of one plan

Complaint = dict[str, Any]  # of pydantic


def hidden_mistakes(raw: Mapping[str, Any], told: Sequence[Mapping[str, Any]]) -> list[Complaint]:
    """What else is wrong with the plans of a settings file that was refused for ``told``: inside
    each plan, and between plans whose names and days can be read.
    """
    plans = raw.get("commission_plans")
    if not isinstance(plans, list):
        return []
    found: list[Complaint] = []
    for number, plan in enumerate(plans):
        place = ("commission_plans", number)
        mine = [dict(one) for one in told if tuple(one["loc"][:2]) == place]
        if mine and isinstance(plan, dict):
            found += _inside(plan, mine, place)
    between = plan_mistakes([one for plan in plans if (one := _days_of(plan))], [])
    said = [str(one["msg"]) for one in told]
    if fresh := [one for one in between if not any(one in text for text in said)]:
        found.append({"loc": (), "type": "value_error", "msg": joined(fresh, "; ")})
    return found


def _inside(plan: dict[str, Any], mine: list[Complaint], place: tuple) -> list[Complaint]:
    found: list[Complaint] = []
    seen = {(tuple(one["loc"]), one["msg"]) for one in mine}
    mended, fresh = copy.deepcopy(plan), mine
    for _ in range(ROUNDS):
        for one in fresh:
            _mend(mended, tuple(one["loc"][2:]), str(one["type"]))
        try:
            CommissionPlan.model_validate(mended)
            break
        except ValidationError as error:
            every = [{**one, "loc": (*place, *one["loc"])} for one in error.errors()]
        fresh = [one for one in every if (one["loc"], one["msg"]) not in seen]
        seen |= {(one["loc"], one["msg"]) for one in fresh}
        found += fresh
        if not fresh:
            break
    return found


def _mend(plan: dict[str, Any], path: tuple, kind: str) -> None:
    """Takes out of the plan what was refused: an unknown key, a rate, else the whole field."""
    if not path:
        return
    at: Any = plan
    for part in path[:-1]:
        known = isinstance(at, dict) and part in at
        inside = isinstance(at, list) and isinstance(part, int) and part < len(at)
        if not (known or inside):
            break
        at = at[part]
    else:
        if kind == "extra_forbidden" and isinstance(at, dict):
            at.pop(path[-1], None)
            return
        if path[-1] == "rate" and isinstance(at, dict):
            at["rate"] = 0.01
            return
    field = str(path[0])
    if field in MENDED:
        plan[field] = MENDED[field]
        return
    plan.pop(field, None)
    if field == "attainment":
        plan.pop("gate", None)
        plan.setdefault("tiers", NO_TIERS)


def _days_of(plan: Any) -> CommissionPlan | None:
    """A plan as far as its name, people and days go; None where those cannot be read."""
    if not isinstance(plan, dict):
        return None
    bare = {key: plan[key] for key in DAYS if key in plan}
    try:
        return CommissionPlan.model_validate({**bare, "tiers": NO_TIERS})
    except ValidationError:
        return None
