"""How the forecast did so far, in words."""

from __future__ import annotations

from playbook.base.formats import Formats, plural
from playbook.base.language import say
from playbook.methods.forecast_record import LEAST_ORIGINS, MOST, Calibration
from playbook.methods.intervals import Rate


def record_sentence(record: Calibration, fmt: Formats) -> str:
    """How many intervals of the method in force held what came, how many were to be expected, and
    by how much they are widened for it.
    """
    n, ahead = record.n, plural(record.tested.ahead, "month")
    if not n:
        return say("The history is too short to test the method in force against itself.")
    miss = record.tested.miss
    missed = (
        ""
        if miss is None
        else say("; the middle missed by {miss} in the median", miss=fmt.share(miss))
    )
    text = say(
        "Tried with the method in force on {earlier_month_ends}, the 80 %"
        " interval for the next {ahead} held {inside} of the time, where"
        " {expected} of {n} were to be expected{missed}.",
        earlier_month_ends=plural(n, "earlier month-end"),
        ahead=ahead,
        inside=fmt.rate(record.tested.inside, n),
        expected=fmt.text(record.expected, "number", decimals=1),
        n=n,
        missed=missed,
    )
    if n < LEAST_ORIGINS:
        return say("{text} That is too few to correct it by.", text=text)
    if record.factor == 1.0:
        return say("{text} It stands as it is.", text=text)
    wide = fmt.text(record.factor, "ratio")
    return say(
        "{text} All intervals of this chapter are therefore {wide} as wide,"
        " with which {held} of {n} hold, each judged by the others.",
        text=text,
        wide=wide,
        held=record.held,
        n=n,
    )


def record_notes(record: Calibration, fmt: Formats) -> list[str]:
    """What to keep in mind about the record; nothing where there is none."""
    if not record.n:
        return []
    low, high = Rate(record.held, record.n).interval
    said = [
        say(
            "Interval of the record: Wilson 95 %, {low}; overlapping spans make"
            " it look surer than it is.",
            low=fmt.interval(low, high, "share"),
        )
    ]
    if record.factor >= MOST and record.held < record.expected:
        said.append(
            say(
                "The record is so poor that the widest correction still does not"
                " bring it to four in five: read the forecast as a guess."
            )
        )
    return said
