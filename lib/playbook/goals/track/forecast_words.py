"""How the forecast did so far, in words."""

from __future__ import annotations

from playbook.base.formats import Formats, plural
from playbook.methods.forecast_record import LEAST_ORIGINS, MOST, Calibration
from playbook.methods.intervals import Rate


def record_sentence(record: Calibration, fmt: Formats) -> str:
    """How many intervals of the method in force held what came, how many were to be expected, and
    by how much they are widened for it.
    """
    n, ahead = record.n, plural(record.tested.ahead, "month")
    if not n:
        return "The history is too short to test the method in force against itself."
    miss = record.tested.miss
    missed = "" if miss is None else f"; the middle missed by {fmt.share(miss)} in the median"
    text = (
        f"Tried with the method in force on {plural(n, 'earlier month-end')}, the 80 % interval for"
        f" the next {ahead} held {fmt.rate(record.tested.inside, n)} of the time, where"
        f" {fmt.text(record.expected, 'number', decimals=1)} of {n} were to be"
        f" expected{missed}."
    )
    if n < LEAST_ORIGINS:
        return f"{text} That is too few to correct it by."
    if record.factor == 1.0:
        return f"{text} It stands as it is."
    wide = fmt.text(record.factor, "ratio")
    return (
        f"{text} All intervals of this chapter are therefore {wide} as wide, with which"
        f" {record.held} of {n} hold, each judged by the others."
    )


def record_notes(record: Calibration, fmt: Formats) -> list[str]:
    """What to keep in mind about the record; nothing where there is none."""
    if not record.n:
        return []
    low, high = Rate(record.held, record.n).interval
    said = [
        f"Interval of the record: Wilson 95 %, {fmt.interval(low, high, 'share')}; overlapping"
        " spans make it look surer than it is."
    ]
    if record.factor >= MOST and record.held < record.expected:
        said.append(
            "The record is so poor that the widest correction still does not bring it to four in"
            " five: read the forecast as a guess."
        )
    return said
