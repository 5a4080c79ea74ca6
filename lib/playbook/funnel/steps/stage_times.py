"""How long deals stay in each stage."""

from __future__ import annotations

from datetime import date

import pandas as pd

from playbook.base import contracts as col
from playbook.base.contracts import Frame
from playbook.base.formats import Formats
from playbook.base.language import later, say
from playbook.data.book import Book
from playbook.data.measures.deals import Deals
from playbook.methods.survival import kaplan_meier, median_time, quantile
from playbook.page import Col, Table, table

from .cohorts import dates_stages, steps_of


class StageTimes(Frame):
    """One row per dated stage: how long deals stay, all data."""

    stage = col.text(later("the stage"))
    entered = col.count(later("deals that entered and carry usable days"))
    left = col.count(later("of these, advanced or lost"))
    median = col.days(
        later("median stay, deals still there kept in (Kaplan-Meier)"), low="low", high="high"
    )
    low = col.days(later("lower end of the 95 % interval"))
    high = col.days(later("upper end of the 95 % interval"))
    advance_median = col.days(later("median stay of those that advanced"))
    limit = col.days(later("stay after which an open deal is called stuck"))


def stage_times(deals: Deals, book: Book) -> pd.DataFrame:
    """Time in each dated stage (Kaplan-Meier on leaving it) and the limit after which a deal is
    stuck; none where no entry carries a day.
    """
    rows = []
    for step in steps_of(deals, book) if dates_stages(deals) else []:
        timed = step.counts[(step.counts.days >= 0)]
        gone = timed.status != "open"
        median, low, high = median_time(kaplan_meier(timed.days, gone, timed.n))
        done = timed[timed.status == "advanced"]
        rows.append(
            {
                "stage": step.start,
                "entered": int(timed.n.sum()),
                "left": int(timed.n[gone].sum()),
                "median": median,
                "low": low,
                "high": high,
                "advance_median": quantile(done.days, done.n, 0.5),
                "limit": quantile(done.days, done.n, book.settings.funnel.stuck_percentile),
            }
        )
    return StageTimes.make(rows).astype({name: float for name in StageTimes.names()[3:]})


def stage_times_table(stages: pd.DataFrame, percentile: float, fmt: Formats, as_of: date) -> Table:
    """Time in stage, for the page. percentile: of advancing deals, the share that is not stuck."""
    shares = fmt.text(percentile * 100, "count")
    return table(
        stages,
        [
            Col("stage"),
            Col("entered", "count"),
            Col("left", "count", "Left", context="stage"),
            Col("median", "days", "Median stay", low="low", high="high"),
            Col("advance_median", "days", "Median of those who advanced"),
            Col("limit", "days", "Stuck after"),
        ],
        fmt,
        title=say("Time in stage"),
        note=(
            say(
                "Days; stay until advanced or lost, those still there kept in"
                " (Kaplan-Meier, 95 %); stuck = longer than {shares} of 100"
                " advancing deals; all data to {as_of}",
                shares=shares,
                as_of=fmt.text(as_of, "date"),
            )
        ),
    )
