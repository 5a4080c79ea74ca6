"""Targets that a change moved, in whole units again: cents of money, whole numbers of counts."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

import numpy as np

from playbook.base.periods import Month
from playbook.methods.apportionment import split

from .plan_moves import Members, Months, Subject
from .targets import ADDITIVE

MONEY = ("sales", "won_amount", "channel.cost")
Key = tuple[str, Members, Month, Month]
CLOSE = 1e-6  # relative difference up to which parts are said to add up to their whole


def round_moved(
    values: dict[Key, float],
    moved: Iterable[Key],
    agreed: Iterable[Key],
    now: Mapping[Subject, Months],
    digits: int,
) -> None:
    """Round the moved targets in place, so that what added up before still does.

    The company first, and every member whose own target was agreed, longest spans before the
    shorter ones inside them; then the other members of each cut, shortest spans first: shared by
    largest remainder where they add up to the company's, and a longer span is the sum of the
    shorter ones that fill it. The last month of a span carries what rounding left over.

    values: (metric, members, first, last) → target; moved: keys a change has touched; agreed: keys
    whose new target a change names; now: months of each subject; digits: decimal digits of the
    currency's minor unit.
    """
    keys, own = {key for key in moved if key[0] in ADDITIVE}, {key[:2] for key in agreed}
    before = dict(values)
    for metric in sorted({key[0] for key in keys}):
        unit = 10**digits if metric in MONEY else 1
        mine = sorted(
            (key for key in keys if key[0] == metric),
            key=lambda k: (len(k[1]), [d for d, _ in k[1]], k[3] - k[2], k[2], k[1]),
        )
        _downwards([key for key in mine if not key[1] or key[:2] in own], values, unit)
        rest = [key for key in mine if key[1] and key[:2] not in own]
        _members(rest, values, before, unit)
    for key in sorted(keys, key=lambda k: (k[2] - k[3], k)):  # a month of its own has the last word
        _last_month(key, values, now)


def _downwards(keys: list[Key], values: dict[Key, float], unit: int) -> None:
    for key in reversed(keys):
        values[key] = _whole(values[key], unit)
        inside = _tiles(key, values)
        if inside and _adds_up(sum(values[k] for k in inside), values[key], unit):
            _share(inside, keys, values, values[key], unit)


def _members(
    keys: list[Key], values: dict[Key, float], before: Mapping[Key, float], unit: int
) -> None:
    done: set[Key] = set()
    movable = set(keys)
    for key in keys:
        if key in done:
            continue
        metric, members, first, last = key
        inside = _tiles(key, values)
        if inside:
            values[key] = _whole(sum(values[k] for k in inside), unit)
            done.add(key)
            continue
        cut = tuple(d for d, _ in members)
        peers = [
            k
            for k in values
            if (k[0], k[2], k[3]) == (metric, first, last) and tuple(d for d, _ in k[1]) == cut
        ]
        whole = (metric, (), first, last)
        if whole in values and _adds_up(sum(before[k] for k in peers), before[whole], unit):
            _share(sorted(peers), movable, values, values[whole], unit)
        else:
            values[key] = _whole(values[key], unit)
        done |= {k for k in peers if k in movable} | {key}


def _tiles(key: Key, values: Mapping[Key, float]) -> list[Key]:
    """The longest equal shorter spans of the same subject that fill a span; empty where none do."""
    metric, members, first, last = key
    for length in (3, 1):
        if length > last - first:
            continue
        starts = [first + i for i in range(0, last - first + 1, length)]
        found = [(metric, members, start, start + (length - 1)) for start in starts]
        if all(k in values for k in found):
            return found
    return []


def _share(
    keys: list[Key], movable: Collection[Key], values: dict[Key, float], total: float, unit: int
) -> None:
    """The movable ones of the keys share what the others leave of the total, in whole units."""
    free = [k for k in keys if k in movable]
    rest = _units(total, unit) - sum(_units(values[k], unit) for k in keys if k not in movable)
    weights = np.array([max(values[k], 0.0) for k in free])
    if not free or rest < 0 or weights.sum() <= 0:
        return
    for k, units in zip(free, split(rest, weights), strict=True):
        values[k] = int(units) / unit


def _adds_up(parts: float, whole: float, unit: int) -> bool:
    return abs(parts - whole) <= max(CLOSE * abs(whole), 1 / unit)


def _units(value: float, unit: int) -> int:
    return round(value * unit)


def _whole(value: float, unit: int) -> float:
    return _units(value, unit) / unit


def _last_month(key: Key, values: Mapping[Key, float], now: Mapping[Subject, Months]) -> None:
    metric, members, first, last = key
    months = now.get((metric, members), {})
    span = [first + i for i in range(last - first + 1)]
    if len(span) > 3 or not all(month in months for month in span):
        return
    off = values[key] - sum(months[month] for month in span)
    if abs(off) < 1 and months[last] + off >= 0:
        months[last] += off
