"""Sums of floats do not tell the order of the rows they came from."""

import narwhals as nw
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playbook.data.measures.frames import collect, steady


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(-(10**9), 10**10), min_size=10, max_size=40), st.randoms())
def test_any_order_of_rows_gives_the_same_bits(cents, random):
    other = random.sample(cents, len(cents))
    sums = [
        collect(
            nw.from_native(pd.DataFrame({"x": [c / 100 for c in rows]}))
            .lazy()
            .select(nw.col("x").sum())
        )["x"].iloc[0]
        for rows in (cents, other)
    ]
    if abs(sum(cents)) > 10**9:  # what nearly cancels keeps its noise
        assert sums[0] == sums[1] == sum(cents) / 100


def test_noise_of_the_last_bit_is_gone_and_values_stay():
    assert steady(pd.Series([-139790.52000000002, 6899.170000000001, 0.1 + 0.2])).tolist() == [
        -139790.52,
        6899.17,
        0.3,
    ]
    kept = [0.0, 1e-320, 1e300, 2_427_319_999.0, 1 / 3]
    assert steady(pd.Series(kept)).tolist() == pytest.approx(kept, rel=1e-12)
    assert np.isnan(steady(pd.Series([np.nan]))[0]) and np.isinf(steady(pd.Series([np.inf]))[0])
