"""When a plan is due: curves over the months of a period, and the weights of days in a month, each
with a line saying where it comes from.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from playbook.base.language import say
from playbook.base.periods import Calendar, Month, days, months_between
from playbook.base.settings import GoalSettings


@dataclass(frozen=True)
class Curve:
    """Shares of a period's target due in each of its months (sum 1), and their source in words."""

    months: tuple[Month, ...]
    shares: tuple[float, ...]
    source: str

    def elapsed(self, as_of: date, settings: GoalSettings, calendar: Calendar) -> float:
        """Share of the period's target due by ``as_of``, inside a month by ten-day thirds and
        working days.
        """
        done = sum(
            share
            for month, share in zip(self.months, self.shares, strict=True)
            if month.end <= as_of
        )
        for month, share in zip(self.months, self.shares, strict=True):
            if month.start <= as_of < month.end:
                done += share * sum(
                    w for day, w in day_weights(month, settings, calendar) if day <= as_of
                )
        return min(done, 1.0)


def curve_of(
    first: Month, last: Month, history: pd.Series | None, settings: GoalSettings, calendar: Calendar
) -> Curve:
    """The curve of a span where targets give none: ``[goals] phasing`` says how, with named
    fallbacks.

    history: monthly amounts indexed by Month, to the as-of month; only whole years before the span
    are used.
    """
    months = months_between(first, last)
    if settings.phasing == "history":
        seasonal = _seasonal(months, history, _working(months, calendar, ""))
        if seasonal:
            return seasonal
        return _working(
            months, calendar, say("working days (no whole year of history before the period)")
        )
    if settings.phasing == "working_days":
        return _working(months, calendar, say("working days"))
    if settings.phasing == "phases" and len(months) % 3 == 0:
        return quarter_phases(months, settings.phases)
    return Curve(tuple(months), tuple([1 / len(months)] * len(months)), say("even months"))


def quarter_phases(months: Sequence[Month], phases: Sequence[float]) -> Curve:
    """Whole quarters of equal size, each by its phases (``[goals] phases``)."""
    weights = np.tile(phases, len(months) // 3) / (sum(phases) * (len(months) // 3))
    return Curve(
        tuple(months),
        tuple(weights),
        say(
            "quarter phases {weights}",
            weights="/".join(f"{w * 100:.0f}" for w in np.array(phases) / sum(phases)),
        ),
    )


def _seasonal(months: list[Month], history: pd.Series | None, even: Curve) -> Curve | None:
    """Average share of each month over up to three whole years before the span, shrunk towards the
    working days as if these were one year more: (Σ shares + even) ÷ (years + 1).

    One year is a thin witness of a season, and a month without sales is no reason to plan none.
    """
    if history is None:
        return None
    years = []
    for back in (12, 24, 36):
        span = [month - back for month in months]
        if all(month in history.index for month in span):
            amounts = np.array([max(0.0, float(history[month])) for month in span])
            if amounts.sum() > 0:
                years.append(amounts / amounts.sum())
    if not years:
        return None
    shares = (np.sum(years, axis=0) + np.array(even.shares)) / (len(years) + 1)
    return Curve(
        tuple(months),
        tuple(shares / shares.sum()),
        say("season of the last {n} years, shrunk towards the working days", n=len(years))
        if len(years) > 1
        else say("season of the last year, shrunk towards the working days"),
    )


def _working(months: list[Month], calendar: Calendar, source: str) -> Curve:
    counts = np.array(
        [len(calendar.working_days(month.start, month.end)) for month in months], dtype=float
    )
    counts = counts if counts.sum() else np.ones(len(months))
    return Curve(tuple(months), tuple(counts / counts.sum()), source)


def third_of(day: date) -> int:
    """0, 1 or 2: days 1-10, 11-20 and the rest."""
    return min((day.day - 1) // 10, 2)


def day_weights(
    month: Month, settings: GoalSettings, calendar: Calendar
) -> list[tuple[date, float]]:
    """Share of a month's target due on each working day (sum 1): thirds by settings, equal days
    inside a third.

    A third keeps as much of its weight as holidays leave of its weekdays (Golden Week, Spring
    Festival); the rest goes to the others in proportion. A month without any working day counts
    all its days.
    """
    working = calendar.working_days(month.start, month.end) or list(days(month.start, month.end))
    counts = np.bincount([third_of(day) for day in working], minlength=3)
    weekdays = np.bincount(
        [third_of(day) for day in days(month.start, month.end) if day.weekday() < 5], minlength=3
    )
    weights = np.array(settings.thirds) * np.minimum(1.0, counts / weekdays)
    weights = weights / weights.sum() if weights.sum() else (counts > 0) / (counts > 0).sum()
    return [(day, float(weights[third_of(day)] / counts[third_of(day)])) for day in working]
