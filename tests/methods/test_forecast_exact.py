"""How much of a history a forecast reads."""

from decimal import Decimal

import numpy as np
import pandas as pd
import pytest

from playbook.base.periods import Month
from playbook.methods.forecast import band, forecast, monthly


def history(values) -> pd.Series:
    months = [Month(2018, 1) + i for i in range(len(values))]
    return pd.Series(np.asarray(values, float), index=pd.Index(months, dtype=object))


def test_a_seasonal_forecast_reads_the_last_sixty_months():
    """Of 61 months the oldest is not read, the next is."""
    values = 100 + 10 * np.sin(np.arange(61)) + np.arange(61) % 12
    made = forecast(history(values), 3, paths=50)
    assert made.method.endswith("60 months of history")
    older, read = values.copy(), values.copy()
    older[0], read[1] = 140.0, 140.0
    assert (forecast(history(older), 3, paths=50).paths == made.paths).all()
    assert (forecast(history(read), 3, paths=50).paths != made.paths).all()


@pytest.mark.parametrize("inside", [0.8, 0.5, 0.95])
@pytest.mark.parametrize("n", [1, 2, 3, 7, 1000, 4000])
def test_bands_are_numpys_quantiles_to_the_last_digit(n, inside):
    drawn = np.random.default_rng(n)
    for totals in (drawn.lognormal(size=n) * 1e4, drawn.integers(0, 4, n).astype(float)):
        ends = np.quantile(totals, [(1 - inside) / 2, 0.5, (1 + inside) / 2])
        assert band(totals, inside) == tuple(ends.tolist())


def test_months_given_twice_out_of_order_or_after_the_last_one():
    of = [Month(2023, 3), Month(2023, 1), Month(2023, 3), Month(2023, 6)]
    rows = pd.DataFrame({"month": of, "sales": [Decimal("0.1"), 5, Decimal("0.2"), 9]})
    found = monthly(rows, "sales", Month(2023, 4))
    assert found.tolist() == [5.0, 0.0, 0.1 + 0.2, 0.0]
    assert [str(month) for month in found.index] == ["2023-01", "2023-02", "2023-03", "2023-04"]
