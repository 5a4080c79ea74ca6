"""What changed at each step: the newest mature cohorts against those just before and against the
same months a year before.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import date

import numpy as np
import pandas as pd

from playbook.base import contracts as col
from playbook.base.contracts import Frame
from playbook.base.formats import Formats
from playbook.base.language import later, say
from playbook.data.book import Book
from playbook.data.coverage import coverage
from playbook.funnel.windows import label
from playbook.methods.comparisons import holm
from playbook.methods.intervals import LEVEL, newcombe, proportions_p
from playbook.page import Col, Table, table

SPAN_MONTHS = 3  # months of cohorts compared: one month of most books is too few deals
AGAINST = {"period": SPAN_MONTHS, "year": 12}  # months back


class StepChanges(Frame):
    """One row per step: the newest three mature cohorts against the three before them (period)
    and against the same three a year before (year).
    """

    step = col.text(later("the step, written from→to"))
    first = col.month(later("first month of the newest cohorts"))
    last = col.month(later("last month of the newest cohorts"))
    n = col.count(later("deals that entered in them"))
    now = col.share(later("passed of these"))
    n_period = col.count(later("deals of the cohorts compared with, three months before"))
    rate_period = col.share(later("passed of these"))
    change_period = col.points(
        later("now − the rate compared with"), low="low_period", high="high_period"
    )
    low_period = col.points(later("lower end of the Newcombe 95 % interval"))
    high_period = col.points(later("upper end of the Newcombe 95 % interval"))
    p_period = col.number(
        later("p-value of no change, adjusted over all steps and both comparisons (Holm)")
    )
    reading_period = col.text(
        later(
            "up, down, within chance, too few deals, not covered by the data, no"
            " cohorts or no mature cohorts"
        )
    )
    n_year = col.count(later("deals of the cohorts compared with, a year before"))
    rate_year = col.share(later("passed of these"))
    change_year = col.points(
        later("now − the rate compared with"), low="low_year", high="high_year"
    )
    low_year = col.points(later("lower end of the Newcombe 95 % interval"))
    high_year = col.points(later("upper end of the Newcombe 95 % interval"))
    p_year = col.number(
        later("p-value of no change, adjusted over all steps and both comparisons (Holm)")
    )
    reading_year = col.text(
        later(
            "up, down, within chance, too few deals, not covered by the data, no"
            " cohorts or no mature cohorts"
        )
    )


READINGS = later(
    (
        "up",
        "down",
        "within chance",
        "too few deals",
        "not covered by the data",
        "no cohorts",
        "no mature cohorts",
    )
)


def whole_months(book: Book) -> set[int]:
    """Month numbers that the entries of deals cover wholly."""
    table = "stage_events" if book.has("stage_events", "entered_at") else "opportunities"
    return {month.number for month in coverage(book, table).months()}


def step_changes(
    cohorts: pd.DataFrame, steps: list[str], small: int, covered: Collection[int] | None = None
) -> pd.DataFrame:
    """The changes of every step.

    cohorts: step, number (month), entered, advanced, mature. small: fewest deals on either side.
    covered: month numbers the data cover wholly; cohorts of others are not compared. A change
    is called up or down when its p, adjusted over all steps and both comparisons (Holm), is
    at most 5 %.
    """
    rows = [
        _row(
            step,
            cohorts[(cohorts.step == step) & cohorts.mature].set_index("number"),
            small,
            covered,
        )
        for step in steps
    ]
    frame = pd.DataFrame(rows, columns=StepChanges.names())
    columns = [f"p_{side}" for side in AGAINST]
    frame[columns] = holm(frame[columns].astype(float))
    for side in AGAINST:
        known = frame[f"p_{side}"].notna()
        up = frame[f"change_{side}"].astype(float) > 0
        reading = np.where(
            frame[f"p_{side}"] > 1 - LEVEL, "within chance", np.where(up, "up", "down")
        )
        frame.loc[known, f"reading_{side}"] = reading[known]
    return frame


def _row(step: str, mature: pd.DataFrame, small: int, covered: Collection[int] | None) -> dict:
    if mature.empty:
        return {"step": step, **{f"reading_{side}": "no mature cohorts" for side in AGAINST}}
    last = int(mature.index.max())
    first = max(last - SPAN_MONTHS + 1, int(mature.index.min()))
    k, n = _counts(mature, first, last)
    row = {
        "step": step,
        "first": label(first),
        "last": label(last),
        "n": n,
        "now": k / n if n else None,
    }
    for side, back in AGAINST.items():
        k0, n0 = (
            _counts(mature, first - back, last - back)
            if last - first == SPAN_MONTHS - 1
            else (0, 0)
        )
        row |= {
            f"n_{side}": n0,
            f"rate_{side}": k0 / n0 if n0 else None,
            f"reading_{side}": "too few deals" if n0 else "no cohorts",
        }
        months = range(first - back, last - back + 1)
        if n0 and covered is not None and not set(months) <= set(covered):
            row |= {f"reading_{side}": "not covered by the data"}
        elif min(n, n0) >= small:
            low, high = newcombe(k, n, k0, n0)
            row |= {
                f"change_{side}": k / n - k0 / n0,
                f"low_{side}": low,
                f"high_{side}": high,
                f"p_{side}": proportions_p(k, n, k0, n0),
            }
    return row


def _counts(mature: pd.DataFrame, first: int, last: int) -> tuple[int, int]:
    """(advanced, entered) of the months, (0, 0) unless the first of them is in the records."""
    if first < mature.index.min():
        return 0, 0
    part = mature[(mature.index >= first) & (mature.index <= last)]
    return int(part.advanced.sum()), int(part.entered.sum())


def changes_table(changed: pd.DataFrame, fmt: Formats, as_of: date) -> Table:
    """What changed against the period before and the year before."""

    def tone(side: str) -> Callable[[dict], str]:
        return lambda row: {"up": "good", "down": "bad"}.get(row[f"reading_{side}"], "muted")

    columns = [
        Col("step", "name"),
        Col("last", "month", "Three months to"),
        Col("n", "count", "Entered"),
        Col("now", "share", "Passed"),
        Col(
            "change_period",
            "pp",
            "On three months before",
            low="low_period",
            high="high_period",
        ),
        Col("reading_period", "term", "Reading", tone=tone("period")),
        Col("change_year", "pp", "On a year before", low="low_year", high="high_year"),
        Col("reading_year", "term", "Reading", tone=tone("year")),
    ]
    return table(
        changed,
        columns,
        fmt,
        title=say("What changed at each step"),
        note=(
            say(
                "The newest three months of mature cohorts; differences with"
                " Newcombe 95 %; up or down only beyond chance (Holm over all"
                " comparisons); as of {as_of}",
                as_of=fmt.text(as_of, "date"),
            )
        ),
    )


def changes_sentence(changed: pd.DataFrame, fmt: Formats) -> str:
    """Names the step that changed most against the year before (else the period before); empty when
    no change is beyond chance.
    """
    for side, than in (
        ("year", say("the same months a year before")),
        ("period", say("the three months before")),
    ):
        rows = changed[changed[f"reading_{side}"].isin(["up", "down"])]
        if len(rows):
            row = rows.loc[rows[f"change_{side}"].astype(float).abs().idxmax()]
            return say(
                " Against {than}, {step} moved most: {row} → {now} ({row_2} [{row_3}]).",
                than=than,
                step=row.step,
                row=fmt.share(row[f"rate_{side}"]),
                now=fmt.share(row.now),
                row_2=fmt.text(row[f"change_{side}"], "pp"),
                row_3=fmt.interval(row[f"low_{side}"], row[f"high_{side}"], "pp"),
            )
    return ""
