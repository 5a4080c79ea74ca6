"""Sales that never change: the record counts every interval of no width as one that held."""

import pandas as pd
import pytest

from playbook.base.periods import Month
from playbook.methods.forecast_record import calibration, distances, holds


@pytest.mark.parametrize("amount", [400.0, 0.1, 33.33, 1e9])
def test_steady_sales_are_held_by_every_interval(amount):
    """35 equal months: a season from 24 on, so the origins are after months 24 … 32."""
    months = pd.Index([Month(2017, 7) + i for i in range(35)], dtype=object)
    found = calibration(pd.Series([amount] * 35, index=months))
    assert (found.n, found.tested.inside, found.held, found.factor) == (9, 9, 9, 1.0)
    assert distances(found.tested.frame).tolist() == [0.0] * 9


def test_a_billionth_is_rounding_and_a_millionth_is_not():
    assert holds(100.0 + 5e-8, 100.0, 101.0) and holds(99.0, 100.0, 100.0 - 5e-8)
    assert not holds(100.0001, 100.0, 101.0) and not holds(99.0, 100.0, 99.9999)
    assert holds(-5.0, -5.0, -5.0) and not holds(0.0, 1e-12, 0.0)
