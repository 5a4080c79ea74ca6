"""Targets that were moved in an adjustment window: the dated log with what was reached of each."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd

from playbook.base.contracts import (
    Frame,
    day,
    number,
    ratio,
    text,
)
from playbook.base.formats import Formats
from playbook.base.language import say
from playbook.base.periods import Window
from playbook.data.measures.plan import Plan
from playbook.goals.actuals import Actuals
from playbook.goals.labels import metric_label, named, part_label, period_name
from playbook.page import Table
from playbook.page.blocks import Cell
from playbook.page.trim import filled


class MovedTargets(Frame):
    """One row per logged change of a target; amounts are in the unit of the row's metric."""

    date = day("day the change was agreed")
    label = text("members the target is for, or Company")
    metric = text("metric of the vocabulary")
    unit = text("unit of the metric; the currency for money")
    period = text("the target's period as targets name it")
    first = number("target of the table; missing where it has none")
    before = number("target before this change")
    after = number("target after this change")
    actual = number("reached by the as-of date; missing where the period has not begun")
    original = ratio("actual ÷ first")
    now = ratio("actual ÷ after")
    reason = text("why it was changed")
    by = text("who agreed to it")


def move_log(plan: Plan | None, actuals: Actuals, as_of: date) -> pd.DataFrame:
    """Changes of targets agreed by the as-of date, oldest first, as ``MovedTargets``."""
    rows: list[dict] = []
    last: dict[tuple, float] = {}
    for move in plan.table.moves if plan else ():
        change, key = move.change, (move.change.metric, move.members, move.period.text)
        original = move.original.target if move.original else None
        span = Window("", move.period.first.start, min(move.period.last.end, as_of))
        done = (
            actuals.actual(change.metric, dict(move.members), span).value
            if span.start <= as_of
            else None
        )  # type: ignore[operator]
        rows.append(
            {
                "date": change.date_,
                "label": " · ".join(member for _, member in move.members) or "Company",
                "metric": change.metric,
                "unit": actuals.unit(change.metric),
                "period": move.period.label,
                "first": original,
                "before": last.get(key, original),
                "after": change.target,
                "actual": done,
                "original": float(done) / original if done is not None and original else None,
                "now": float(done) / change.target if done is not None and change.target else None,
                "reason": change.reason,
                "by": change.by or say("not said"),
            }
        )
        last[key] = change.target
    return MovedTargets.make(rows)


def move_tables(log: pd.DataFrame, fmt: Formats) -> list[Table]:
    """Targets that were moved; no table without a change. log: ``MovedTargets``."""
    if log.empty:
        return []
    head = (
        say("Agreed on"),
        say("For"),
        say("Metric"),
        say("Period", context="target"),
        say("Original"),
        say("Before"),
        say("Changed to"),
        say("Reached"),
        say("Of the original"),
        say("Of this one"),
        say("Reason"),
        say("Agreed by"),
    )
    one = [
        name
        for name, key, usual in (
            (say("For"), "label", "Company"),
            (say("Metric"), "metric", "sales"),
        )
        if set(log[key]) == {usual}
    ]
    same = [say("Before")] if (log["first"].fillna(-1) == log["before"].fillna(-1)).all() else []
    made = Table(
        say("Targets that were moved"),
        head,
        tuple(_cells(row, fmt) for row in log.to_dict("records")),
        "llllrrrrrrll",
        say(
            "log: [[goals.adjustments]] of the settings, oldest first; the table"
            " of targets keeps the original · – : the table has no such target,"
            " or the period has not begun"
        ),
        weights=(*[0.0] * 10, 3.0, 0.0),
    )
    return [filled(made, *one, *same)]


def _cells(row: dict[str, Any], fmt: Formats) -> tuple[Cell, ...]:
    return (
        Cell(fmt.text(row["date"], "date")),
        Cell(part_label(row)),
        Cell(metric_label(row["metric"])),
        Cell(period_name(row["period"])),
        *(Cell(fmt.text(row[k], row["unit"])) for k in ("first", "before", "after", "actual")),
        Cell(fmt.share(row["original"])),
        Cell(fmt.share(row["now"])),
        Cell(row["reason"]),
        Cell(row["by"]),
    )


def moved_notes(targets: pd.DataFrame) -> list[str]:
    """One sentence per day on which a target was moved. targets: ``TargetRows``."""
    changed = targets[targets["moved"].astype(bool)]
    return [
        say(
            "{named}, {metric} {period}: {moved}, and its parts and months not over then with it.",
            named=named(row),
            metric=metric_label(row["metric"]).lower(),
            period=period_name(row["period"]),
            moved=row["moved"],
        )
        for row in changed.drop_duplicates("moved_on").to_dict("records")
    ]
