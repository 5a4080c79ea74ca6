"""Worksheets of the targets in force."""

from __future__ import annotations

from typing import Any

import pandas as pd

from playbook.base.formats import is_missing
from playbook.base.language import say
from playbook.goals.labels import metric_as, owner_label, part_label
from playbook.page import Worksheet


def target_sheet(name: str, rows: pd.DataFrame, owner: str = "") -> Worksheet:
    """A worksheet of targets: one line per row of ``TargetRows``."""
    keys = (
        "label",
        "metric",
        "period",
        "target",
        "original",
        "actual",
        "completion",
        "pace",
        "chance",
        "status",
        "gap",
        "days",
        "per_day",
        "owner",
        "remark",
    )
    units = (
        "text",
        "text",
        "text",
        "number",
        "number",
        "number",
        "share",
        "ratio",
        "share",
        "term",
        "number",
        "count",
        "number",
        "text",
        "text",
    )
    labels = (
        say("For"),
        say("Metric"),
        say("Period", context="target"),
        say("Target"),
        say("Original"),
        say("Actual"),
        say("Completion"),
        say("Pace"),
        say("Chance"),
        say("Status"),
        say("Still to go"),
        say("Working days left"),
        say("A day"),
        say("Owner"),
        say("Remark"),
    )
    cells = tuple(
        tuple(None if is_missing(row[k]) else row[k] for k in keys)
        for row in map(_in_words, rows.to_dict("records"))
    )
    return Worksheet(name, tuple(zip(keys, labels, units, strict=True)), cells, owner=owner)


def _in_words(row: dict[str, Any]) -> dict[str, Any]:
    return {
        **row,
        "label": part_label(row),
        "metric": metric_as(row["metric"], row["metric"]),
        "owner": owner_label(row["owner"]),
    }
