"""Sentences of a pilot's plan: what its power rests on, why groups are too few, how long it
would take.
"""

from __future__ import annotations

from typing import Any

from playbook.base.formats import plural
from playbook.base.language import nouns, say
from playbook.methods import pilot_design

from .panels import HISTORY, LABEL

COUNTED = {
    "team": nouns("team"),
    "region": nouns("region"),
    "product_line": nouns("product line"),
    "rep": nouns("rep"),
}


def power_note(decidable: bool, wanted_points: str, **places: Any) -> str:
    """What the table of smallest effects rests on. wanted_points: effect wanted of the win rate,
    empty without one; places: those of the message.
    """
    points = (
        say(", {wanted_points} of the win rate", wanted_points=wanted_points)
        if wanted_points
        else ""
    )
    power = (
        say("with 80 % power of the test that decides (randomisation over the groups), simulated")
        if decidable
        else say("– = cannot be decided with these groups")
    )
    return say(
        "{power}; {take} of {groups}; smallest p {smallest} (1 in"
        " {smallest_2}); effect wanted {wanted} of sales, orders and"
        " buyers{points}; from {months} of history · as of {as_of}",
        power=power,
        points=points,
        **places,
    )


def undecidable(groups: int, take: int, by: str, smallest: str) -> str:
    """Why no result of these groups could be decided, and what could. smallest: the least p."""
    need = pilot_design.groups_needed(take)
    unit = COUNTED[by]
    return say(
        "A pilot in {take} of {groups} cannot be decided: no result can have"
        " a p below {smallest}, whatever the effect. With {take} piloted it"
        " takes at least {need}; or draw people or deals by lot, as the last"
        " table counts.",
        take=take,
        groups=plural(groups, *unit),
        smallest=smallest,
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
