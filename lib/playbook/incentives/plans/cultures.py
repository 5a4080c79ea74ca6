"""Kinds of team, and how each is assumed to respond to pay: a table for the page."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from playbook.base.formats import Formats
from playbook.base.language import say
from playbook.base.settings.incentives import Culture
from playbook.page import Col, Table, table


def assumptions_table(cultures: Sequence[Culture], effort: float, fmt: Formats) -> Table:
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
            for one in cultures
        ]
    )
    columns = [
        Col("culture", "term", "Team"),
        Col("effort", "ratio", "Answer to rates"),
        Col("spread", "ratio", "Month-to-month spread"),
        Col("hold", "share", "Sales kept when pay falls", decimals=0),
        Col("assumption", "term", "What is assumed", context="team", weight=3),
    ]
    return table(
        teams,
        columns,
        fmt,
        title=say("What is assumed about the team"),
        note=say("Assumptions, not findings: change effort under [incentives] and see what moves"),
    )
