"""Forecast paths, their lines and their record."""

import numpy as np
import pandas as pd
import pytest

from playbook.base.periods import Month
from playbook.methods.forecast import band, forecast, line, monthly, reached
from playbook.methods.forecast_record import backtest


def history(values, first=Month(2020, 1)):
    return pd.Series(
        values, index=pd.Index([first + i for i in range(len(values))], dtype=object), dtype=float
    )


def test_a_season_that_repeats_is_learnt():
    season = np.array([50, 50, 80, 80, 90, 120, 90, 80, 120, 130, 120, 190.0])
    made = forecast(history(np.tile(season, 4)), 12)
    assert made.method.startswith("trend and months of the year")
    assert np.median(made.paths, axis=0) == pytest.approx(
        season, rel=0.2
    )  # four years are drawn a little towards the mean


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([100, 110, 90, 105], "no season"),
        ([0, 100, 0, 50], "resampled"),
        ([1.0] * 30, "trend and months"),
    ],
)
def test_short_or_broken_histories_say_which_fallback_they_took(values, expected):
    assert expected in forecast(history(values), 3).method


def test_under_three_months_nothing_is_forecast():
    assert forecast(history([1, 2]), 3) is None


def test_the_same_history_gives_the_same_paths_and_none_below_zero():
    one, two = forecast(history([5, 7, 6, 9, 8]), 4), forecast(history([5, 7, 6, 9, 8]), 4)
    assert (one.paths == two.paths).all() and (one.paths >= 0).all()


def test_lines_are_reached_as_often_as_they_say():
    totals = np.arange(1, 1001.0)
    assert reached(totals, line(totals, 0.8)) == pytest.approx(0.8, abs=0.002)
    low, _, high = band(totals)
    assert ((totals >= low) & (totals <= high)).mean() == pytest.approx(0.8, abs=0.002)


def test_the_interval_holds_about_as_often_as_it_claims_on_noise():
    rng = np.random.default_rng(5)
    held = [backtest(history(np.exp(rng.normal(4, 0.25, 48))), 3) for _ in range(6)]
    share = sum(h.inside for h in held) / sum(len(h.frame) for h in held)
    assert 0.7 < share < 0.95


def test_months_without_a_row_count_as_zero():
    frame = pd.DataFrame({"month": [Month(2023, 1), Month(2023, 3)], "amount": [5, 7]})
    assert monthly(frame, "amount", Month(2023, 4)).tolist() == [5, 0, 7, 0]
