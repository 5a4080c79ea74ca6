"""What changed at a step: published interval, its own hand-worked rows, and what is not called a
change.
"""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbook.funnel.steps.changes import step_changes
from playbook.methods.intervals import newcombe, proportions_p


def test_newcombe_published():
    """R. G. Newcombe 1998, Table II, method 10: 56/70 − 48/80 = 0.2 [0.0524, 0.3339]; 9/10 − 3/10 =
    0.6 [0.1705, 0.8090].
    """
    assert newcombe(56, 70, 48, 80) == pytest.approx((0.0524, 0.3339), abs=5e-5)
    assert newcombe(9, 10, 3, 10) == pytest.approx((0.1705, 0.8090), abs=5e-5)


@given(st.integers(1, 60), st.integers(1, 60), st.data())
def test_interval_holds_the_difference_and_turns_with_it(n, n0, data):
    k, k0 = data.draw(st.integers(0, n)), data.draw(st.integers(0, n0))
    low, high = newcombe(k, n, k0, n0)
    assert low - 1e-12 <= k / n - k0 / n0 <= high + 1e-12
    assert newcombe(k0, n0, k, n) == pytest.approx((-high, -low))


def cohorts(*rows):
    return pd.DataFrame(
        [
            {"step": "a→b", "number": number, "entered": n, "advanced": k, "mature": mature}
            for number, n, k, mature in rows
        ]
    )


def test_newest_mature_three_against_the_three_before_and_the_year_before():
    year = 24000
    rows = (
        [(year + m, 100, 50, True) for m in range(12)]
        + [(year + 12 + m, 100, 50 if m < 9 else 80, True) for m in range(12)]
        + [(year + 24, 100, 1, False)]
    )
    row = step_changes(cohorts(*rows), ["a→b"], 30).iloc[0]
    assert (row["first"], row["last"], row.n, row.now) == ("2001-10", "2001-12", 300, 0.8)
    assert row.change_period == pytest.approx(0.3) and row.change_year == pytest.approx(0.3)
    assert row.reading_period == row.reading_year == "up" and row.p_year < 1e-9


def test_no_year_before_few_deals_and_no_mature_cohort_are_said():
    rows = [(24000 + m, 5, 2, True) for m in range(6)]
    row = step_changes(cohorts(*rows), ["a→b", "b→c"], 30)
    assert row.reading_period[0] == "too few deals" and row.reading_year[0] == "no cohorts"
    assert row.reading_period[1] == "no mature cohorts" and np.isnan(
        row.change_year.astype(float)[1]
    )


def test_many_looks_are_paid_for():
    """p of 60/100 against 45/100 is 0.034 alone; beside another look it is no change any more."""
    assert proportions_p(60, 100, 45, 100) == pytest.approx(0.0337, abs=5e-4)
    one = [(24000 + m, 34 if m else 32, 15, True) for m in range(3)] + [
        (24003 + m, 34 if m else 32, 20, True) for m in range(3)
    ]
    alone = step_changes(cohorts(*one), ["a→b"], 30)
    assert alone.reading_period[0] == "up"
    both = pd.concat(
        [cohorts(*one), cohorts(*[(n, e, 15, m) for n, e, _, m in one]).assign(step="b→c")]
    )
    assert list(step_changes(both, ["a→b", "b→c"], 30).reading_period) == [
        "within chance",
        "within chance",
    ]
