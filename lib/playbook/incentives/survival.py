"""Kaplan-Meier with Greenwood's interval: how long until something happens, those it has not happened to yet kept in."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import stats


@dataclass(frozen=True)
class Survival:
    """Share still waiting after each day on which something happened.

    days, survival, low, high: arrays over event days. median: first day at which no more than half wait, None when not reached.
    n: people, events: how many of them it happened to.
    """

    days: np.ndarray
    survival: np.ndarray
    low: np.ndarray
    high: np.ndarray
    n: int
    events: int

    @property
    def median(self) -> float | None:
        half = np.flatnonzero(self.survival <= 0.5)
        return float(self.days[half[0]]) if len(half) else None

    @property
    def median_interval(self) -> tuple[float | None, float | None]:
        """Days at which the interval's ends pass one half (Brookmeyer-Crowley); None where an end never does."""
        first = [self.days[np.flatnonzero(end <= 0.5)[:1]] for end in (self.low, self.high)]
        return tuple(float(day[0]) if len(day) else None for day in first)  # type: ignore[return-value]


def kaplan_meier(days, happened, level: float = 0.95) -> Survival:
    """Product-limit estimate.

    Parameters
    ----------
    days : time to the event or to the last day seen [days]
    happened : whether the event was seen

    Notes
    -----
    Someone whose last day is an event day of others still counts as waiting on it. Interval: log-log transformed Greenwood.

    References: E. L. Kaplan and P. Meier, JASA 53 (1958) 457-481.
    """
    days, happened = np.asarray(days, dtype=float), np.asarray(happened, dtype=bool)
    at = np.unique(days[happened])
    waiting = np.array([(days >= day).sum() for day in at], dtype=float)
    events = np.array([((days == day) & happened).sum() for day in at], dtype=float)
    survival = np.cumprod(1 - events / waiting) if len(at) else np.empty(0)
    with np.errstate(divide="ignore", invalid="ignore"):
        greenwood = np.cumsum(events / (waiting * (waiting - events)))
        spread = stats.norm.ppf(0.5 + level / 2) * np.sqrt(greenwood) / np.abs(np.log(survival))
        low, high = survival ** np.exp(spread), survival ** np.exp(-spread)
    over = survival == 0
    return Survival(at, survival, np.where(over, 0, low), np.where(over, 0, high), len(days), int(happened.sum()))
