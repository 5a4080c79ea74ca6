"""What the months ahead may bring: forecast paths learnt from monthly history, with a stated
fallback when it is short.

Paths are drawn with one fixed seed, so the same history gives the same numbers, in any order and on
any machine.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from playbook.base.periods import Month, months_between

PATHS = 4000
SEED = 20230930
INSIDE = 0.8  # two-sided width of every interval of a projection
LEAST = 3  # months of history below which nothing is forecast
SEASONAL_FROM = 24  # months from which months of the year are told apart
# how far the level drifts a month, in spreads of a month; without it a year ahead is told too
# surely
WANDER = 0.15


@dataclass(frozen=True)
class Forecast:
    """Simulated months ahead. paths: (draws, months) in the unit of the history."""

    months: tuple[Month, ...]
    paths: np.ndarray
    method: str

    @property
    def totals(self) -> np.ndarray:
        """Total of each path over the months ahead."""
        return self.paths.sum(axis=1)

    def until(self, last: Month) -> np.ndarray:
        """Total of each path up to and including ``last``."""
        return self.paths[:, [month <= last for month in self.months]].sum(axis=1)


def monthly(frame: pd.DataFrame, value: str, last: Month) -> pd.Series:
    """Monthly history without holes, from the first month with a row to ``last``; absent months are
    0. Index: Month.
    """
    if frame.empty:
        return pd.Series(dtype=float)
    sums: dict[Month, float] = {}
    for month, amount in zip(frame["month"], frame[value], strict=True):
        sums[month] = sums.get(month, 0.0) + float(amount)
    months = months_between(min(sums), last)
    return pd.Series(
        [sums.get(month, 0.0) for month in months], index=pd.Index(months, dtype=object)
    )


def forecast(history: pd.Series, ahead: int, paths: int = PATHS) -> Forecast | None:
    """Paths of the next ``ahead`` months; None with fewer than three months of history.

    history : monthly amounts without holes, index Month.
    Method, by what the history carries:
    log trend with months of the year (24 or more, all positive), parameter doubt included (Student
    t);
    log level (three or more, all positive); resampled months (zeros or negatives among them).
    """
    values = history.to_numpy(dtype=float)
    if len(values) < LEAST or ahead < 1:
        return None
    months = tuple(history.index[-1] + h for h in range(1, ahead + 1))
    recent = values[-60:]
    if (recent > 0).all() and len(recent) >= SEASONAL_FROM:
        return Forecast(
            months,
            _seasonal(history.iloc[-60:], months, paths),
            f"trend and months of the year, {len(recent)} months of history",
        )
    if (recent[-24:] > 0).all():
        short = recent[-12:]
        return Forecast(
            months,
            _level(short, ahead, paths),
            f"level of the last {len(short)} months, no season (under {SEASONAL_FROM} months of"
            " history)",
        )
    short = recent[-12:]
    return Forecast(
        months,
        _resampled(short, ahead, paths),
        f"resampled from the last {len(short)} months (some of them 0)",
    )


def _seasonal(history: pd.Series, months: tuple[Month, ...], paths: int) -> np.ndarray:
    """Ridge-shrunk regression of log amounts on a damped trend and months of the year, with draws
    of its doubt.
    """
    known, ahead = (
        _design(list(history.index), history.index[-1]),
        _design(list(months), history.index[-1]),
    )
    y = np.log(history.to_numpy(dtype=float))
    centre = y.mean()
    penalty = np.diag(
        [0.0, 6.0] + [1.0] * 12
    )  # trend held back: a year's growth is rarely repeated in full
    inverse = np.linalg.inv(known.T @ known + penalty)
    beta = inverse @ known.T @ (y - centre)
    freedom = max(4.0, len(y) - np.trace(known @ inverse @ known.T))
    spread = np.sqrt(((y - centre - known @ beta) ** 2).sum() / freedom)
    rng = np.random.default_rng(SEED)
    scale = spread * np.sqrt(freedom / rng.chisquare(freedom, paths))[:, None]
    doubt = np.linalg.cholesky(inverse + 1e-12 * np.eye(len(inverse)))
    drawn = beta + scale * (rng.standard_normal((paths, len(beta))) @ doubt.T)
    noise = scale * (
        rng.standard_normal((paths, len(months)))
        + WANDER * rng.standard_normal((paths, len(months))).cumsum(axis=1)
    )
    return np.exp(centre + drawn @ ahead.T + noise)


def _design(months: list[Month], last: Month) -> np.ndarray:
    """Columns: one, years from ``last``, twelve months of the year."""
    rows = np.zeros((len(months), 14))
    rows[:, 0] = 1
    rows[:, 1] = [(month - last) / 12 for month in months]
    rows[np.arange(len(months)), [1 + month.month for month in months]] = 1
    return rows


def _level(values: np.ndarray, ahead: int, paths: int) -> np.ndarray:
    """Log-normal months around the recent level, the level itself in doubt."""
    y, rng = np.log(values), np.random.default_rng(SEED)
    freedom = max(1, len(y) - 1)
    spread = max(float(y.std(ddof=1)), 0.02) if len(y) > 1 else 0.3
    scale = (
        spread
        * np.sqrt(freedom / np.maximum(rng.chisquare(freedom, paths), 0.2 * freedom))[:, None]
    )
    level = y.mean() + scale / np.sqrt(len(y)) * rng.standard_normal((paths, 1))
    return np.exp(level + scale * rng.standard_normal((paths, ahead)))


def _resampled(values: np.ndarray, ahead: int, paths: int) -> np.ndarray:
    """Months drawn with replacement from the recent ones, each path from its own redraw of them
    (doubt about the level).
    """
    rng = np.random.default_rng(SEED)
    pools = values[rng.integers(0, len(values), (paths, len(values)))]
    return np.take_along_axis(pools, rng.integers(0, len(values), (paths, ahead)), axis=1)


def band(totals: np.ndarray, inside: float = INSIDE) -> tuple[float, float, float]:
    """(low, middle, high): the ends hold ``inside`` of the paths, the middle is their median."""
    low, middle, high = np.quantile(totals, [(1 - inside) / 2, 0.5, (1 + inside) / 2])
    return float(low), float(middle), float(high)


def reached(totals: np.ndarray, target: float) -> float:
    """Share of paths at or above the target."""
    return float((totals >= target).mean())


def line(totals: np.ndarray, probability: float) -> float:
    """The total that is reached with this probability."""
    return float(np.quantile(totals, 1 - probability))


@dataclass(frozen=True)
class Backtest:
    """How past forecasts of the same kind did: origins tried, share inside the interval, median
    size of the miss.
    """

    frame: pd.DataFrame  # origin, actual, low, middle, high, inside
    ahead: int

    @property
    def inside(self) -> int:
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
    """Every past month-end as if it were today (the last ``origins`` of them): forecast the next
    ``ahead`` months and compare.
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
            (history.index[end - 1], actual, low, middle, high, low <= actual <= high, made.method)
        )
    return Backtest(
        pd.DataFrame(
            rows, columns=["origin", "actual", "low", "middle", "high", "inside", "method"]
        ),
        ahead,
    )
