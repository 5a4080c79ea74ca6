"""How past forecasts of the same kind did, and intervals widened until they hold what they say."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd

from playbook.base.language import say

from .forecast import INSIDE, Forecast, band, forecast, kind_of

LEAST_ORIGINS = 4  # month-ends with the method in force below which nothing is calibrated
MOST = 4.0  # widest factor: beyond it the method says nothing, and the page says how often it held


@dataclass(frozen=True)
class Backtest:
    """How past forecasts of the same kind did."""

    frame: pd.DataFrame  # origin [Month], actual, low, middle, high, inside (bool), method, kind
    ahead: int  # months of each forecast

    @property
    def inside(self) -> int:
        """Forecasts whose interval held the actual total."""
        return int(self.frame["inside"].sum())

    @property
    def miss(self) -> float | None:
        """Median of |middle − actual| ÷ actual."""
        known = self.frame[self.frame["actual"] > 0]
        return (
            float((abs(known["middle"] - known["actual"]) / known["actual"]).median())
            if len(known)
            else None
        )


def backtest(history: pd.Series, ahead: int = 3, least: int = 6, origins: int = 36) -> Backtest:
    """Forecast the next ``ahead`` months from every past month-end, and compare with what came.

    Parameters
    ----------
    history : monthly amounts without holes, index Month
    least : months of history the first origin has
    origins : the latest origins used

    References: rolling-origin evaluation, L. J. Tashman, Int. J. Forecasting 16 (2000) 437-450.

    Examples
    --------
    A year of equal months: seven origins (after months 6 … 12 − 3), every interval holds the 30.

    >>> from playbook.base.periods import Month
    >>> months = pd.Index([Month(2023, 1) + i for i in range(12)], dtype=object)
    >>> found = backtest(pd.Series([10.0] * 12, index=months))
    >>> len(found.frame), found.inside, round(found.miss, 1)
    (4, 4, 0.0)
    """
    rows = []
    first = max(least, len(history) - ahead - origins + 1)
    for end in range(first, len(history) - ahead + 1):
        made = forecast(history.iloc[:end], ahead, paths=1000)
        if made is None:
            continue
        low, middle, high = band(made.totals)
        actual = float(history.iloc[end : end + ahead].sum())
        rows.append(
            (
                history.index[end - 1],
                actual,
                low,
                middle,
                high,
                holds(low, actual, high),
                made.method,
                kind_of(history.iloc[:end].to_numpy(dtype=float)),
            )
        )
    return Backtest(
        pd.DataFrame(
            rows,
            columns=["origin", "actual", "low", "middle", "high", "inside", "method", "kind"],
        ),
        ahead,
    )


def holds(low: float, actual: float, high: float) -> bool:
    """Whether the interval holds what came. A billionth of the amount is rounding: steady sales are
    forecast to the cent, and neither end of their interval is a whole number.

    >>> holds(1200.0000000001, 1200.0, 1200.0000000001), holds(1200.01, 1200.0, 1300.0)
    (True, False)
    """
    rounding = 1e-9 * max(abs(low), abs(actual), abs(high))
    return low - rounding <= actual <= high + rounding


@dataclass(frozen=True)
class Calibration:
    """The record of the method in force, and how much wider its intervals have to be.

    tested: forecasts of past month-ends by the method that the whole history is forecast by; held:
    how many intervals, each widened by what the others say, held what came; factor: by how much
    the distance from the median grows, 1 where the record is good enough or too short.
    """

    tested: Backtest
    held: int
    factor: float

    @property
    def n(self) -> int:
        """Month-ends tried."""
        return len(self.tested.frame)

    @property
    def expected(self) -> float:
        """Intervals that should have held."""
        return INSIDE * self.n


def calibration(history: pd.Series, ahead: int = 3) -> Calibration:
    """Record and factor of the method in force.

    The factor is the split-conformal one: of the n distances |log(actual ÷ median)|, each in half
    widths of its interval on that side (plain differences where amounts are 0 or less), the
    ⌈(n + 1) · 0.8⌉-th smallest, at least 1 and at most 4. Neighbouring spans overlap, so it is less
    sure than n says.

    Parameters
    ----------
    history : monthly amounts without holes, index Month
    ahead : months of each trial forecast

    References: V. Vovk, A. Gammerman, G. Shafer, Algorithmic Learning in a Random World (2005),
    2.3; J. Lei et al., J. Am. Stat. Assoc. 113 (2018) 1094-1111 (split conformal intervals).

    Examples
    --------
    A year of equal months: all four intervals tried hold, and none needs widening.

    >>> from playbook.base.periods import Month
    >>> months = pd.Index([Month(2023, 1) + i for i in range(12)], dtype=object)
    >>> found = calibration(pd.Series([10.0] * 12, index=months))
    >>> found.n, found.held, found.factor
    (4, 4, 1.0)
    """
    every = backtest(history, ahead)
    kind = kind_of(history.to_numpy(dtype=float))
    mine = every.frame[every.frame["kind"] == kind].reset_index(drop=True)
    far = distances(mine)
    factor = factor_of(far)
    held = sum(d <= factor_of(np.delete(far, i)) for i, d in enumerate(far))
    return Calibration(Backtest(mine, ahead), int(held), factor)


def distances(frame: pd.DataFrame) -> np.ndarray:
    """Distance of what came from the median, in half widths of the interval on its side.

    >>> rows = pd.DataFrame({"low": [1.0], "middle": [2.0], "high": [4.0], "actual": [16.0]})
    >>> distances(rows)
    array([3.])
    """
    found = []
    for row in frame.to_dict("records"):
        if holds(row["middle"], row["actual"], row["middle"]):
            found.append(0.0)
            continue
        ends = [row["low"], row["middle"], row["high"], row["actual"]]
        logs = np.log(ends) if min(ends) > 0 else np.array(ends, dtype=float)
        low, middle, high, actual = logs
        half = (high if actual >= middle else low) - middle
        off = actual - middle
        found.append(float(off / half) if half else (0.0 if not off else math.inf))
    return np.array(found)


def factor_of(far: np.ndarray) -> float:
    """The factor for these distances; 1 for fewer than four of them.

    >>> factor_of(np.array([0.2, 0.5, 1.5, 2.0])), factor_of(np.array([0.2, 2.0]))
    (2.0, 1.0)
    """
    n = len(far)
    if n < LEAST_ORIGINS:
        return 1.0
    place = min(n, math.ceil((n + 1) * INSIDE - 1e-9))
    return float(min(MOST, max(1.0, np.sort(far)[place - 1])))


def widened(made: Forecast, factor: float) -> Forecast:
    """The forecast with the distance of every path's total from the median total multiplied by the
    factor: in logs where all paths are above 0, its months in proportion, so that none falls below;
    else in plain differences, shared by its months alike. The median total stays where it is.

    >>> made = Forecast([], np.array([[1.0], [2.0], [4.0]]), "level")
    >>> widened(made, 2.0).totals.round(6).tolist()
    [0.5, 2.0, 8.0]
    """
    if factor == 1.0:
        return made
    paths, totals = made.paths, made.totals
    middle = float(np.median(totals))
    if (paths > 0).all():
        wide = paths * ((totals / middle) ** (factor - 1))[:, None]
    else:
        wide = paths + ((factor - 1) * (totals - middle) / paths.shape[1])[:, None]
        if (paths >= 0).all():
            wide = np.maximum(wide, 0.0)
    return Forecast(
        made.months,
        wide,
        say("{method}, interval {factor:.2f}× as wide", method=made.method, factor=factor),
    )


def calibrated(history: pd.Series, ahead: int, factor: float) -> Forecast | None:
    """``forecast`` widened by a factor that ``calibration`` gave; None where nothing is forecast.

    >>> calibrated(pd.Series([1.0]), 3, 2.0) is None
    True
    """
    made = forecast(history, ahead)
    return None if made is None else widened(made, factor)
