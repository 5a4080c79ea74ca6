"""What forecasts draw, whatever the amounts: the seed is fixed, so hundreds of members with the
same months draw the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from playbook.base.periods import Month

SEED = 20230930
# how far the level drifts a month, in standard deviations of a month; without it the interval of a
# year ahead is too narrow
WANDER = 0.15
HELD = 16  # draws kept, of half a MB each


@dataclass(frozen=True)
class SeasonDraws:
    """What a forecast with months of the year takes from the calendar and the seed alone."""

    known: np.ndarray  # design of the months known
    ahead: np.ndarray  # design of the months ahead
    solver: np.ndarray  # log amounts less their mean → coefficients
    freedom: float
    scale: np.ndarray  # (paths, 1)
    coefficients: np.ndarray  # (paths, coefficients)
    noise: np.ndarray  # (paths, months ahead)


@lru_cache(maxsize=HELD)
def season_draws(n: int, month: int, ahead: tuple[int, ...], paths: int) -> SeasonDraws:
    """The draws for any history of ``n`` months that ends in ``month`` of the year.

    ahead: the months ahead, counted from the last one known.
    """
    last = Month(2000, month)
    known = _design([last + (i - n + 1) for i in range(n)], last)
    coming = _design([last + i for i in ahead], last)
    penalty = np.diag(
        [0.0, 6.0] + [1.0] * 12
    )  # trend held back: a year's growth is rarely repeated in full
    inverse = np.linalg.inv(known.T @ known + penalty)
    freedom = max(4.0, n - np.trace(known @ inverse @ known.T))
    rng = np.random.default_rng(SEED)
    scale = np.sqrt(freedom / rng.chisquare(freedom, paths))[:, None]
    doubt = np.linalg.cholesky(inverse + 1e-12 * np.eye(len(inverse)))
    coefficients = rng.standard_normal((paths, len(inverse))) @ doubt.T
    noise = rng.standard_normal((paths, len(ahead))) + WANDER * rng.standard_normal(
        (paths, len(ahead))
    ).cumsum(axis=1)
    return SeasonDraws(known, coming, inverse @ known.T, freedom, scale, coefficients, noise)


def _design(months: list[Month], last: Month) -> np.ndarray:
    """Columns: one, years from ``last``, twelve months of the year."""
    rows = np.zeros((len(months), 14))
    rows[:, 0] = 1
    rows[:, 1] = [(month - last) / 12 for month in months]
    rows[np.arange(len(months)), [1 + month.month for month in months]] = 1
    return rows


@lru_cache(maxsize=HELD)
def level_draws(freedom: int, ahead: int, paths: int) -> tuple[np.ndarray, ...]:
    """Draws around a level: of the scale, of the level and of the months."""
    rng = np.random.default_rng(SEED)
    chance = rng.chisquare(freedom, paths)
    root = np.sqrt(freedom / np.maximum(chance, 0.2 * freedom))[:, None]
    return root, rng.standard_normal((paths, 1)), rng.standard_normal((paths, ahead))


@lru_cache(maxsize=HELD)
def places_drawn(n: int, ahead: int, paths: int) -> np.ndarray:
    """Which of ``n`` months each path takes for each month ahead."""
    rng = np.random.default_rng(SEED)
    pools = rng.integers(0, n, (paths, n))
    return np.take_along_axis(pools, rng.integers(0, n, (paths, ahead)), axis=1)
