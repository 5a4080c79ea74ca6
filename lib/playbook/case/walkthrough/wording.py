"""The sentences of a week: what was known, what the method said, what turned, and
how it stood later.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from playbook.base.formats import Formats, joined
from playbook.base.language import say
from playbook.case.advice import MEASURES

from .weeks import TRACK_BY_KEY


def _signal(r: Any, fmt: Formats) -> str:
    track = TRACK_BY_KEY[r.key]
    against = (
        "of plan"
        if r.key == "pace"
        else (
            ""
            if r.key == "growth"
            else say(
                "against {base} in the year before", base=fmt.text(r.base, track.unit, decimals=0)
            )
        )
    )
    return f"{track.label} {fmt.text(r.value, track.unit, decimals=0)} {against}".strip()


def signals_turned(known: pd.DataFrame, before: set[str], fmt: Formats) -> str:
    """Indicators that came out of line in the week, and those back in it."""
    out = [_signal(r, fmt) for r in known.itertuples() if r.alarm and r.key not in before]
    back = [
        f"{TRACK_BY_KEY[r.key].label} {fmt.text(r.value, TRACK_BY_KEY[r.key].unit, decimals=0)}"
        for r in known.itertuples()
        if not r.alarm and r.key in before
    ]
    return joined(
        filter(
            None,
            (
                say("out of line: ") + joined(out) if out else "",
                "back: " + joined(back) if back else "",
            ),
        ),
        "; ",
    )


def method_says(alarms: pd.DataFrame, fmt: Formats) -> str:
    """Each indicator out of line with what the playbook asks for."""
    if alarms.empty:
        return say("Nothing out of line.")
    parts = []
    for r in alarms.itertuples():
        advice = MEASURES.get("growth" if r.key == "pace" else r.key)
        parts.append(
            _signal(r, fmt)
            + (
                say(
                    ": {advice}{advice_2} ({advice_3}).",
                    advice=advice[0][:1].lower(),
                    advice_2=advice[0][1:],
                    advice_3=advice[1],
                )
                if advice
                else "."
            )
        )
    return joined(parts, " ")


def weeks_later(
    known: pd.DataFrame, alarms: pd.DataFrame, later: pd.DataFrame | None, fmt: Formats
) -> str:
    """The indicators out of line (else growth) thirteen weeks on."""
    if later is None:
        return say("not over yet")
    keys = (
        alarms.key.tolist()
        or [key for key in ("growth", "match", "cycle") if key in set(known.key)][:1]
    )
    after = later.set_index("key")
    return (
        joined(
            (
                f"{TRACK_BY_KEY[key].label[:1].lower()}{TRACK_BY_KEY[key].label[1:]}"
                f" {fmt.text(after.value[key], TRACK_BY_KEY[key].unit, decimals=0)}"
                for key in keys
                if key in after.index
            ),
            "; ",
        )
        or "–"
    )


def known_that_day(row: dict[str, Any], fmt: Formats) -> str:
    """Name, value and count of an indicator on a day."""
    track = TRACK_BY_KEY[row["key"]]
    counted = say(" (n = {n})", n=fmt.count(row["n"])) if pd.notna(row["n"]) else ""
    return (
        f"{track.label[:1].lower()}{track.label[1:]}"
        f" {fmt.text(row['value'], track.unit, decimals=0)}{counted}"
    )
