"""Sentences of the targets in force."""

from __future__ import annotations

from typing import Any

import pandas as pd

from playbook.base.formats import Formats, is_missing
from playbook.base.language import say, term
from playbook.base.settings import GoalSettings
from playbook.goals.labels import metric_label, period_name

from .target_tables import interval


def company_sentence(row: dict[str, Any], fmt: Formats) -> str:
    """How the company's target of the year stands. row: of ``TargetRows``."""
    text = say(
        "{metric} of {period} stand at {actual}, {completion} of the"
        " target; its curve asks for {due} by now, so the pace is {pace}.",
        metric=metric_label(row["metric"]),
        period=period_name(row["period"]),
        actual=fmt.text(row["actual"], row["unit"]),
        completion=fmt.share(row["completion"]),
        due=fmt.share(row["due"]),
        pace=fmt.text(row["pace"], "ratio"),
    )
    if row["days"] > 0 and not is_missing(row["middle"]):
        text += say(
            " The period is heading for {middle} ({interval}, 80 % interval) and"
            " reaches its target on {chance} of forecast paths; {per_day} per"
            " working day are still needed.",
            middle=fmt.text(row["middle"], row["unit"]),
            interval=interval(fmt, row),
            chance=fmt.chance(row["chance"]),
            per_day=fmt.text(row["per_day"], row["unit"]),
        )
        return say(
            "{text} Pace and chance together: {status}.",
            text=text,
            status=term(row["status"]),
        )
    return say("{text} That is {status}.", text=text, status=term(row["status"]))


def rule(table: pd.DataFrame, settings: GoalSettings, fmt: Formats) -> str:
    """The red/amber/green rule in words."""
    green, amber = (fmt.text(x, "ratio") for x in (settings.green_from, settings.amber_from))
    text = say(
        "green: pace {green} or more; amber: {amber} or more; red below",
        green=green,
        amber=amber,
    )
    if not (table["days"].gt(0) & table["chance"].notna()).any():
        return text
    good, fair = (fmt.share(x, decimals=0) for x in (settings.green_chance, settings.amber_chance))
    return say(
        "{text} · while a period runs the chance counts too (green {good} or"
        " more, amber {fair} or more): the worse of both, amber between"
        " green and red",
        text=text,
        good=good,
        fair=fair,
    )
