"""What changed at the steps of the funnel: on a year before, or on three months before where the
book has no year."""

from __future__ import annotations

from typing import Any

import pandas as pd

from playbook.base.formats import Formats, plural
from playbook.base.language import named, say
from playbook.funnel.steps.conversion import Conversion
from playbook.page.panels import Column, Line, Rows, bars, dot, words

READINGS = {"up": "good", "down": "bad"}


def _compared(changed: pd.DataFrame) -> str:
    """What the steps can be compared with: a year before where a step has one, else the period
    before, else nothing.
    """
    return next((s for s in ("year", "period") if changed[f"change_{s}"].notna().any()), "")


def _moved(changed: pd.DataFrame, side: str) -> pd.DataFrame:
    return changed[changed[f"reading_{side}"].isin(list(READINGS))] if side else changed.head(0)


def changed_words(changed: pd.DataFrame, fmt: Formats) -> list[str]:
    """The step that changed first, or that none did; nothing where nothing can be compared."""
    side = _compared(changed)
    for row in _moved(changed, side).head(1).to_dict("records"):
        told = {
            "step": named(row["step"]),
            "now": fmt.share(row["now"], decimals=0),
            "change": fmt.text(row[f"change_{side}"], "pp"),
        }
        return [
            say("{step} passes {now}, {change} on a year ago", **told)
            if side == "year"
            else say("{step} passes {now}, {change} on three months before", **told)
        ]
    if not side:
        return []
    return [
        say("No step has changed beyond chance on a year ago")
        if side == "year"
        else say("No step has changed beyond chance on three months before")
    ]


def steps_panel(conversion: Conversion, fmt: Formats) -> Rows | None:
    if conversion.status != "ok" or conversion.changed is None or conversion.changed.empty:
        return None
    side = _compared(conversion.changed)
    lines = []
    for row in conversion.changed.to_dict("records"):
        now = row["now"]
        if now != now:
            continue
        cells = [words(named(row["step"])), words(fmt.count(row["n"]), "muted")]
        change = row[f"change_{side}"] if side else float("nan")
        known = change == change
        before = row["rate_year"] if known and side == "year" else None
        cells.append(bars(now, fmt.share(now), before=before))
        if side:
            low, high = (row[f"{end}_{side}"] if known else None for end in ("low", "high"))
            tone: Any = READINGS.get(row[f"reading_{side}"], "chance") if known else "muted"
            text = fmt.text(change, "pp") if known else "–"
            cells.append(dot(change if known else None, low, high, text, tone))
        lines.append(Line(tuple(cells)))
    if not lines:
        return None
    moved = len(_moved(conversion.changed, side))
    title = (
        say(
            "{moved} of {steps} changed beyond chance",
            moved=moved,
            steps=plural(len(lines), "step"),
        )
        if moved
        else say("No step changed")
        if side
        else say("What passes each step")
    )
    return Rows(
        title,
        say("newest mature cohorts (AC) against those of a year before (PY), share passed")
        if side == "year"
        else say("newest mature cohorts against those of three months before, share passed")
        if side
        else say("newest mature cohorts, share passed"),
        (
            Column("", width=1.9),
            Column("n", "num", 0.5, right=True),
            Column(say("PY, AC") if side == "year" else "AC", "bars", 2.2, scale=(0.0, 1.0)),
            *(
                [
                    Column(
                        say("ΔPY, 95 %") if side == "year" else say("Δ, 95 %"),
                        "dot",
                        1.9,
                        mark=0.0,
                    )
                ]
                if side
                else []
            ),
        ),
        tuple(lines),
        wide=0.58,
        name="steps",
    )
