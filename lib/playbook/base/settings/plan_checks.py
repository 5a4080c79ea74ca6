"""What must hold between the plans of a book: names, days, and who they are for. What only a book's
days and people can tell is checked by ``playbook.pay.compiled``.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from .plans import CommissionPlan


def plan_mistakes(
    plans: Sequence[CommissionPlan], names: Sequence[tuple[str, str]], tiers: Sequence[str] = ()
) -> str:
    """Everything wrong between plans, one sentence each, joined by ``; ``; empty when nothing.

    Names used twice, naming (setting, plan) pairs that do not exist, a plan replacing itself or a
    later one, a rule for a value tier that is not one of ``tiers``, and days that two plans cover,
    or none between the first plan's start and the last one's end.
    """
    known = {plan.name: plan for plan in plans}
    all_names = [plan.name for plan in plans]
    twice = sorted({name for name in all_names if all_names.count(name) > 1})
    found = [f"two commission plans are called {name!r}" for name in twice]
    for setting, name in [*names, *((f"{plan.name}.replaces", plan.replaces) for plan in plans)]:
        if name and name not in known:
            found.append(
                f"{setting} = {name!r} is no commission plan; there are:"
                f" {', '.join(known) or 'none'}"
            )
    for plan, rule in ((one, rule) for one in plans for rule in one.rules):
        if unknown := [tier for tier in rule.customer_tier if tier not in tiers]:
            found.append(
                f"plan '{plan.name}', rule '{rule.name}': customer_tier {unknown[0]!r} is no value"
                f" tier of segments.tiers; there are: {', '.join(tiers)}"
            )
    for plan in plans:
        old = known.get(plan.replaces)
        if old and old.starts >= plan.starts:
            found.append(
                f"plan '{plan.name}' starts on {plan.starts} and cannot replace '{plan.replaces}',"
                f" which starts on {old.starts}"
            )
        if old and (old.compare_only or plan.compare_only):
            only = old.name if old.compare_only else plan.name
            found.append(
                f"plan '{plan.name}' replaces '{old.name}', but '{only}' is compare_only and never"
                " in force"
            )
    if not twice:  # days can be told once names can
        found += _uncovered(plans)
    return "; ".join(found)


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
            if (last is None or start <= last) and (shared := _shared(plan, other)):
                to = min((day for day in (last, end) if day), default=None)
                span = f"{start} to {to}" if to else f"every day from {start} on"
                eve = start - timedelta(days=1)
                apart = (
                    f"give '{plan.name}' ends = {eve}, or '{other.name}' replaces ="
                    f' "{plan.name}", or '
                )
                found.append(
                    f"plans '{plan.name}' and '{other.name}' both cover {span}{shared.rstrip()}:"
                    f" {apart if start > first else ''}mark the one that is only compared with"
                    " compare_only = true"
                )
    for people in {whom(plan) for _, _, plan in spans}:
        found += _gaps([span for span in spans if whom(span[2]) == people])
    return sorted(found)


def _gaps(spans: Sequence[tuple[date, date | None, CommissionPlan]]) -> list[str]:
    """Days between plans for the same people that none covers."""
    found, reached = [], spans[0][1]
    for first, last, plan in spans[1:]:
        if reached is None:
            break
        if first > reached + timedelta(days=1):
            found.append(
                f"no plan covers {reached + timedelta(days=1)} to {first - timedelta(days=1)},"
                f" before plan '{plan.name}' starts; orders of those days would pay nothing"
            )
        reached = None if last is None else max(reached, last)
    return found


def whom(plan: CommissionPlan) -> tuple[frozenset[str], ...]:
    """Roles, teams and reps a plan holds for; three empty sets = everybody."""
    return frozenset(plan.roles), frozenset(plan.teams), frozenset(plan.reps)


def _shared(plan: CommissionPlan, other: CommissionPlan) -> str:
    """For whom two plans on the same days both hold, as the settings alone can tell: nothing where
    only a book knows (a role and a team may have a person in common).
    """
    if plan.for_all and other.for_all:
        return " "
    if plan.for_all or other.for_all:
        one = other if plan.for_all else plan
        return f" for the people of '{one.name}'"
    both = [
        f"{kind} {', '.join(sorted(a & b))}"
        for kind, a, b in zip(("role", "team", "rep"), whom(plan), whom(other), strict=True)
        if a & b
    ]
    return f" for {' and '.join(both)}" if both else ""


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
