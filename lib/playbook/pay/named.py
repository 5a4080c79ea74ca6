"""Whom commission plans name, and whether the book knows them."""

from __future__ import annotations

from collections.abc import Iterator

from playbook.base.errors import Problem, did_you_mean
from playbook.base.formats import listing
from playbook.base.language import say
from playbook.base.settings.plan_checks import in_force_days
from playbook.base.settings.plans import CommissionPlan

from .history import History


def unknown_people(past: History) -> list[Problem]:
    """A problem for every setting of a plan in force that names somebody the book does not know: a
    rep_id of no rep and of no order, a team or role nobody is or was in. A misspelt one would pay
    its people nothing in silence. Plans that are over are left alone: their people may be gone.
    """
    plans = [
        (first, plan)
        for first, last, plan in in_force_days(past.book.settings.commission_plans)
        if last is None or last >= past.book.as_of
    ]
    reps = set(past.people["rep_id"].dropna()) | set(past.orders["rep_id"].dropna())
    found = []
    for first, plan in plans:
        asked = [(f"{plan.name}.{key}", names, reps) for key, names in _reps_of(plan)]
        if first <= past.book.as_of:  # a plan to come may be for a team to come
            asked.append((f"{plan.name}.teams", plan.teams, _ever(past, "team")))
            asked.append((f"{plan.name}.roles", plan.roles, _ever(past, "role")))
        for place, names, known in asked:
            if unknown := sorted(set(names) - known):
                found.append(_problem(place, unknown, known))
    return found


def _reps_of(plan: CommissionPlan) -> Iterator[tuple[str, list[str]]]:
    yield "reps", plan.reps
    yield "quotas", list(plan.quotas)
    yield "quota_from.reps", [rep for one in plan.quota_from for rep in one.reps]
    yield "relief.rep", [one.rep for one in plan.relief]


def _ever(past: History, kind: str) -> set[str]:
    """Teams or roles that somebody is in, or was assigned to at some time."""
    now = set(past.roster.now(kind).values())
    spans = past.roster.spans.get(kind, {})
    return now | {value for many in spans.values() for _, _, value in many}


def _problem(place: str, unknown: list[str], known: set[str]) -> Problem:
    names = listing([repr(name) for name in unknown], 5)
    kind = place.rpartition(".")[2]
    if kind == "teams":
        told = say(
            "{place} names {names}: nobody is or was in such a team", place=place, names=names
        )
    elif kind == "roles":
        told = say("{place} names {names}: nobody has or had such a role", place=place, names=names)
    else:
        told = say("{place} names {names}: no rep and no order has it", place=place, names=names)
    return Problem(
        found=told,
        expected=say("people the tables know; a plan for nobody pays nothing"),
        try_=did_you_mean(unknown[0], known),
        file="playbook.toml",
        column=f"commission_plans.{place}",
        count=len(unknown),
    )
