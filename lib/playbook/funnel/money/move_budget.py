"""What moving budget from one channel to another would bring."""

from __future__ import annotations

import pandas as pd

from playbook.base.language import say
from playbook.page import Col, Table, table

from .channels import Channels

JUDGED = ("keep", "watch", "cut")  # verdicts of channels of which it is known what they bring


def movable(frame: pd.DataFrame) -> pd.DataFrame:
    """Channels between which budget may be moved: they cost something now, and what they bring is
    known.
    """
    return frame[(frame.running > 0) & frame.verdict.isin(JUDGED)]


def move(found: Channels, source: str, to: str, share: float) -> Table:
    """What moving a share of one channel's running budget to another would bring.

    Raises ValueError for a channel of which it is not known what it brings.
    """
    rows = movable(found.table).set_index("channel")
    for name in (source, to):
        if name not in rows.index:
            raise ValueError(
                f"what channel {name} brings is not known; expected one of {', '.join(rows.index)}"
            )
    budget = rows.running[source] * 4 * share
    line = {
        "source": source,
        "to": to,
        "budget": budget,
        "brings": budget * rows.roi[to] * found.marginal,
        "loses": budget * rows.roi[source],
    }
    line["net"] = line["brings"] - line["loses"]
    columns = [
        Col("source", "name", "Take from"),
        Col("to", "name", "Give to"),
        Col("budget", "money", "Budget a year"),
        Col("brings", "money", "Brings"),
        Col("loses", "money", "Gives up"),
        Col("net", "money", "Net", sign=True),
    ]
    return table(
        pd.DataFrame([line]),
        columns,
        found.fmt,
        title=say("Moving budget"),
        note=(
            say(
                "{currency} of gross profit a year; the next unit brings {marginal}"
                " of the average one",
                currency=found.currency,
                marginal=found.fmt.share(found.marginal),
            )
        ),
    )
