"""Lists of who had what when: a customer or a person, whose it was, and from which day."""

from __future__ import annotations

from playbook.base.language import say

from .files import Found
from .headers import likeness, table_likeness
from .plan import Line, TablePlan
from .profile import Profile

KNOWN = 0.75  # from which a header is one of those looked for
SPARE = 1  # further columns such a list may have, such as a note or a number
OF_PEOPLE = ("team", "manager_id", "region", "role")  # what a person belongs to, as reps calls it


def planned_ownership(found: Found) -> TablePlan | None:
    """The plan of a list of owners or members by days; None where the file is none: a day it began
    is needed, and its name, a last day or things that come again to tell it from a master list.
    """
    from_ = _first(found, "assignments", "from", dated=True)
    if from_ is None:
        return None
    to = _first(found, "assignments", "to", dated=True)
    customer = _first(found, "orders", "customer_id", but=(from_, to))
    rep = _first(found, "orders", "rep_id", but=(from_, to, customer))
    named = table_likeness(found.called).get("assignments", 0.0) > 0
    if customer is not None and rep is not None:
        subject, whom, value, role = "customer", customer, rep, "owner"
        sure = named or to is not None or customer.distinct < 1
    elif rep is not None and (member := _member(found, (from_, to, rep))) is not None:
        subject, whom, (role, value) = "rep", rep, member
        sure = named or (to is not None and rep.distinct < 1)
    else:
        return None
    used = [one for one in (from_, to, whom, value) if one is not None]
    if not sure or len(found.columns) > len(used) + SPARE:
        return None
    lines = [
        Line("subject", {"value": subject}, say("what the list is of")),
        Line("subject_id", whom.name, say("whose it was, or who")),
        Line("role", {"value": role}, say("what was assigned")),
        Line("value", value.name, say("to whom or what")),
        Line("from", from_.name, say("first day")),
    ]
    if to is not None:
        lines.append(Line("to", to.name, say("last day; empty until now")))
    return TablePlan("assignments", found, tuple(lines), say("likely: names and days from and to"))


def _member(found: Found, but: tuple[Profile | None, ...]) -> tuple[str, Profile] | None:
    """The one thing a person belongs to, with its role; None for none or several."""
    got = {name: one for name in OF_PEOPLE if (one := _first(found, "reps", name, but=but))}
    if len(got) != 1:
        return None
    name, profile = next(iter(got.items()))
    return name.removesuffix("_id"), profile


def _first(
    found: Found,
    table: str,
    column: str,
    *,
    dated: bool = False,
    but: tuple[Profile | None, ...] = (),
) -> Profile | None:
    """The column that is called so, best first; with days where they are asked for."""
    scores = [
        (likeness(one.name, table, column), one)
        for one in found.columns
        if all(one is not other for other in but) and (one.dates > 0.8) == dated and len(one.filled)
    ]
    best = max(scores, key=lambda pair: pair[0], default=(0.0, None))
    return best[1] if best[0] >= KNOWN else None
