"""Piloted groups beside the others: change of each outcome, the same comparison where nothing was
done, and the monthly paths.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from playbook.base.contracts import Frame, month, number, ratio, share, text
from playbook.base.formats import Formats, plural
from playbook.base.language import say
from playbook.base.periods import Month
from playbook.base.settings import PilotSettings
from playbook.methods import experiment

from .compared import judged, piloted_months
from .panels import LABEL, Panel

MOST = 4  # earlier spans compared


class PilotOutcomes(Frame):
    """One row per outcome, the primary one first: effect of the pilot."""

    outcome = text("name of the outcome")
    role = text("primary, or second")
    unit = text("unit of the effect: share of the level before, or pp")
    effect = number("change of the piloted groups beside the others'", low="low", high="high")
    low = number("lower end of the 95 % randomisation interval")
    high = number("upper end of it")
    p = share("p value by randomisation over all choices of groups")
    adjusted = share("p value corrected for several outcomes (Holm); the primary one as it is")


class PilotPaths(Frame):
    """One row per month: sales relative to each group's own mean in the span before the pilot."""

    month = month("the month")
    pilot = ratio("mean of the piloted groups")
    others = ratio("mean of the others")


class PilotPlacebo(Frame):
    """One row per earlier span in which nothing was done, the latest first."""

    span = month("first month of the span")
    effect = number("effect found, in the unit of the primary outcome")
    p = share("its p value")


def outcome_row(
    panel: Panel, first: Month, months: int, role: str, settings: PilotSettings
) -> dict[str, Any]:
    """Effect on one outcome with its interval and p value: a row of ``PilotOutcomes``."""
    chosen = [panel.members.index(g) for g in settings.groups]
    change, compared = judged(
        panel,
        panel.months.index(first) + months,
        months,
        chosen,
        settings.compare,
        piloted_months(panel, settings),
    )
    low, high = experiment.interval(change, chosen, compared=compared)
    seen = experiment.contrast(change, chosen) if compared is None else float(compared[0] @ change)
    return {
        "outcome": LABEL[panel.key],
        "role": role,
        "unit": panel.unit,
        "effect": panel.as_effect(seen),
        "low": panel.as_effect(low),
        "high": panel.as_effect(high),
        "p": experiment.p_value(change, chosen, compared=compared),
    }


def placebo_spans(panel: Panel, chosen: list[int], start: int, months: int) -> pd.DataFrame:
    """The comparison at earlier spans that do not touch the pilot, the latest first."""
    rows = []
    for end in range(start, 2 * months - 1, -months):
        change = panel.changes(end, months)
        rows.append(
            {
                "span": str(panel.months[end - months]),
                "effect": panel.as_effect(experiment.contrast(change, chosen)),
                "p": experiment.p_value(change, chosen),
            }
        )
    return PilotPlacebo.make(rows[:MOST])


def relative_paths(panel: Panel, chosen: list[int], first: Month, months: int) -> pd.DataFrame:
    """Monthly sales of pilot and others, each group relative to its mean in the span before."""
    start = panel.months.index(first)
    relative = panel.up / panel.up[:, start - months : start].mean(axis=1, keepdims=True)
    inside = np.zeros(len(relative), dtype=bool)
    inside[chosen] = True
    shown = slice(max(0, start - 12), start + months)
    return PilotPaths.make(
        {
            "month": [str(m) for m in panel.months[shown]],
            "pilot": relative[inside][:, shown].mean(axis=0),
            "others": relative[~inside][:, shown].mean(axis=0),
        }
    )


def elsewhere(outcomes: pd.DataFrame, placebo: pd.DataFrame, fmt: Formats) -> str:
    """What the same comparison gave in earlier spans, in which nothing was done."""
    first, n = outcomes.iloc[0], len(placebo)
    large = int((placebo.effect.abs() >= abs(first.effect)).sum())
    rare = int((placebo.p <= experiment.ALPHA).sum())
    spans = plural(n, "earlier span")
    said = (
        say("{n} of {earlier_spans} gave an effect as large", n=large, earlier_spans=spans)
        if large
        else say("none of {earlier_spans} gave an effect as large", earlier_spans=spans)
    )
    if rare:
        said += say(
            ", and {rare} a p of {alpha} or less: these groups drift apart by themselves",
            rare=rare,
            alpha=fmt.text(experiment.ALPHA, "number", decimals=2),
        )
    return said
