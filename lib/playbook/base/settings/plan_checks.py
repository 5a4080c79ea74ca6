"""What must hold between the plans of a book: names, days, and who they are for. What only a book's
days and people can tell is checked by ``playbook.pay.compiled``.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from playbook.base.formats import joined, listing
from playbook.base.language import later, say

from .plans import CommissionPlan


def plan_mistakes(
    plans: Sequence[CommissionPlan], names: Sequence[tuple[str, str]], tiers: Sequence[str] = ()
) -> list[str]:
    """Everything wrong between plans, a sentence each; empty when nothing.

    Names used twice, naming (setting, plan) pairs that do not exist, a plan replacing itself or a
    later one, a rule for a value tier that is not one of ``tiers``, and days that two plans cover,
    or none between the first plan's start and the last one's end.
    """
    known = {plan.name: plan for plan in plans}
    all_names = [plan.name for plan in plans]
    twice = sorted({name for name in all_names if all_names.count(name) > 1})
    found = [say("two commission plans are called {name!r}", name=name) for name in twice]
    replaced = [(f"{plan.name}.replaces", plan.replaces) for plan in plans]
    for setting, name in [*names, *replaced]:
        if name and name not in known:
            found.append(unknown_plan(setting, name, list(known)))
    for plan, rule in ((one, rule) for one in plans for rule in one.rules):
        if unknown := [tier for tier in rule.customer_tier if tier not in tiers]:
            found.append(
                say(
                    "plan '{plan}', rule '{rule}': customer_tier {tier!r} is no value tier of"
                    " segments.tiers; there are: {tiers}",
                    plan=plan.name,
                    rule=rule.name,
                    tier=unknown[0],
                    tiers=joined(tiers),
                )
            )
    for plan in plans:
        if old := known.get(plan.replaces):
            found += _replaces(plan, old)
    if not twice:  # days can be told once names can
        found += _uncovered(plans)
    return found


def unknown_plan(setting: str, name: str, known: Sequence[str]) -> str:
    """That a setting names a plan there is not, and which there are."""
    if not known:
        return say(
            "{setting} = {name!r} is no commission plan; there are none", setting=setting, name=name
        )
    return say(
        "{setting} = {name!r} is no commission plan; there are: {names}",
        setting=setting,
        name=name,
        names=joined(known),
    )


def _replaces(plan: CommissionPlan, old: CommissionPlan) -> list[str]:
    """Why ``plan`` cannot replace ``old``."""
    found = []
    if old.starts >= plan.starts:
        found.append(
            say(
                "plan '{plan}' starts on {starts} and cannot replace '{old}', which starts on"
                " {earlier}",
                plan=plan.name,
                starts=plan.starts,
                old=old.name,
                earlier=old.starts,
            )
        )
    if old.compare_only or plan.compare_only:
        found.append(
            say(
                "plan '{plan}' replaces '{old}', but '{only}' is compare_only and never in force",
                plan=plan.name,
                old=old.name,
                only=old.name if old.compare_only else plan.name,
            )
        )
    return found


def in_force_days(
    plans: Sequence[CommissionPlan],
) -> list[tuple[date, date | None, CommissionPlan]]:
    """(first day, last day or None for no end, plan) of every plan in force, by first day. A plan
    ends where the next that replaces it starts.
    """
    made = []
    for plan in plans:
        if plan.compare_only:
            continue
        follow = [one.starts for one in plans if one.replaces == plan.name]
        ends = [start - timedelta(days=1) for start in follow] + ([plan.ends] if plan.ends else [])
        made.append((plan.starts, min(ends, default=None), plan))
    return sorted(made, key=lambda one: (one[0], one[2].name))


def _uncovered(plans: Sequence[CommissionPlan]) -> list[str]:
    """Days that two plans in force cover, and days between them that none does."""
    found, spans = [], in_force_days(plans)
    for number, (first, last, plan) in enumerate(spans):
        for start, end, other in spans[number + 1 :]:
            if (last is None or start <= last) and _meet(plan, other):
                to = min((day for day in (last, end) if day), default=None)
                found.append(_both_cover(plan, other, start, to, parts=start > first))
    for people in {whom(plan) for _, _, plan in spans}:
        found += _gaps([span for span in spans if whom(span[2]) == people])
    return sorted(found)


def _both_cover(
    plan: CommissionPlan, other: CommissionPlan, start: date, to: date | None, *, parts: bool
) -> str:
    """That two plans hold on the same days, and what to write. parts: one of them begins later."""
    days = (
        say("{start} to {end}", start=start, end=to)
        if to
        else say("every day from {start} on", start=start)
    )
    places: dict[str, Any] = {
        "days": days,
        "plan": plan.name,
        "other": other.name,
        "eve": start - timedelta(days=1),
        "people": _shared(plan, other),
    }
    if parts and places["people"]:
        return say(
            "plans '{plan}' and '{other}' both cover {days} for {people}: give '{plan}' ends ="
            " {eve}, or '{other}' replaces = \"{plan}\", or mark the one that is only compared"
            " with compare_only = true",
            **places,
        )
    if parts:
        return say(
            "plans '{plan}' and '{other}' both cover {days}: give '{plan}' ends = {eve}, or"
            " '{other}' replaces = \"{plan}\", or mark the one that is only compared with"
            " compare_only = true",
            **places,
        )
    if places["people"]:
        return say(
            "plans '{plan}' and '{other}' both cover {days} for {people}: mark the one that is only"
            " compared with compare_only = true",
            **places,
        )
    return say(
        "plans '{plan}' and '{other}' both cover {days}: mark the one that is only compared with"
        " compare_only = true",
        **places,
    )


def _gaps(spans: Sequence[tuple[date, date | None, CommissionPlan]]) -> list[str]:
    """Days between plans for the same people that none covers."""
    found, reached = [], spans[0][1]
    for first, last, plan in spans[1:]:
        if reached is None:
            break
        if first > reached + timedelta(days=1):
            found.append(
                say(
                    "no plan covers {start} to {end}, before plan '{plan}' starts; orders of those"
                    " days would pay nothing",
                    start=reached + timedelta(days=1),
                    end=first - timedelta(days=1),
                    plan=plan.name,
                )
            )
        reached = None if last is None else max(reached, last)
    return found


def whom(plan: CommissionPlan) -> tuple[frozenset[str], ...]:
    """Roles, teams and reps a plan holds for; three empty sets = everybody."""
    return frozenset(plan.roles), frozenset(plan.teams), frozenset(plan.reps)


SHARED = later(("role {names}", "team {names}", "rep {names}"))


def _meet(plan: CommissionPlan, other: CommissionPlan) -> bool:
    """Whether both hold for the same people as far as the settings alone can tell: a role and a
    team may have a person in common, which only a book knows.
    """
    if plan.for_all or other.for_all:
        return True
    return any(a & b for a, b in zip(whom(plan), whom(other), strict=True))


def _shared(plan: CommissionPlan, other: CommissionPlan) -> str:
    """For whom two plans that meet both hold; empty = for everybody."""
    if plan.for_all and other.for_all:
        return ""
    if plan.for_all or other.for_all:
        one = other if plan.for_all else plan
        return say("the people of '{plan}'", plan=one.name)
    return listing(
        [
            say(words, names=joined(sorted(a & b)))
            for words, a, b in zip(SHARED, whom(plan), whom(other), strict=True)
            if a & b
        ]
    )


def names_people(plans: Sequence[CommissionPlan]) -> bool:
    """Whether any plan names people, so that only a book's rows can tell what is wrong with it."""
    return any(
        not plan.for_all or plan.quotas or plan.relief or any(one.reps for one in plan.quota_from)
        for plan in plans
    )


def plan_named(plans: Sequence[CommissionPlan], name: str) -> CommissionPlan:
    """The plan called ``name``."""
    return next(plan for plan in plans if plan.name == name)


def plan_before(plan: CommissionPlan, plans: Sequence[CommissionPlan]) -> CommissionPlan | None:
    """The plan in force until the day before ``plan`` starts: the one it replaces, else the one
    that ends on that day.
    """
    if plan.replaces:
        return plan_named(plans, plan.replaces)
    eve = plan.starts - timedelta(days=1)
    return next(
        (
            one
            for one in plans
            if one.ends == eve and not one.compare_only and whom(one) == whom(plan)
        ),
        None,
    )
