"""What can be known of each outcome: measured in the simulation, plausible or not identified from
the story alone.
"""

from __future__ import annotations

import pandas as pd

from playbook.base.formats import Formats, listing
from playbook.base.language import later, say
from playbook.page import Col, Table, table
from playbook.simulator.outcomes import OUTCOMES

from .codes import LABELS, LEVERS
from .wording import OUTCOME

# What the published story, with every measure begun in one quarter and nobody waiting, lets one say
# about each outcome.
STORY = {
    "growth": (later("not identified"), later("five measures, one quarter, a weak base")),
    "sales_year": later(("not identified", "no figure published")),
    "returning": (later("not identified"), later("fewer new customers raise it too")),
    "per_head": (later("not identified"), later("moves with sales; the team changed as well")),
    "leads": (
        later("plausible"),
        later("two channels were closed, and nothing else is told that would lose leads"),
    ),
    "match": (
        later("plausible"),
        later("closing two channels changes the mix at once, and no other measure touches leads"),
    ),
    "objection": (
        later("plausible"),
        later("the calculator aims at it; but training began the same quarter"),
    ),
    "won": later(("not identified", "no figure published")),
    "cycle": (
        later("not identified"),
        later("tools, training and easier customers all shorten it"),
    ),
    "renewal": (
        later("plausible"),
        later("the value reviews aim at it; but awards and objectives began the same quarter"),
    ),
    "churn": later(("not identified", "one figure only")),
    "first_deal": (
        later("not identified"),
        later("a handful of hires, and better leads help them too"),
    ),
}


def evidence_table(contributions: pd.DataFrame, fmt: Formats) -> Table:
    """What can be known of each outcome, in the simulation and from the story."""
    rows = [
        {
            "label": OUTCOME[outcome][0],
            "measured": say(
                "measured: {measured}",
                measured=_measured(contributions[contributions.outcome == outcome]),
            ),
            "story": STORY[outcome][0],
            "why": STORY[outcome][1],
        }
        for outcome in OUTCOMES
    ]
    columns = [
        Col("label", "term", "Outcome", weight=1.2),
        Col("measured", label="In the simulation", weight=2.2),
        Col(
            "story",
            "term",
            "From the story alone",
            tone=lambda r: {"plausible": "warn"}.get(r["story"], "muted"),
        ),
        Col("why", "term", "Why", weight=2.2),
    ]
    return table(
        pd.DataFrame(rows),
        columns,
        fmt,
        title=say("Measured, plausible, not identified"),
        note=(
            say(
                "in the simulation a measure can be switched off, so its effect is"
                " measured; in the story all began in one quarter and nobody waited"
            )
        ),
    )


def _measured(effects: pd.DataFrame) -> str:
    """The measures whose interval lies on one side of zero, the largest effect first."""
    beyond = effects[(effects.low > 0) | (effects.high < 0)]
    ordered = beyond.sort_values("effect", key=abs, ascending=False, kind="stable")
    names = [say(LABELS[name]).lower() for name in ordered.lever]
    if len(names) == len(LEVERS):
        return say("all five")
    return listing(names, 5) if names else say("no measure moves it beyond chance")
