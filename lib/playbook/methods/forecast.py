"""Monthly totals ahead as simulated paths, learnt from monthly history; the method follows from how
long the history is.

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
SEASONAL_FROM = 24  # months of history from which months of the year get effects of their own
# how far the level drifts a month, in standard deviations of a month; without it the interval of a
# year ahead is too narrow
WANDER = 0.15


@dataclass(frozen=True)
class Forecast:
    """Simulated months ahead."""

    months: tuple[Month, ...]
    paths: np.ndarray  # (paths, months) in the unit of the history
    method: str  # in words, for notes

    @property
    def totals(self) -> np.ndarray:
        """Total of each path over the months ahead."""
        return self.paths.sum(axis=1)

    def until(self, last: Month) -> np.ndarray:
        """Total of each path up to and including ``last``."""
        return self.paths[:, [month <= last for month in self.months]].sum(axis=1)


def monthly(frame: pd.DataFrame, value: str, last: Month) -> pd.Series:
    """Monthly history without holes, from the first month with a row to ``last``; absent months are
    0.

    Parameters
    ----------
    frame : rows with a column ``month`` [Month] and a column ``value`` of amounts, several rows a
        month are added up
    value : name of the amounts' column

    Returns
    -------
    float Series with index Month; empty for an empty frame

    Examples
    --------
    >>> rows = pd.DataFrame({"month": [Month(2023, 1), Month(2023, 3)], "sales": [5, 7]})
    >>> monthly(rows, "sales", Month(2023, 4)).tolist()
    [5.0, 0.0, 7.0, 0.0]
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
    """Simulated paths of the next ``ahead`` months; None with fewer than three months of history.

    Method, by what the history carries: 24 months or more, all positive: ridge regression of log
    amounts on trend and months of the year, with Student t noise; otherwise three or more, all
    positive over the last 24: log-normal around the mean of the last 12; zeros or negatives among
    them: months resampled from the last 12.

    Parameters
    ----------
    history : monthly amounts without holes (``monthly``), index Month
    ahead : number of months
    paths : number of simulated paths

    References: R. J. Hyndman, G. Athanasopoulos, Forecasting: Principles and Practice, 3rd ed.
    (2021), 5.5 and 7.4 (simulated paths, seasonal dummies); A. E. Hoerl, R. W. Kennard,
    Technometrics 12 (1970) 55-67 (ridge).

    Examples
    --------
    A history that alternates between 0 and 10 is resampled, so no path leaves 0 … 20 in two months:

    >>> months = [Month(2023, 1) + i for i in range(6)]
    >>> made = forecast(pd.Series([0.0, 10.0] * 3, index=pd.Index(months, dtype=object)), 2)
    >>> sorted(set(made.totals.tolist())), str(made.months[-1])
    ([0.0, 10.0, 20.0], '2023-08')
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
    """Paths from a ridge regression of log amounts on a damped trend and months of the year;
    coefficients, scale and months are all drawn.
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
    """Log-normal months around the recent level, the level itself uncertain."""
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
    """Months drawn with replacement from the recent ones; each path draws from its own bootstrap
    sample of them, so that the level is uncertain too.
    """
    rng = np.random.default_rng(SEED)
    pools = values[rng.integers(0, len(values), (paths, len(values)))]
    return np.take_along_axis(pools, rng.integers(0, len(values), (paths, ahead)), axis=1)


def band(totals: np.ndarray, inside: float = INSIDE) -> tuple[float, float, float]:
    """(low, median, high) of the paths' totals; the ends hold ``inside`` of the paths.

    Parameters
    ----------
    totals : (paths,) totals
    inside : two-sided coverage [share]

    Examples
    --------
    >>> [round(end, 6) for end in band(np.arange(101.0))]
    [10.0, 50.0, 90.0]
    """
    low, middle, high = np.quantile(totals, [(1 - inside) / 2, 0.5, (1 + inside) / 2])
    return float(low), float(middle), float(high)


def reached(totals: np.ndarray, target: float) -> float:
    """Share of paths at or above the target.

    >>> reached(np.array([1.0, 2.0, 3.0, 4.0]), 3.0)
    0.5
    """
    return float((totals >= target).mean())


def line(totals: np.ndarray, probability: float) -> float:
    """The total that is reached with this probability: the (1 − probability)-quantile of the paths.

    >>> round(line(np.arange(101.0), 0.8), 6)
    20.0
    """
    return float(np.quantile(totals, 1 - probability))


@dataclass(frozen=True)
class Backtest:
    """How past forecasts of the same kind did."""

    frame: pd.DataFrame  # origin [Month], actual, low, middle, high, inside (bool), method
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
            (history.index[end - 1], actual, low, middle, high, low <= actual <= high, made.method)
        )
    return Backtest(
        pd.DataFrame(
            rows, columns=["origin", "actual", "low", "middle", "high", "inside", "method"]
        ),
        ahead,
    )
