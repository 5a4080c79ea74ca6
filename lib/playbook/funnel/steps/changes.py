"""What changed at each step: the newest mature cohorts against those just before and against the
same months a year before.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pandas as pd

from playbook.base import contracts as col
from playbook.base.contracts import Frame
from playbook.base.formats import Formats
from playbook.funnel.windows import label
from playbook.methods.intervals import LEVEL, newcombe, proportions_p
from playbook.page import Col, Table, table

SPAN_MONTHS = 3  # months of cohorts compared: one month of most books is too few deals
AGAINST = {"period": SPAN_MONTHS, "year": 12}  # months back


class StepChanges(Frame):
    """One row per step: the newest three mature cohorts against the three before them (period)
    and against the same three a year before (year).
    """

    step = col.text("the step, written from→to")
    first = col.month("first month of the newest cohorts")
    last = col.month("last month of the newest cohorts")
    n = col.count("deals that entered in them")
    now = col.share("passed of these")
    n_period = col.count("deals of the cohorts compared with, three months before")
    rate_period = col.share("passed of these")
    change_period = col.points("now − the rate compared with", low="low_period", high="high_period")
    low_period = col.points("lower end of the Newcombe 95 % interval")
    high_period = col.points("upper end of the Newcombe 95 % interval")
    p_period = col.number(
        "p-value of no change, adjusted over all steps and both comparisons (Holm)"
    )
    reading_period = col.text(
        "up, down, within chance, too few deals, no cohorts or no mature cohorts"
    )
    n_year = col.count("deals of the cohorts compared with, a year before")
    rate_year = col.share("passed of these")
    change_year = col.points("now − the rate compared with", low="low_year", high="high_year")
    low_year = col.points("lower end of the Newcombe 95 % interval")
    high_year = col.points("upper end of the Newcombe 95 % interval")
    p_year = col.number("p-value of no change, adjusted over all steps and both comparisons (Holm)")
    reading_year = col.text(
        "up, down, within chance, too few deals, no cohorts or no mature cohorts"
    )


def step_changes(cohorts: pd.DataFrame, steps: list[str], small: int) -> pd.DataFrame:
    """The changes of every step.

    cohorts: step, number (month), entered, advanced, mature. small: fewest deals on either side. A
    change is called up or down when its p, adjusted over all steps and both comparisons (Holm), is
    at most 5 %.
    """
    rows = [
        _row(step, cohorts[(cohorts.step == step) & cohorts.mature].set_index("number"), small)
        for step in steps
    ]
    frame = pd.DataFrame(rows, columns=StepChanges.names())
    comparisons = [
        (i, side) for i in frame.index for side in AGAINST if pd.notna(frame.loc[i, f"p_{side}"])
    ]
    worst = 0.0
    for rank, (i, side) in enumerate(
        sorted(comparisons, key=lambda pair: frame.loc[pair[0], f"p_{pair[1]}"])
    ):
        worst = max(worst, min(1.0, frame.loc[i, f"p_{side}"] * (len(comparisons) - rank)))
        frame.loc[i, f"p_{side}"] = worst
        frame.loc[i, f"reading_{side}"] = (
            "within chance"
            if worst > 1 - LEVEL
            else "up"
            if frame.loc[i, f"change_{side}"] > 0
            else "down"
        )
    return frame


def _row(step: str, mature: pd.DataFrame, small: int) -> dict:
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
        if min(n, n0) >= small:
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
        Col("step"),
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
        Col("reading_period", "text", "Reading", tone=tone("period")),
        Col("change_year", "pp", "On a year before", low="low_year", high="high_year"),
        Col("reading_year", "text", "Reading", tone=tone("year")),
    ]
    return table(
        changed,
        columns,
        fmt,
        title="What changed at each step",
        note=(
            "The newest three months of mature cohorts; differences with Newcombe 95 %; up or"
            " down only beyond chance (Holm over all comparisons); as of"
            f" {fmt.text(as_of, 'date')}"
        ),
    )


def changes_sentence(changed: pd.DataFrame, fmt: Formats) -> str:
    """Names the step that changed most against the year before (else the period before); empty when
    no change is beyond chance.
    """
    for side, than in (
        ("year", "the same months a year before"),
        ("period", "the three months before"),
    ):
        rows = changed[changed[f"reading_{side}"].isin(["up", "down"])]
        if len(rows):
            row = rows.loc[rows[f"change_{side}"].astype(float).abs().idxmax()]
            return (
                f" Against {than}, {row.step} moved most:"
                f" {fmt.share(row[f'rate_{side}'])} → {fmt.share(row.now)}"
                f" ({fmt.text(row[f'change_{side}'], 'pp')}"
                f" [{fmt.interval(row[f'low_{side}'], row[f'high_{side}'], 'pp')}])."
            )
    return ""
