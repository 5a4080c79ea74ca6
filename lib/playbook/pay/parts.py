"""Lines written down: every amount at its rate, and what bound the rest of the pay.

Taken from the engine's own steps, so that a line and its explanation cannot differ.
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pandas as pd

from playbook.data.measures.credits import TICKS
from playbook.methods import exact

from .steps import Steps

COLUMNS = ("line", "what", "band", "base", "base_unit", "rate", "rate_unit", "pay", "unit")


def no_parts() -> pd.DataFrame:
    """A frame of parts without rows."""
    return pd.DataFrame({name: pd.Series(dtype=object) for name in COLUMNS})


def bounds(steps: Steps, pay: np.ndarray, first: np.ndarray) -> list[tuple[str, np.ndarray]]:
    """(what bound lines beside their rates, which lines) of everything the engine wrote down. pay:
    what the lines pay in the end.
    """
    found = [("re-rate", _moved(steps, first))] if len(steps.rates.paths) > 1 else []
    if steps.below is not None:
        found.append(("threshold", steps.below))
    held = steps.pay[0][1]
    for what, now in steps.pay[1:]:
        found.append((what, now != held))
        held = now
    return [*found, ("recomputed", pay != held)]


def _moved(steps: Steps, first: np.ndarray) -> np.ndarray:
    """Lines at which earlier amounts move to other rates."""
    moved = np.r_[False, steps.path[1:] != steps.path[:-1]]
    moved[first] = False
    return moved & (steps.before != 0)


def parts_of(
    steps: Steps, pay: np.ndarray, unit: int, rows: np.ndarray, first: np.ndarray
) -> pd.DataFrame:
    """One row per amount at one rate of the engine's ``rows``, and per bound.

    Columns: line (position in ``rows``), what ("band", "points", "re-rate" or what bound it), band,
    base ÷ base_unit [currency], rate ÷ rate_unit, pay ÷ unit [currency]. base × rate = pay exactly
    where there is a rate (rate_unit > 0); Σ pay of a line is its pay before rounding.
    """
    made = []
    factor = unit // (_tick(steps) * steps.rates.unit * steps.rates.times_unit)
    base_unit, rate_unit = _tick(steps), steps.rates.unit * steps.rates.times_unit
    paths = np.array(steps.rates.paths, dtype=object)

    def add(what: str, band, at: np.ndarray, base, rate, value) -> None:
        if len(at):
            made.append(
                pd.DataFrame(
                    {
                        "line": at,
                        "what": what,
                        "band": band,
                        "base": base,
                        "base_unit": base_unit,
                        "rate": rate,
                        "rate_unit": 0 if rate is None else rate_unit,
                        "pay": value,
                        "unit": unit,
                    },
                    dtype=object,
                )
            )

    times = np.broadcast_to(np.asarray(steps.times, dtype=object), len(steps.after))[rows]
    before, after = steps.before[rows].astype(object), steps.after[rows].astype(object)
    edges = steps.edges if steps.edges.shape[1] == 1 else steps.edges[:, rows]
    mine = paths[steps.path[rows]]
    for band in range(len(edges)):
        low = None if band == 0 else edges[band].astype(object)
        high = None if band + 1 == len(edges) else edges[band + 1].astype(object)
        part = _clipped(after, low, high) - _clipped(before, low, high)
        rate = mine[:, band] * times
        at = np.flatnonzero((part != 0) & (times != 0))
        add("band", band, at, part[at], rate[at], part[at] * rate[at] * factor)
    points = np.broadcast_to(np.asarray(steps.points, dtype=object), len(steps.after))[rows]
    at = np.flatnonzero(points != 0)
    if len(at):
        amount = np.asarray(steps.amount, dtype=object)[rows[at]]
        add("points", -1, at, amount, points[at], amount * points[at] * factor)
    if len(steps.rates.paths) > 1:
        _add_moved(steps, rows, first, factor, add)
    held = steps.pay[0][1].astype(object)
    own = np.zeros(len(rows), dtype=object)
    for frame in made:
        np.add.at(own, frame["line"].to_numpy(dtype=np.int64), frame["pay"].to_numpy())
    left = held[rows] - own
    at = np.flatnonzero(left != 0)
    add("threshold", -1, at, None, None, left[at])  # of a plan that pays only what is above it
    for what, now in [*steps.pay[1:], ("recomputed", pay)]:
        step = now.astype(object)[rows] - held[rows]
        at = np.flatnonzero(step != 0)
        add(what, -1, at, None, None, step[at])
        held = now.astype(object)
    return pd.concat(made, ignore_index=True) if made else no_parts()


def _tick(steps: Steps) -> int:
    return TICKS * steps.scale


def _clipped(total: np.ndarray, low, high) -> np.ndarray:
    """The part of a total inside a band; the first band also takes amounts below 0."""
    value = total if low is None else np.maximum(total - low, 0)
    if high is None:
        return value
    return np.minimum(value, high if low is None else high - low)


def _add_moved(steps: Steps, rows: np.ndarray, first: np.ndarray, factor: int, add) -> None:
    """Earlier amounts that a line moves to other rates."""
    group = np.zeros(len(steps.after), dtype=np.int64)
    group[first[1:]] = 1
    group = np.cumsum(group)
    moved = _moved(steps, first)[rows]
    at = np.flatnonzero(moved)
    if not len(at):
        return
    paths = np.array(steps.rates.paths, dtype=object)
    times = np.broadcast_to(np.asarray(steps.times, dtype=object), len(steps.after))
    here = rows[at]
    for band in range(len(steps.edges)):
        low = None if band == 0 else steps.edges[band].astype(object)
        high = None if band + 1 == len(steps.edges) else steps.edges[band + 1].astype(object)
        part = _clipped(steps.after.astype(object), low, high) - _clipped(
            steps.before.astype(object), low, high
        )
        weighted = part * times
        earlier = (exact.running(weighted, first, group) - weighted)[here]
        change = paths[steps.path[here], band] - paths[steps.path[here - 1], band]
        some = np.flatnonzero((earlier != 0) & (change != 0))
        one = steps.rates.times_unit  # weighted amounts carry the factors of their rules
        add(
            "re-rate",
            band,
            at[some],
            [v if one == 1 else _whole(v, one) for v in earlier[some]],
            change[some] * one,
            earlier[some] * change[some] * factor,
        )


def _whole(value: int, unit: int):
    return Fraction(int(value), unit)
