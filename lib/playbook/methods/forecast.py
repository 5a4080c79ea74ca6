"""Monthly totals ahead as simulated paths, learnt from monthly history; the method follows from how
long the history is.

Paths are drawn with one fixed seed, so the same history gives the same numbers, in any order and on
any machine.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
import pandas as pd

from playbook.base.language import say
from playbook.base.periods import Month, months_between

from .forecast_draws import level_draws, places_drawn, season_draws

PATHS = 4000
INSIDE = 0.8  # two-sided width of every interval of a projection
LEAST = 3  # months of history below which nothing is forecast
SEASONAL_FROM = 24  # months of history from which months of the year get effects of their own
WINDOWS = (12, 6, 3)  # months that a level without season may be taken from
CLEARLY = 0.75  # error of a shorter window ÷ that of the longest, up to which it is preferred
LEAST_STEPS = 4  # one-step errors below which the longest window stands


@dataclass(frozen=True)
class Forecast:
    """Simulated months ahead."""

    months: tuple[Month, ...]
    paths: np.ndarray  # (paths, months) in the unit of the history
    method: str  # in words, for notes

    @cached_property
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
    numbers = np.array([month.number for month in frame["month"]], dtype=np.int64)
    return monthly_of(numbers, frame[value].to_numpy(dtype=float), last)


def monthly_of(numbers: np.ndarray, values: np.ndarray, last: Month) -> pd.Series:
    """``monthly`` of month numbers (see ``Month.number``) and the amounts beside them.

    >>> monthly_of(np.array([24276, 24278]), np.array([5.0, 7.0]), Month(2023, 4)).tolist()
    [5.0, 0.0, 7.0, 0.0]
    """
    if not len(numbers):
        return pd.Series(dtype=float)
    first = int(numbers.min())
    sums = np.bincount(numbers - first, weights=np.asarray(values, dtype=float))
    index = _months_index(first, last.number)
    found = np.zeros(len(index))
    found[: len(sums)] = sums[: len(index)]
    return pd.Series(found, index=index)


@lru_cache(maxsize=256)
def _months_index(first: int, last: int) -> pd.Index:
    """The same for every member that sold from the same month on."""
    months = months_between(Month.from_number(first), Month.from_number(last))
    return pd.Index(months, dtype=object)


def forecast(history: pd.Series, ahead: int, paths: int = PATHS) -> Forecast | None:
    """Simulated paths of the next ``ahead`` months; None with fewer than three months of history.

    Method, by what the history carries: 24 months or more, all positive: ridge regression of log
    amounts on trend and months of the year, with Student t noise; otherwise three or more, all
    positive over the last 24: log-normal around the mean of the last 12, or of the last 6 or 3
    where these foretold the next month clearly better (``level_window``); zeros or negatives among
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
    recent, kind = values[-60:], kind_of(values)
    if kind == "seasonal":
        return Forecast(
            months,
            _seasonal(history.iloc[-60:], months, paths),
            say("trend and months of the year, {n} months of history", n=len(recent)),
        )
    if kind == "level":
        short = recent[-level_window(recent[-24:]) :]
        return Forecast(
            months,
            _level(short, ahead, paths, _one_step(recent[-24:], len(short))),
            say(
                "level of the last {n} months, no season (under {least} months of history)",
                n=len(short),
                least=SEASONAL_FROM,
            ),
        )
    short = recent[-12:]
    return Forecast(
        months,
        _resampled(short, ahead, paths),
        say("resampled from the last {n} months (some of them 0)", n=len(short)),
    )


def kind_of(values: np.ndarray) -> str:
    """Which method a history is forecast by: seasonal, level or resampled (see ``forecast``).

    >>> kind_of(np.ones(24)), kind_of(np.ones(5)), kind_of(np.array([1.0, 0.0, 2.0]))
    ('seasonal', 'level', 'resampled')
    """
    recent = values[-60:]
    if (recent > 0).all() and len(recent) >= SEASONAL_FROM:
        return "seasonal"
    return "level" if (recent[-24:] > 0).all() else "resampled"


def level_window(values: np.ndarray) -> int:
    """Months whose mean log is taken as the level: 12, else the shorter of 6 and 3 that foretold
    each next month at least a quarter better. A level that falls or rises needs few months.

    >>> level_window(np.ones(18)), level_window(2.0 ** -np.arange(18))
    (12, 3)
    """
    errors = {w: np.abs(_one_step(values, w)) for w in WINDOWS}
    if len(errors[WINDOWS[0]]) < LEAST_STEPS:
        return min(WINDOWS[0], len(values))
    means = {w: float(found.mean()) for w, found in errors.items()}
    best = min(means, key=lambda w: (means[w], -w))
    clear = means[best] <= CLEARLY * means[WINDOWS[0]]
    return min(best if clear else WINDOWS[0], len(values))


def _one_step(values: np.ndarray, window: int) -> np.ndarray:
    """Log errors of the mean log of the last ``window`` months as a forecast of the next one, from
    the sixth month on.
    """
    y = np.log(values)
    starts = range(2 * LEAST, len(y))
    return np.array([y[t] - y[max(0, t - window) : t].mean() for t in starts])


def _seasonal(history: pd.Series, months: tuple[Month, ...], paths: int) -> np.ndarray:
    """Paths from a ridge regression of log amounts on a damped trend and months of the year;
    coefficients, scale and months are all drawn.
    """
    last, n = history.index[-1], len(history)
    drawn = season_draws(n, last.month, tuple(month - last for month in months), paths)
    y = np.log(history.to_numpy(dtype=float))
    centre = y.mean()
    beta = drawn.solver @ (y - centre)
    spread = np.sqrt(((y - centre - drawn.known @ beta) ** 2).sum() / drawn.freedom)
    scale = spread * drawn.scale
    coefficients = beta + scale * drawn.coefficients
    return np.exp(centre + coefficients @ drawn.ahead.T + scale * drawn.noise)


def _level(values: np.ndarray, ahead: int, paths: int, errors: np.ndarray) -> np.ndarray:
    """Log-normal months around the recent level, the level itself uncertain.

    errors: one-step errors of such levels, whose spread counts where the window is a short one.
    """
    y = np.log(values)
    freedom = max(1, len(y) - 1)
    spread = max(float(y.std(ddof=1)), 0.02) if len(y) > 1 else 0.3
    if len(y) in WINDOWS[1:] and len(errors) >= LEAST_STEPS:
        spread, freedom = max(float(np.sqrt((errors**2).mean())), 0.02), len(errors)
    root, middle, months = level_draws(freedom, ahead, paths)
    scale = spread * root
    level = y.mean() + scale / np.sqrt(len(y)) * middle
    return np.exp(level + scale * months)


def _resampled(values: np.ndarray, ahead: int, paths: int) -> np.ndarray:
    """Months drawn with replacement from the recent ones; each path draws from its own bootstrap
    sample of them, so that the level is uncertain too.
    """
    return values[places_drawn(len(values), ahead, paths)]


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
    shares = [(1 - inside) / 2, 0.5, (1 + inside) / 2]
    if totals.dtype != np.float64 or totals.ndim != 1 or not np.isfinite(totals.sum()):
        low, middle, high = np.quantile(totals, shares)
        return float(low), float(middle), float(high)
    return _ends(totals, *shares)


def _ends(totals: np.ndarray, *shares: float) -> tuple[float, float, float]:
    """``np.quantile`` to the last digit, without what it asks of its input each time."""
    last = len(totals) - 1
    exact = [last * share for share in shares]
    below = [int(place) for place in exact]
    above = [min(place + 1, last) for place in below]
    parted = np.partition(totals, sorted({*below, *above}))
    found = []
    for place, low, high in zip(exact, below, above, strict=True):
        a, b, part = float(parted[low]), float(parted[high]), place - low
        found.append(b - (b - a) * (1 - part) if part >= 0.5 else a + (b - a) * part)
    low_end, middle, high_end = found
    return low_end, middle, high_end


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
