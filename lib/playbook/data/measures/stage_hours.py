"""Hours from one stage to the next, where the source keeps the clock and not the day alone."""

from __future__ import annotations

import narwhals as nw
import pandas as pd

from playbook.base.language import say
from playbook.data.book import Book

from .days import earliest
from .frames import collect

CLOCK = 0.5  # share of entries with a time of day from which the source keeps the clock


def keeps_clock(book: Book) -> bool:
    """Whether at least half of the stage entries carry a time of day other than midnight."""
    if not book.has("stage_events", "stage", "entered_at"):
        return False
    at = nw.col("entered_at").cast(nw.Datetime)
    clock = at.dt.hour() * 3600 + at.dt.minute() * 60 + at.dt.second()
    rows = book.table("stage_events").select(
        timed=nw.when(clock > 0).then(nw.lit(1)).otherwise(nw.lit(0))
    )
    sums = collect(rows.select(n=nw.len(), timed=nw.col("timed").sum()))
    n, timed = int(sums["n"].iloc[0]), int(sums["timed"].fillna(0).iloc[0])
    return n > 0 and timed >= CLOCK * n


def stage_hours(book: Book) -> pd.DataFrame:
    """Whole minutes from the first entry to a stage to the first entry to a later one, per stage
    (name) and minutes: n [deals]. Deals without a later entry are not in it; an entry before the
    one it follows is none.

    Raises NotAvailable without stage entries.
    """
    book.need("stage_events", "stage", "entered_at", gives=say("hours from stage to stage"))
    stages = list(book.stages)
    events = book.table("stage_events").filter(nw.col("stage").is_in(stages))
    at = nw.col("entered_at").cast(nw.Datetime)
    wide = (
        events.select(
            "opportunity_id",
            **{
                f"e{i}": nw.when(nw.col("stage") == stage).then(at)
                for i, stage in enumerate(stages)
            },
        )
        .group_by("opportunity_id")
        .agg(*(nw.col(f"e{i}").min() for i in range(len(stages))))
    )
    frames = []
    for i, stage in enumerate(stages[:-1]):
        later = earliest(*(nw.col(f"e{j}") for j in range(i + 1, len(stages))))
        rows = wide.with_columns(minutes=(later - nw.col(f"e{i}")).dt.total_minutes())
        rows = rows.filter(nw.col("minutes") >= 0)
        frames.append(
            collect(rows.group_by("minutes").agg(n=nw.len()), sort=["minutes"]).assign(stage=stage)
        )
    found = pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=["n"])
    return found[["stage", "minutes", "n"]]
