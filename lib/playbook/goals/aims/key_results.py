"""One key result: its progress, score and state."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd

from playbook.base.contracts import (
    Frame,
    day,
    flag,
    number,
    points,
    ratio,
    share,
    text,
)
from playbook.base.formats import is_missing
from playbook.base.language import later
from playbook.goals.progress import arrived, clipped, progress
from playbook.page.blocks import Tone


class KeyResults(Frame):
    """One row per key result, in the order of the tree of objectives."""

    objective = text("the objective it belongs to")
    key_result = text("the key result")
    metric = text("what is measured")
    unit = text("unit of baseline, value and target")
    baseline = number("where it started; without one progress is not known")
    target = number("where it is to arrive")
    owner = text("who answers for it")
    start = day("start")
    due = day("due date")
    weight = number("weight in its objective's score; missing counts as 1")
    direction = text("up or down, as the book gives it")
    parent = text("objective or key result it serves")
    level = text("company, team or person")
    value = number("value of the last check-in")
    progress = ratio("(value − baseline) ÷ (target − baseline)")
    score = share("progress between 0 and 1")
    elapsed = share("share of the time from start to due that has gone")
    confidence = share("confidence of the last check-in")
    trend = points("confidence less that of 28 days or more before")
    last = day("day of the last check-in")
    stale = flag("never measured, or no check-in for the days that the book sets")
    state = text("reached, missed, stale, no baseline, behind or on course")


def state(done: float | None, elapsed: float | None, quiet: bool, *, over: bool) -> str:
    """One of reached, missed (past its due date), stale (no recent check-in, or never measured),
    no baseline (measured, but no way from a baseline to a target is given), behind (progress below
    nine tenths of the time gone), on course.

    done, elapsed: shares, None where not known; quiet: no recent check-in; over: past its due date.
    """
    if done is None:
        return later("stale") if quiet else later("no baseline")
    if done >= 1:
        return later("reached")
    if over:
        return later("missed")
    if quiet:
        return "stale"
    return later("behind") if elapsed is not None and done < 0.9 * elapsed else later("on course")


def key_result_row(
    row: dict[str, Any], checks: pd.DataFrame, as_of: date, stale: int | None
) -> dict[str, Any]:
    """A key result with its progress and state, as a row of ``KeyResults``.

    row: as the book gives it; checks: its check-ins, oldest first; stale: days without a check-in
    after which it is stale, None where the book sets none.
    """
    last = (
        checks.iloc[-1].to_dict()
        if len(checks)
        else {"value": None, "date": None, "confidence": None}
    )
    done = progress(last["value"], row["baseline"], row["target"])
    over, short = row["due"] <= as_of, False
    if is_missing(row["baseline"]) and not is_missing(last["value"]):  # from where is not known …
        if arrived(last["value"], row["target"], row["direction"]):
            done = 1.0  # … that it has arrived is,
        else:  # and that it has not, once its day is past
            short = over and not is_missing(row["direction"])
    start = row["start"] if not is_missing(row["start"]) else None
    length = (row["due"] - start).days if start else 0
    elapsed = min(1.0, max(0.0, (as_of - start).days / length)) if start and length > 0 else None
    earlier = (
        checks[[d <= as_of - pd.Timedelta(days=28).to_pytimedelta() for d in checks["date"]]]
        if len(checks)
        else checks
    )
    trend = (
        None
        if is_missing(last["confidence"])
        or not len(earlier)
        or is_missing(earlier["confidence"].iloc[-1])
        else last["confidence"] - earlier["confidence"].iloc[-1]
    )
    quiet = is_missing(last["date"]) or (stale is not None and (as_of - last["date"]).days > stale)
    return {
        **row,
        "value": last["value"],
        "progress": done,
        "score": clipped(done),
        "elapsed": elapsed,
        "confidence": last["confidence"],
        "trend": trend,
        "last": last["date"],
        "stale": quiet,
        "state": "missed" if short else state(done, elapsed, quiet, over=over),
    }


def tone(row: dict[str, Any]) -> Tone:
    """How a key result's state is coloured."""
    return {
        "reached": "good",
        "on course": "good",
        "behind": "warn",
        "no baseline": "warn",
        "missed": "bad",
        "stale": "muted",
    }.get(row["state"], "")  # type: ignore[return-value]
