"""The sentences of a pilot's plan: what its power rests on, why groups are too few, how long it
would take.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from playbook.base.formats import plural
from playbook.base.language import nouns, say
from playbook.methods import pilot_design

from .panels import HISTORY, LABEL

if TYPE_CHECKING:
    from .plan import PilotPlan

COUNTED = {
    "team": nouns("team"),
    "region": nouns("region"),
    "product_line": nouns("product line"),
    "rep": nouns("rep"),
}


def power_note(plan: PilotPlan) -> str:
    """What the table of smallest effects rests on."""
    points = (
        say(
            ", {wanted_points} of the win rate",
            wanted_points=plan.fmt.text(plan.wanted_points, "pp"),
        )
        if plan.wanted_points is not None
        else ""
    )
    power = (
        say("with 80 % power of the test that decides (randomisation over the groups), simulated")
        if plan.decidable
        else say("– = cannot be decided with these groups")
    )
    return say(
        "{power}; {take} of {groups}; smallest p {smallest} (1 in"
        " {smallest_2}); effect wanted {wanted} of sales, orders and"
        " buyers{points}; from {months} of history · as of {as_of}",
        power=power,
        take=plan.take,
        groups=plural(len(plan.groups), *COUNTED[plan.by]),
        smallest=plan.fmt.text(plan.smallest, "number", decimals=3),
        smallest_2=round(1 / plan.smallest),
        wanted=plan.fmt.share(plan.wanted),
        points=points,
        months=plural(plan.history, "month"),
        as_of=plan.fmt.text(plan.as_of, "date"),
    )


def undecidable(plan: PilotPlan) -> str:
    """Why no result of these groups could be decided, and what could."""
    need = pilot_design.groups_needed(plan.take)
    unit = COUNTED[plan.by]
    return say(
        "A pilot in {take} of {groups} cannot be decided: no result can have"
        " a p below {smallest}, whatever the effect. With {take} piloted it"
        " takes at least {need}; or draw people or deals by lot, as the last"
        " table counts.",
        take=plan.take,
        groups=plural(len(plan.groups), *unit),
        smallest=plan.fmt.text(plan.smallest, "number", decimals=3),
        need=plural(need, *unit),
    )


def needed(primary: str, months: int) -> str:
    """How long the primary outcome would take, and whether that is a plan."""
    label, swing = (
        say(LABEL[primary]),
        "swings" if primary == "win_rate" else "swing",
    )
    if months <= HISTORY:
        return say(
            " {label} of single groups {en_swing} too much: about {months} would be needed.",
            label=label,
            en_swing=swing,
            months=plural(months, "month"),
        )
    return say(
        " {label} of single groups {en_swing} too much: about {months} would be needed,"
        " which is no plan; draw people or deals by lot instead of groups, as the last table"
        " counts.",
        label=label,
        en_swing=swing,
        months=plural(months, "month"),
    )
