"""Won ÷ decided, the one step of a book in which no entry to a stage carries a day."""

from __future__ import annotations

from datetime import date

import pandas as pd

from playbook.base.formats import Formats
from playbook.base.language import say
from playbook.page import Col, Table, table


def decided_table(rows: pd.DataFrame, fmt: Formats, as_of: date) -> Table:
    """The one step.

    rows: step, entered (decided), advanced (won), rate, low, high of the last 12 months; all_rate
    and all_n of all data.
    """
    columns = [
        Col("step", "name"),
        Col("entered", "count", "Decided"),
        Col("advanced", "count", "Won"),
        Col("rate", "share", "Won ÷ decided", low="low", high="high"),
        Col("all_rate", "share", "All data"),
        Col("all_n", "count", "n"),
    ]
    note = say(
        "Deals closed in the last 12 months; Wilson 95 %; as of {as_of}",
        as_of=fmt.text(as_of, "date"),
    )
    return table(rows, columns, fmt, title=say("From the first stage to the win"), note=note)


def decided_reading(low: dict | None, undated: str, fmt: Formats) -> str:
    """What the page says of it.

    low: the step's row of the last 12 months, None with too few deals. undated: that no stage
    carries a day, as a sentence.
    """
    if low is None:
        return say(
            "{undated} Too few deals were decided in the last 12 months for a rate.",
            undated=undated,
        )
    return say(
        "{undated} In the last 12 months {advanced} of the decided deals were won [{low}].",
        undated=undated,
        advanced=fmt.rate(low["advanced"], low["entered"]),
        low=fmt.interval(low["low"], low["high"], "share"),
    )


def decided_headline(low: dict | None, fmt: Formats) -> str:
    """The same in one line."""
    if low is None:
        return say("Conversion: too few deals decided in the last 12 months")
    return say(
        "{step}: {advanced} of the deals decided in 12 months [{low}]",
        step=low["step"],
        advanced=fmt.rate(low["advanced"], low["entered"]),
        low=fmt.interval(low["low"], low["high"], "share"),
    )
