"""How much of a history a forecast reads."""

import numpy as np
import pandas as pd

from playbook.base.periods import Month
from playbook.methods.forecast import forecast


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
