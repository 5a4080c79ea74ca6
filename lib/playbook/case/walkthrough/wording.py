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


def _lower(text: str) -> str:
    """A text that begins in lower case; abbreviations inside stay as they are."""
    return text[:1].lower() + text[1:]


def _stands(key: str, value: float, fmt: Formats) -> str:
    """An indicator's name and value."""
    track = TRACK_BY_KEY[key]
    return say(
        "{label} {value}",
        label=say(track.label),
        value=fmt.text(value, track.unit, decimals=0),
    )


def _signal(r: Any, fmt: Formats) -> str:
    track = TRACK_BY_KEY[r.key]
    label, value = say(track.label), fmt.text(r.value, track.unit, decimals=0)
    if r.key == "pace":
        return say("{label} {value} of plan", label=label, value=value)
    if r.key == "growth":
        return _stands(r.key, r.value, fmt)
    return say(
        "{label} {value} against {base} in the year before",
        label=label,
        value=value,
        base=fmt.text(r.base, track.unit, decimals=0),
    )


def signals_turned(known: pd.DataFrame, before: set[str], fmt: Formats) -> str:
    """Indicators that came out of line in the week, and those back in it."""
    out = [_signal(r, fmt) for r in known.itertuples() if r.alarm and r.key not in before]
    back = [
        _stands(r.key, r.value, fmt) for r in known.itertuples() if not r.alarm and r.key in before
    ]
    return joined(
        filter(
            None,
            (
                say("out of line: {indicators}", indicators=joined(out)) if out else "",
                say("back: {indicators}", indicators=joined(back)) if back else "",
            ),
        ),
        "; ",
    )


def method_says(known: pd.DataFrame, fmt: Formats) -> str:
    """Each indicator out of line with what the playbook asks for."""
    alarms = known[known.alarm]
    if alarms.empty:
        if len(known) and known.base.isna().all():
            return say("Nothing to compare with: the data do not reach a year further back.")
        return say("Nothing out of line.")
    parts = []
    for r in alarms.itertuples():
        advice = MEASURES.get("growth" if r.key == "pace" else r.key)
        signal = _signal(r, fmt)
        parts.append(
            say(
                "{signal}: {advice} ({owner}).",
                signal=signal,
                advice=_lower(say(advice[0])),
                owner=say(advice[1]),
            )
            if advice
            else say("{signal}.", signal=signal)
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
            (_lower(_stands(key, after.value[key], fmt)) for key in keys if key in after.index),
            "; ",
        )
        or "–"
    )


def known_that_day(row: dict[str, Any], fmt: Formats) -> str:
    """Name, value and count of an indicator on a day."""
    stands = _lower(_stands(row["key"], row["value"], fmt))
    if pd.isna(row["n"]):
        return stands
    return say("{text} (n = {n})", text=stands, n=fmt.count(row["n"]))
