"""What fell due in the report month, and what became of it."""

from __future__ import annotations

from datetime import date

import pandas as pd

from playbook.base import contracts as column
from playbook.base.formats import Formats
from playbook.base.language import later, say
from playbook.page import Col, Table, table

# kinds of events there are
KINDS = later(
    (
        "renewal",
        "satisfaction call",
        "value check",
        "follow-up",
        "change of approach",
        "care visit",
        "care call",
        "care plan",
        "greeting",
        "win back",
    )
)
# kinds whose events are known when they are done too; of the others a new one takes the place
FOLLOWED = ("renewal", "satisfaction call", "value check")


class ActionCounts(column.Frame):
    """One row per kind of action."""

    kind = column.text("kind of action")
    fell_due = column.count("due in the report month; missing where only open ones are known")
    in_time = column.count("of them done by their day; missing likewise")
    late = column.count("of them done later; missing likewise")
    open = column.count("due in the report month and still open")
    older = column.count("due before the report month and still open")
    ahead = column.count("due after it and listed already")


def counts_of(events: pd.DataFrame, over: pd.Series, as_of: date) -> pd.DataFrame:
    """A frame of ``ActionCounts`` from events with kind, due and done_on (missing where the day is
    not known). over: which of them are done.
    """
    due = pd.to_datetime(events["due"])
    first = pd.Timestamp(as_of).replace(day=1)
    month = (due >= first) & (due <= pd.Timestamp(as_of))
    in_time = over & ~(events["done_on"] > due)
    flags = pd.DataFrame(
        {
            "kind": events["kind"],
            "fell_due": month,
            "in_time": month & in_time,
            "late": month & over & ~in_time,
            "open": month & ~over,
            "older": (due < first) & ~over,
            "ahead": (due > pd.Timestamp(as_of)) & ~over,
        }
    )
    sums = flags.groupby("kind", sort=True).sum().astype(int).reset_index()
    unknown = ~sums["kind"].isin(FOLLOWED)
    told = ["fell_due", "in_time", "late"]
    sums[told] = sums[told].astype(object).mask(unknown, None)
    return ActionCounts.make(sums.to_dict("records"))


def counts_table(counts: pd.DataFrame, as_of: date, fmt: Formats) -> Table:
    """What fell due and what became of it. counts: a frame of ``ActionCounts``."""
    columns = [
        Col("kind", "term", label="Action", weight=2),
        Col("fell_due", "count", "Fell due in the month"),
        Col("in_time", "count", "done by their day"),
        Col("late", "count", "done later"),
        Col("open", "count", "Due in the month, open"),
        Col("older", "count", "Open from before"),
        Col("ahead", "count", "Listed ahead"),
    ]
    return table(
        counts,
        columns,
        fmt,
        title=say("What fell due, and what became of it"),
        note=(
            say(
                "done is told where the tables keep an event that is done; elsewhere"
                " only what is open is known · as of {as_of}",
                as_of=fmt.text(as_of, "date"),
            )
        ),
    )
