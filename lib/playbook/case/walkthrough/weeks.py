"""Indicators week by week as they stood on each week's last day, with the rule that says when one
is out of line.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd

from playbook.base.contracts import Frame, count, day, flag, number, text
from playbook.base.language import later
from playbook.base.periods import Month, fiscal_year
from playbook.data.book import Book
from playbook.data.measures import case as measures
from playbook.data.measures.plan_frames import sales_targets
from playbook.methods.intervals import Rate

SPAN, YEAR = 91, 364  # days looked back; the year before, on the same weekdays
WEEKS_BEFORE = 13  # weeks before the first one, drawn in the pictures
FEWEST = 10  # a rate or median of fewer is not judged


@dataclass(frozen=True)
class Track:
    """One indicator of the walk-through. better: up or down."""

    key: str
    label: str
    unit: str
    better: str


TRACKS = (
    Track("pace", later("Sales against plan to date"), "share", "up"),
    Track("growth", later("Growth on a year before"), "share", "up"),
    Track("match", later("Need-match rate"), "share", "up"),
    Track("objection", later("Objection rate"), "share", "down"),
    Track("cycle", later("Days to a win"), "days", "down"),
    Track("renewal", later("Renewal, large customers"), "share", "up"),
    Track("churn", later("Churn, other customers"), "share", "down"),
)
TRACK_BY_KEY = {track.key: track for track in TRACKS}


class WeeklyTracks(Frame):
    """One row per indicator and day on which it was looked at."""

    end = day("the day")
    key = text("key of the indicator")
    value = number("its value on that day", low="low", high="high")
    low = number("lower end of its 95 % interval, where it has one")
    high = number("upper end of it")
    n = count("what it was counted of, where it is counted")
    base = number("what it is compared with: the 364 days before its span, the plan, or no growth")
    alarm = flag("it stands out of line")


def week_ends(as_of: date, weeks: int) -> list[date]:
    """Last days of the ``weeks`` seven-day weeks that end on the as-of date."""
    return [as_of - timedelta(days=7 * back) for back in reversed(range(weeks))]


def tracks(book: Book, ends: list[date]) -> pd.DataFrame:
    """Each indicator on each day of ``ends``, from rows known on that day alone: end, key, value,
    low, high, n, base, alarm.

    Rates and days look back 91 days; ``base`` is the 364 days before those, where the data reach so
    far back. ``alarm``: the whole 95 % interval lies on the wrong side of the base (rates: Wilson;
    days: order statistics of the median); pace: below the amber line of the settings; growth: below
    0 (its base).
    """
    found, plans = measures.daily(book), plans_known(book, ends)
    rows: list[dict[str, Any]] = []
    for end in ends:
        last = pd.Timestamp(end)
        rows += _money(book, found.get("sales"), plans[end], last)
        rows += [_rate(key, found[key], last) for key in ("match", "objection") if key in found]
        rows += [_median(found["cycle"], last)] if "cycle" in found else []
        rows += [
            _kept(key, found[name], last)
            for key, name in (("renewal", "large"), ("churn", "others"))
            if name in found
        ]
    frame = WeeklyTracks.make(rows)
    return frame[frame.value.notna()].reset_index(drop=True)


def _between(frame: pd.DataFrame, first: pd.Timestamp, last: pd.Timestamp) -> pd.DataFrame:
    days = frame.day.to_numpy()  # in order
    return frame.iloc[
        days.searchsorted(first.to_datetime64()) : days.searchsorted(
            last.to_datetime64(), side="right"
        )
    ]


def _spans(frame: pd.DataFrame, last: pd.Timestamp) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The 91 days to ``last``, and the 364 days before them."""
    first = last - timedelta(days=SPAN - 1)
    return _between(frame, first, last), _between(
        frame, first - timedelta(days=YEAR), first - timedelta(days=1)
    )


def _row(
    key: str,
    last: pd.Timestamp,
    value: float | None,
    n: int | None = None,
    interval: tuple[float, float] | None = None,
    base: float | None = None,
) -> dict[str, Any]:
    low, high = interval or (None, None)
    worse = (
        low is not None
        and base is not None
        and (high < base if TRACK_BY_KEY[key].better == "up" else low > base)
    )
    return {
        "end": last.date(),
        "key": key,
        "value": value,
        "low": low,
        "high": high,
        "n": n,
        "base": base,
        "alarm": bool(worse and n is not None and n >= FEWEST),
    }


def _judged(
    key: str, last: pd.Timestamp, now: tuple[int, int], before: tuple[int, int]
) -> dict[str, Any]:
    rate = Rate(*now)
    if not now[1]:
        return _row(key, last, None)
    return _row(
        key,
        last,
        rate.value,
        now[1],
        rate.interval,
        before[0] / before[1] if before[1] >= FEWEST else None,
    )


def _reaches(frame: pd.DataFrame, last: pd.Timestamp) -> bool:
    """Whether the rows begin before the year that the 91 days to ``last`` are compared with does:
    a year of which only the end is there holds the short ones of what takes long.
    """
    return bool(frame.day.iloc[0] <= last - timedelta(days=SPAN - 1 + YEAR))


def _rate(key: str, frame: pd.DataFrame, last: pd.Timestamp) -> dict[str, Any]:
    now, before = _spans(frame, last)
    n = int(before.n.sum()) if _reaches(frame, last) else 0
    return _judged(key, last, (int(now.k.sum()), int(now.n.sum())), (int(before.k.sum()), n))


def _kept(key: str, frame: pd.DataFrame, last: pd.Timestamp) -> dict[str, Any]:
    """Contracts due in the span and renewed as far as known on ``last``."""
    counts = []
    for part in _spans(frame, last):
        kept, due = int(part.n.to_numpy()[(part.known <= last).to_numpy()].sum()), int(part.n.sum())
        counts.append((kept if key == "renewal" else due - kept, due))
    return _judged(key, last, *counts)


def _median(frame: pd.DataFrame, last: pd.Timestamp) -> dict[str, Any]:
    now, before = (
        np.sort(np.repeat(part.days.to_numpy(dtype=float), part.n.to_numpy(dtype=int)))
        for part in _spans(frame, last)
    )
    if not len(now):
        return _row("cycle", last, None)
    half = 0.98 * np.sqrt(len(now))  # 1.96 standard deviations of a binomial with chance one half
    low, high = (now[int(np.clip(len(now) / 2 + way * half, 0, len(now) - 1))] for way in (-1, 1))
    return _row(
        "cycle",
        last,
        float(np.median(now)),
        len(now),
        (float(low), float(high)),
        float(np.median(before)) if len(before) >= FEWEST and _reaches(frame, last) else None,
    )


def _money(
    book: Book, frame: pd.DataFrame | None, plan: dict[str, float], last: pd.Timestamp
) -> list[dict[str, Any]]:
    if frame is None:
        return []
    first, begun = last - timedelta(days=SPAN - 1), frame.day.min()
    now, before = (
        float(
            _between(frame, first - timedelta(days=back), last - timedelta(days=back)).amount.sum()
        )
        for back in (0, YEAR)
    )
    comparable = first - timedelta(days=YEAR) >= begun and before > 0
    growth = _row("growth", last, now / before - 1 if comparable else None)
    rows = [growth | {"base": 0.0, "alarm": bool(comparable and now < before)}]
    fiscal = book.settings.book.fiscal_year_start
    due = due_by(plan, last.date(), fiscal)
    if due:
        start = fiscal_year(Month.of(last.date()), fiscal)[0].start
        pace = float(_between(frame, pd.Timestamp(start), last).amount.sum()) / due
        rows.append(
            _row("pace", last, pace) | {"base": 1.0, "alarm": pace < book.settings.goals.amber_from}
        )
    return rows


def plans_known(book: Book, ends: list[date]) -> dict[date, dict[str, float]]:
    """The company's sales target by month (YYYY-MM) as it was in force on each day: changes agreed
    later are not known; empty without a target.
    """
    made: dict[tuple[Any, ...], dict[str, float]] = {}
    found = {}
    for end in ends:
        agreed = sum(change.date_ <= end for change in book.settings.goals.adjustments)
        state = (fiscal_year(Month.of(end), book.settings.book.fiscal_year_start), agreed)
        if state not in made:
            months = sales_targets(book.at(end)).get(None, {}) if book.has("targets") else {}
            made[state] = {str(month): amount for month, amount in months.items()}
        found[end] = made[state]
    return found


def due_by(plan: dict[str, float], day: date, fiscal_year_start: int) -> float | None:
    """What of the plan is due by ``day`` of its fiscal year: months over in full, the running one
    by its days; None where a month has no target.
    """
    first, month = fiscal_year(Month.of(day), fiscal_year_start)[0], Month.of(day)
    months = [str(first + i) for i in range(month - first + 1)]
    if not all(m in plan for m in months):
        return None
    return sum(plan[m] for m in months[:-1]) + plan[months[-1]] * ((day - month.start).days + 1) / (
        (month.end - month.start).days + 1
    )
