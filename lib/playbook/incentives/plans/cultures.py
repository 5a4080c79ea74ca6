"""Kinds of team, and how each is assumed to respond to pay."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from playbook.base.formats import Formats
from playbook.page import Col, Table, table


@dataclass(frozen=True)
class Culture:
    """How a kind of team is assumed to respond to pay.

    effort: factor on the response of the settings. spread: factor on how far months lie from each
    rep's mean. hold: share of sales that stays when pay falls (the rest leaves with people).
    assumption: the same as a sentence for the page.
    """

    name: str
    effort: float
    spread: float
    hold: float
    assumption: str


CULTURES = (
    Culture("as assumed", 1.0, 1.0, 1.0, "the response of the settings, nothing else"),
    Culture(
        "wolf",
        2.0,
        1.3,
        0.97,
        "high pay for results and the last ones go: strong answer to rates, uneven months, some"
        " sales leave when pay falls",
    ),
    Culture("mixed", 1.0, 1.1, 0.99, "results and shared learning: middling answer to rates"),
    Culture(
        "learning", 0.5, 0.9, 1.0, "knowledge shared in the team: weak answer to rates, even months"
    ),
)


def assumptions_table(effort: float, fmt: Formats) -> Table:
    """What is assumed about each kind of team. effort: the response of the settings."""
    teams = pd.DataFrame(
        [
            {
                "culture": one.name,
                "effort": one.effort * effort,
                "spread": one.spread,
                "hold": one.hold,
                "assumption": one.assumption,
            }
            for one in CULTURES
        ]
    )
    columns = [
        Col("culture", "text", "Team"),
        Col("effort", "ratio", "Answer to rates"),
        Col("spread", "ratio", "Month-to-month spread"),
        Col("hold", "share", "Sales kept when pay falls", decimals=0),
        Col("assumption", "text", "What is assumed", weight=3),
    ]
    return table(
        teams,
        columns,
        fmt,
        title="What is assumed about the team",
        note="Assumptions, not findings: change effort under [incentives] and see what moves",
    )
