"""How past forecasts did, and intervals widened until they hold what they say."""

import numpy as np
import pandas as pd
import pytest

from playbook.base.periods import Month
from playbook.methods.forecast import Forecast, band, forecast, level_window
from playbook.methods.forecast_record import (
    MOST,
    calibrated,
    calibration,
    distances,
    factor_of,
    widened,
)


def history(values):
    months = [Month(2020, 1) + i for i in range(len(values))]
    return pd.Series(values, index=pd.Index(months, dtype=object), dtype=float)


def test_distances_are_in_half_widths_of_the_side_the_actual_lies_on():
    rows = pd.DataFrame(
        {
            "low": [10.0, 10.0, -10.0, 5.0],
            "middle": [100.0, 100.0, 0.0, 5.0],
            "high": [200.0, 200.0, 20.0, 5.0],
            "actual": [400.0, 1.0, 10.0, 5.0],
        }
    )
    assert distances(rows).tolist() == pytest.approx([2.0, 2.0, 0.5, 0.0])


@pytest.mark.parametrize(
    ("far", "factor"),
    [
        ([0.1, 0.2, 3.0], 1.0),  # too few
        ([0.1, 0.2, 0.3, 0.4], 1.0),  # never narrower
        ([0.5, 3.0, 1.5, 2.0], 3.0),  # ⌈5 · 0.8⌉ = the fourth of four
        ([0.5, 2.5, 1.5, 2.0, 0.1, 0.2, 0.3, 0.4, 3.5], 2.5),  # ⌈10 · 0.8⌉ = the eighth of nine
        ([9.0] * 5, MOST),
    ],
)
def test_the_factor_is_the_conformal_quantile_between_one_and_the_most(far, factor):
    assert factor_of(np.array(far)) == factor


def test_widening_keeps_the_median_total_and_stretches_the_others():
    months = (Month(2023, 1), Month(2023, 2))
    paths = np.array([[1.0, 3.0], [10.0, 30.0], [300.0, 100.0]])
    logs = widened(Forecast(months, paths, "m"), 2.0)
    assert logs.totals.tolist() == pytest.approx([0.4, 40.0, 4000.0])
    assert logs.paths[0].tolist() == pytest.approx([0.1, 0.3])  # months keep their proportions
    assert logs.method == "m, interval 2.00× as wide"
    plain = widened(Forecast(months[:1], np.array([[0.0], [10.0], [30.0]]), "m"), 2.0)
    assert plain.paths.ravel().tolist() == [0.0, 10.0, 50.0]
    losses = widened(Forecast(months, np.array([[-5.0, 0.0], [10.0, 0.0], [0.0, 30.0]]), "m"), 2.0)
    assert losses.totals.tolist() == [-20.0, 10.0, 50.0] and losses.paths[2].tolist() == [10, 40]
    same = Forecast(months[:1], np.array([[1.0], [2.0]]), "m")
    assert widened(same, 1.0) is same


def test_only_month_ends_with_the_method_in_force_are_counted():
    """33 months: from 24 on there is a season, so origins after months 24 … 30."""
    rng = np.random.default_rng(1)
    found = calibration(history(100 * np.exp(0.3 * rng.standard_normal(33))))
    assert found.n == 7 and found.expected == pytest.approx(5.6)
    assert [str(m) for m in found.tested.frame["origin"]][::6] == ["2021-12", "2022-06"]
    far = distances(found.tested.frame)
    assert found.factor == max(1.0, min(MOST, sorted(far)[6]))
    others = [factor_of(np.delete(far, i)) for i in range(7)]
    assert found.held == sum(d <= f for d, f in zip(far, others, strict=True))


def test_a_level_that_falls_is_taken_from_its_last_months():
    falling = [100.0 * 0.8**i for i in range(18)]
    assert level_window(np.array(falling)) == 3
    made = forecast(history(falling), 1)
    assert made.method.startswith("level of the last 3 months")
    assert np.median(made.totals) == pytest.approx(100 * 0.8**16, rel=0.05)
    steady = [100.0, 120.0, 90.0, 105.0] * 4
    assert level_window(np.array(steady)) == 12


def test_calibrated_paths_hold_more():
    rng = np.random.default_rng(2)
    past = history(100 * np.exp(rng.standard_normal(30).cumsum() * 0.3))
    factor = calibration(past).factor
    narrow, wide = band(forecast(past, 3).totals), band(calibrated(past, 3, factor).totals)
    assert factor > 1 and wide[0] < narrow[0] and wide[2] > narrow[2]
    assert calibrated(history([1, 2]), 3, 2.0) is None
